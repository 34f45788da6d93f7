import { symlinkSync } from 'node:fs';

// A link that leads to itself.
symlinkSync('script.yaml', 'script.yaml');
