import { type Diagnostic, usageError } from '../diagnostics/diagnostic.ts';
import type { EmulatorScript } from '../emulator/script.ts';
import type { Transport } from '../gemini/transport.ts';
import { proxyProblem, proxyOf } from '../gemini/proxy.ts';
import { refuseErrors, type Context } from './context.ts';

/** The Gemini API's own address. */
const geminiUrl = 'https://generativelanguage.googleapis.com';

export interface EndpointOptions {
  /** Start the emulator for these calls. */
  readonly emulator?: boolean;
  /** A file of its scripted replies and errors. */
  readonly script?: string;
  /** Another endpoint, with any path prefix. */
  readonly baseUrl?: string;
  /** A cassette answers: nothing is called. */
  readonly replay?: string;
}

/** Where calls go. */
export interface Endpoint {
  /** Scheme, host, port and path prefix, without a slash at the end. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly emulator: boolean;
  /** Recorded replies answer; there is nothing to call. */
  readonly offline?: boolean;
  readonly close: () => Promise<void>;
}

/** Decides where calls go, before anything is sent. Throws a DiagnosticError. */
export function checkEndpoint(context: Context, flags: EndpointOptions): Omit<Endpoint, 'close'> {
  const { env } = context;
  if (flags.script !== undefined && !flags.emulator) {
    throw usageError(
      'script-without-emulator',
      '--script needs --emulator',
      'add --emulator, or leave --script out',
    );
  }
  if (flags.emulator && flags.baseUrl !== undefined) {
    throw usageError('two-endpoints', '--emulator and --base-url exclude each other', 'name one of them');
  }
  if (flags.replay !== undefined) return { baseUrl: 'replay', emulator: false, offline: true };
  if (flags.emulator) return { baseUrl: '', apiKey: 'emulator', emulator: true };
  const given = flags.baseUrl ?? env.GOOGLE_GEMINI_BASE_URL;
  const baseUrl = readBaseUrl(given === undefined || given === '' ? geminiUrl : given);
  const apiKey = env.GEMINI_API_KEY || env.GOOGLE_API_KEY;
  if (!apiKey && !isLoopback(new URL(baseUrl).hostname)) {
    throw usageError(
      'no-key',
      'no API key: GEMINI_API_KEY and GOOGLE_API_KEY are not set',
      'set one of them (node --env-file=.env reads a file), or try without a key: --emulator',
    );
  }
  if (apiKey && !/^[\x20-\x7e]+$/.test(apiKey.trim()))
    throw usageError(
      'bad-key',
      `the API key in ${env.GEMINI_API_KEY ? 'GEMINI_API_KEY' : 'GOOGLE_API_KEY'} has characters that no key has`,
      'a key is plain ASCII on one line; copy only the key',
    );
  checkProxy(baseUrl, context);
  return { baseUrl, emulator: false, ...(apiKey ? { apiKey } : {}) };
}

/** Opens the endpoint, and starts the emulator if it is wanted. Throws a DiagnosticError if its script is invalid. */
export async function openEndpoint(
  context: Context,
  flags: EndpointOptions,
  checked: Omit<Endpoint, 'close'>,
): Promise<Endpoint> {
  if (!checked.emulator) return { ...checked, close: async () => {} };
  const [{ startEmulator }, { readScript }] = await Promise.all([
    import('../emulator/server.ts'),
    import('../emulator/script.ts'),
  ]);
  let script: EmulatorScript | undefined;
  if (flags.script !== undefined) {
    const found: Diagnostic[] = [];
    script = await readScript(flags.script, (diagnostic) => void found.push(diagnostic), context.cwd);
    refuseErrors(context, found);
  }
  const emulator = await startEmulator(script ? { script } : {});
  return { ...checked, baseUrl: emulator.url, close: () => emulator.close() };
}

/** Throws a DiagnosticError for a proxy that is not supported. */
function checkProxy(baseUrl: string, { env }: Context): void {
  const proxy = proxyOf(new URL(baseUrl).origin, env);
  const problem = proxy && proxyProblem(proxy);
  if (problem !== undefined)
    throw usageError(
      'bad-proxy',
      problem,
      `only http and https proxies are supported: ${proxy?.variable}=http://proxy.example:8080, or unset it`,
    );
}

function readBaseUrl(given: string): string {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw usageError(
      'bad-base-url',
      `the base URL is not a URL: ${JSON.stringify(given)}`,
      'expected something like http://127.0.0.1:8080/prefix',
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw usageError(
      'bad-base-url',
      `the base URL must be http or https, received ${url.protocol}`,
      'expected something like http://127.0.0.1:8080/prefix',
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw usageError(
      'bad-base-url',
      'the base URL must not have a user, password, query or fragment',
      'the key goes in GEMINI_API_KEY',
    );
  }
  return url.href.replace(/\/+$/, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || host.startsWith('127.');
}

/** Bounds on one attempt, in ms. */
export interface TimeoutOptions {
  /** From connecting to the last byte. */
  readonly timeout: number;
  readonly connectTimeout?: number;
  /** On the wait for the head of a response. */
  readonly firstByteTimeout?: number;
  /** On the wait between two pieces of a response. */
  readonly idleTimeout?: number;
}

/** Opens the transport to an endpoint; loads the HTTP client only now. */
export async function transportOf(
  context: Context,
  { baseUrl, apiKey, emulator, offline }: Endpoint,
  { timeout, connectTimeout, firstByteTimeout, idleTimeout }: TimeoutOptions,
): Promise<Transport> {
  if (offline)
    return {
      call: () => Promise.reject(new Error('a replay makes no calls')),
      close: () => Promise.resolve(),
    };
  const { createTransport } = await import('../gemini/transport.ts');
  return createTransport({
    baseUrl,
    timeoutMs: timeout,
    // The emulator is on this machine: no proxy.
    env: emulator ? {} : context.env,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(connectTimeout === undefined ? {} : { connectTimeoutMs: connectTimeout }),
    ...(firstByteTimeout === undefined ? {} : { firstByteTimeoutMs: firstByteTimeout }),
    ...(idleTimeout === undefined ? {} : { idleTimeoutMs: idleTimeout }),
  });
}
