import { readFileSync, writeFileSync } from 'node:fs';
import { writeSets } from '../../compare-sets.mjs';

writeSets();
const text = readFileSync('before/story.json', 'utf8');
writeFileSync(
  'before/story.json',
  text.replace(
    '      "id": "fixed by a config",\n',
    (line) => `<<<<<<< ours\n${line}=======\n${line}>>>>>>> theirs\n`,
  ),
);
