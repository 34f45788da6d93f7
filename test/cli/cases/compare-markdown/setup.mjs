import { writeSets } from '../../compare-sets.mjs';

writeSets();
