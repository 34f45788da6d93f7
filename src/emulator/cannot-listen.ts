import { usageError } from '../diagnostics/diagnostic.ts';
import { errorCode } from '../lib/system-error.ts';

/** Why the system refuses to listen, and what to do. */
const refusals: Readonly<Record<string, { readonly why: string; readonly help: string }>> = {
  EADDRINUSE: {
    why: 'another program uses this port',
    help: 'end that program, or choose another port; --port 0 takes a free one',
  },
  EACCES: {
    why: 'this user has no permission',
    help: 'ports below 1024 often need administrator rights: choose a higher one; --port 0 takes a free one',
  },
  EPERM: {
    why: 'the system does not allow it',
    help: 'choose another port; --port 0 takes a free one',
  },
  EADDRNOTAVAIL: {
    why: 'this machine has no such address',
    help: '127.0.0.1 is this machine alone; 0.0.0.0 is every address it has',
  },
  EAFNOSUPPORT: {
    why: 'this machine has no addresses of this kind',
    help: '127.0.0.1 is this machine alone; 0.0.0.0 is every address it has',
  },
  ENOTFOUND: {
    why: 'unknown host',
    help: 'name an address of this machine with --host; the default is 127.0.0.1',
  },
  EAI_AGAIN: {
    why: 'the host name could not be resolved',
    help: 'name an address of this machine with --host; the default is 127.0.0.1',
  },
};

/** The diagnostic for an address that the emulator cannot listen on. */
export function cannotListen(
  { host, port }: { readonly host: string; readonly port: number },
  error: unknown,
): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  const refusal = refusals[code];
  const address = port === 0 ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return usageError(
    'cannot-listen',
    `cannot listen on ${address}: ${refusal ? `${refusal.why} (${code})` : code}`,
    refusal?.help ?? 'name another address with --host and --port',
  );
}
