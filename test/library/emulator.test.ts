/** `prompt-assay/emulator` checks its options, and says why it cannot listen. */
import { expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/index.ts';

test.for([
  [{ port: 'x' }, 'bad-option', 'expected a whole number from 0 to 65535 for port, received "x"'],
  [{ port: 65_536 }, 'bad-option', 'expected a whole number from 0 to 65535 for port, received 65536'],
  [{ host: '' }, 'bad-option', 'expected a name for host, received ""'],
  [{ script: 1 }, 'bad-option', 'expected a text for script, received 1'],
  [{ seed: -1 }, 'bad-option', 'expected a whole number of at least 0 for seed, received -1'],
  [{ rpm: 0 }, 'bad-option', 'expected a whole number of at least 1 for rpm, received 0'],
  [{ tpm: 0.5 }, 'bad-option', 'expected a whole number of at least 1 for tpm, received 0.5'],
  [{ ports: 1 }, 'unknown-option', 'unknown option "ports"'],
] as const)('%o', async ([options, code, message]) => {
  await expect(startEmulator(options as object)).rejects.toMatchObject({ diagnostics: [{ code, message }] });
});

test('refuses a port that is in use', async () => {
  const first = await startEmulator({ port: undefined } as object);
  const port = Number(new URL(first.url).port);
  await expect(startEmulator({ port })).rejects.toMatchObject({
    diagnostics: [
      {
        code: 'cannot-listen',
        message: `cannot listen on 127.0.0.1:${port}: another program uses this port (EADDRINUSE)`,
      },
    ],
  });
  await first.close();
  const second = await startEmulator({ port });
  expect(second.url).toBe(first.url);
  await second.close();
});
