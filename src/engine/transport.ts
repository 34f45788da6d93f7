import type { Transport } from '../gemini/transport.ts';
import type { Context } from './context.ts';
import type { Endpoint } from './endpoint.ts';

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

/** Opens the way to an endpoint; the HTTP client is loaded only now. */
export async function transportOf(
  context: Context,
  { baseUrl, apiKey, emulator, offline }: Endpoint,
  { timeout, connectTimeout, firstByteTimeout, idleTimeout }: TimeoutOptions,
): Promise<Transport> {
  if (offline)
    return {
      call: () => Promise.reject(new Error('a replay calls nobody')),
      close: () => Promise.resolve(),
    };
  const { createTransport } = await import('../gemini/transport.ts');
  return createTransport({
    baseUrl,
    timeoutMs: timeout,
    // The emulator is on this machine: no proxy stands before it.
    env: emulator ? {} : context.env,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(connectTimeout === undefined ? {} : { connectTimeoutMs: connectTimeout }),
    ...(firstByteTimeout === undefined ? {} : { firstByteTimeoutMs: firstByteTimeout }),
    ...(idleTimeout === undefined ? {} : { idleTimeoutMs: idleTimeout }),
  });
}
