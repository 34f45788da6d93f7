import { readFileSync, writeFileSync } from 'node:fs';
import { writeSets } from '../../compare-sets.mjs';

writeSets();
const text = readFileSync('after/story.json', 'utf8');
writeFileSync('after/story.json', text.slice(0, text.indexOf('"id": "still failing"')));
