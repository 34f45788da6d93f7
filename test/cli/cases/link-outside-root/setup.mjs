import { symlinkSync } from 'node:fs';

symlinkSync('/etc/hostname', 'link.md');
