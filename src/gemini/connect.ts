import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { timerMs } from './http.ts';

/** Opens connections. */
export interface Connector {
  /** What the HTTP client calls for each new connection. */
  readonly connect: buildConnector.connector;
  /** Gives up those that are being opened: the process would wait for them. */
  readonly close: () => void;
}

/** undici's connector, TLS included, that can be closed. */
export function createConnector(timeoutMs: number): Connector {
  // What it returns is not in its type: the socket, from the start.
  const open = buildConnector({ timeout: timeoutMs }) as (
    ...args: Parameters<buildConnector.connector>
  ) => Socket;
  const opening = new Set<Socket>();
  return {
    connect: (options, callback) => {
      const socket = open(options, (...made) => {
        opening.delete(socket);
        callback(...made);
      });
      opening.add(socket);
    },
    close: () => {
      for (const socket of opening) socket.destroy(new Error('the connection was given up'));
    },
  };
}

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
    const timer = setTimeout(() => request.destroy(connectTimeout()), timerMs(timeoutMs));
    const giveUp = (error: Error): void => void request.destroy(error);
    opening.add(giveUp);
    let ended = false;
    const end = (error: Error | null, socket: Socket | null): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      opening.delete(giveUp);
      done(error, socket);
    };
    request.on('connect', ({ statusCode }, socket, head) => {
      if (statusCode !== 200) {
        socket.destroy();
        end(new Error(`the proxy answered ${statusCode}`), null);
        return;
      }
      if (head.length > 0) socket.unshift(head);
      socket.setNoDelay(true).setKeepAlive(true, 60_000);
      end(null, socket);
    });
    request.on('error', (error: NodeJS.ErrnoException) => end(ofProxy(error), null));
    request.end();
  }

  return {
    connect: (options, callback) => {
      const { hostname, port, protocol } = options;
      const host = hostname.includes(':') ? `[${hostname}]` : hostname;
      open(`${host}:${port || (protocol === 'https:' ? 443 : 80)}`, (error, socket) => {
        if (!socket) callback(error ?? new Error('no tunnel'), null);
        else if (protocol === 'https:') secure.connect({ ...options, httpSocket: socket }, callback);
        else callback(null, socket);
      });
    },
    close: () => {
      for (const giveUp of opening) giveUp(new Error('the connection was given up'));
      secure.close();
    },
  };
}

/** The error of undici's own connector. */
const connectTimeout = (): Error =>
  Object.assign(new Error('no connection'), { code: 'UND_ERR_CONNECT_TIMEOUT' });

/** An error on the way to the proxy, in words that say so: the code alone would look like the server's. */
function ofProxy(error: NodeJS.ErrnoException): Error {
  if (error.code === 'ECONNRESET') return new Error('the proxy ended the connection');
  // Of several addresses each has an error of its own.
  const [first = error] = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [];
  return ['connect', 'getaddrinfo'].includes(first.syscall ?? '')
    ? new Error(`no connection to the proxy: ${error.code}`)
    : error;
}

function credentialsOf({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '' && password === '') return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(plain).toString('base64')}` };
}
