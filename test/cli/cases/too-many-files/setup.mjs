import { mkdirSync, writeFileSync } from 'node:fs';

// One more than a suite may consist of.
const names = Array.from({ length: 1001 }, (_, index) => index);
mkdirSync('texts');
for (const name of names) writeFileSync(`texts/${name}.md`, 'Hello.');
writeFileSync('rows.csv', `n\n${names.join('\n')}\n`);
