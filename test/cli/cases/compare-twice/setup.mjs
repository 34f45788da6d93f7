import { copyFileSync } from 'node:fs';
import { writeSets } from '../../compare-sets.mjs';

writeSets();
copyFileSync('before/story.json', 'before/copy.json');
