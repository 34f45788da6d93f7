import { readFileSync, writeFileSync } from 'node:fs';
import { writeSets } from '../../compare-sets.mjs';

writeSets();
// A failure that somebody wrote by hand into what is approved would let the same failure pass from now on.
const text = readFileSync('before/story.json', 'utf8');
const from = text.indexOf('"id": "regressed by itself"');
writeFileSync('before/story.json', text.slice(0, from) + text.slice(from).replace('"passed"', '"failed"'));
