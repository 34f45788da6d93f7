import { readFileSync, writeFileSync } from 'node:fs';
import { writeSets } from '../../compare-sets.mjs';

writeSets();
const text = readFileSync('before/story.json', 'utf8');
writeFileSync('before/story.json', text.replace('assay/results/2', 'assay/results/9'));
