import { writeFileSync } from 'node:fs';

writeFileSync('a.suite.yaml', `suite: a\nprompts:\n  p: ${'x'.repeat(5 * 1024 * 1024)}\n`);
