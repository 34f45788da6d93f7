/** `assay emulator` as a user starts and ends it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { cannotListen } from '../../src/emulator/cannot-listen.ts';
import { assay, root } from './assay.ts';

test('reports a port in use, with a hint', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    expect(await assay(['emulator', '--port', String(port)])).toEqual({
      code: 2,
      stdout: '',
      stderr: `error[cannot-listen]: cannot listen on 127.0.0.1:${port}: another program uses this port (EADDRINUSE)\n  = help: end that program, or choose another port; --port 0 takes a free one\n`,
    });
  } finally {
    other.close();
  }
});

test.for([
  ['EACCES', '127.0.0.1', 80, 'cannot listen on 127.0.0.1:80: this user has no permission (EACCES)'],
  ['EADDRNOTAVAIL', '::2', 80, 'cannot listen on [::2]:80: this machine has no such address (EADDRNOTAVAIL)'],
  ['ENOTFOUND', 'nonsense', 0, 'cannot listen on nonsense: unknown host (ENOTFOUND)'],
  ['EOTHER', 'here', 1, 'cannot listen on here:1: EOTHER'],
] as const)('%s is put in words', ([code, host, port, message]) => {
  const error = cannotListen({ host, port }, Object.assign(new Error('listen'), { code }));
  expect(error).toMatchObject({
    diagnostics: [{ code: 'cannot-listen', message, help: expect.stringContaining(' ') }],
  });
});

test('does not blame the address for a bug', () => {
  const bug = new TypeError('undefined is not a function');
  expect(cannotListen({ host: '127.0.0.1', port: 1 }, bug)).toBe(bug);
});

test.for(['SIGINT', 'SIGTERM'] as const)('%s ends it with 0', async (signal) => {
  const child = spawn(process.execPath, [path.join(root, 'dist/cli.js'), 'emulator']);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  expect(line).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+$/);
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([0, null]);
});
