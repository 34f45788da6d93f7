import { mkdirSync, writeFileSync } from 'node:fs';

// A git root of its own, beside a file that lies outside of it.
mkdirSync('inner/.git');
writeFileSync('secret.md', 'not for prompts\n');
