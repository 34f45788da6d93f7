import type { Socket } from 'node:net';
import { timerMs } from '../lib/timer.ts';
import { createConnector, failure, tooLate, type Connector } from './connector.ts';

/**
 * Tunnels through a proxy by CONNECT (RFC 9110, 9.3.6), and TLS inside where the origin wants it. `timeoutMs` bounds
 * the way to the proxy with its answer, and then the handshake with the server. (undici's own proxy agent asks a proxy
 * that closes such a connection again and again, for as long as the process lives.)
 */
export function createTunnels(proxy: URL, timeoutMs: number): Connector {
  const secure = createConnector(timeoutMs);
  // Loaded here: most runs have no proxy.
  const { request: ask } = process.getBuiltinModule(proxy.protocol === 'https:' ? 'node:https' : 'node:http');
  const opening = new Set<(error: Error) => void>();

  function open(authority: string, done: (error: Error | null, socket: Socket | null) => void): void {
    const request = ask({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      ...(proxy.port === '' ? {} : { port: Number(proxy.port) }),
      path: authority,
      headers: { host: authority, ...credentialsOf(proxy) },
      agent: false,
    });
    let ended = false;
    const end = (error: Error | null, socket: Socket | null = null): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      opening.delete(end);
      if (error) request.destroy();
      done(error, socket);
    };
    opening.add(end);
    const timer = setTimeout(() => end(tooLate()), timerMs(timeoutMs));
    request.on('connect', ({ statusCode }, socket, head) => {
      if (statusCode !== 200) {
        socket.destroy();
        end(failure(`the proxy answered ${statusCode}`));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      socket.setNoDelay(true).setKeepAlive(true, 60_000);
      end(null, socket);
    });
    request.on('error', (error: NodeJS.ErrnoException) => end(asOfProxy(error)));
    request.end();
  }

  return {
    connect: (options, callback) => {
      const { hostname, port, protocol } = options;
      const host = hostname.includes(':') ? `[${hostname}]` : hostname;
      open(`${host}:${port || (protocol === 'https:' ? 443 : 80)}`, (error, socket) => {
        if (!socket) callback(error ?? failure('no tunnel'), null);
        else if (protocol === 'https:') secure.connect({ ...options, httpSocket: socket }, callback);
        else callback(null, socket);
      });
    },
    close: () => {
      for (const end of opening) end(failure('the connection was given up'));
      secure.close();
    },
  };
}

/** An error on the way to the proxy, in words that say so: the code alone would be taken for the server's. */
function asOfProxy(error: NodeJS.ErrnoException): Error {
  if (error.code === 'ECONNRESET') return failure('the proxy ended the connection');
  // Of several addresses each has an error of its own.
  const [first = error] = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [];
  return ['connect', 'getaddrinfo'].includes(first.syscall ?? '')
    ? failure(`no connection to the proxy: ${error.code}`)
    : error;
}

function credentialsOf({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '' && password === '') return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(plain).toString('base64')}` };
}
