import { mkdirSync, symlinkSync } from 'node:fs';

mkdirSync('reports');
symlinkSync('reports', 'linked');
