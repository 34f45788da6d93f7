export { suiteSchema } from '../suite/schema.ts';
