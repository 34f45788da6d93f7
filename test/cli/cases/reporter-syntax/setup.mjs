import { writeFileSync } from 'node:fs';

writeFileSync(
  'mine.mjs',
  'export default function (results) {\n  for await (const each of results.suites[0].cases()) console.log(each.id);\n}\n',
);
