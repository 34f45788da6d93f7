import { usageError } from '../diagnostics/diagnostic.ts';

/** What a system's refusal to listen means, and what to do about it. */
const refusals: Readonly<Record<string, { readonly why: string; readonly help: string }>> = {
  EADDRINUSE: {
    why: 'another program listens there',
    help: 'end it, or take another port; --port 0 takes a free one',
  },
  EACCES: {
    why: 'this user may not listen there',
    help: 'ports below 1024 are often the administrator’s: take a higher one; --port 0 takes a free one',
  },
  EPERM: {
    why: 'the system lets nobody listen there',
    help: 'take another port; --port 0 takes a free one',
  },
  EADDRNOTAVAIL: {
    why: 'this machine has no such address',
    help: '127.0.0.1 is this machine alone; 0.0.0.0 is every address it has',
  },
  EAFNOSUPPORT: {
    why: 'this machine has no addresses of that kind',
    help: '127.0.0.1 is this machine alone; 0.0.0.0 is every address it has',
  },
  ENOTFOUND: {
    why: 'there is no host of that name',
    help: 'name an address of this machine with --host; 127.0.0.1 unless told otherwise',
  },
  EAI_AGAIN: {
    why: 'the name of the host could not be looked up',
    help: 'name an address of this machine with --host; 127.0.0.1 unless told otherwise',
  },
};

/** Says why the emulator cannot listen at an address, in words for whoever named it. */
export function cannotListen(
  { host, port }: { readonly host: string; readonly port: number },
  error: unknown,
): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return error;
  const refusal = refusals[code];
  const address = port === 0 ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return usageError(
    'cannot-listen',
    `cannot listen on ${address}: ${refusal ? `${refusal.why} (${code})` : code}`,
    refusal?.help ?? 'name another address with --host and --port',
  );
}
