import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { timerMs } from '../lib/timer.ts';

/** Opens connections. */
export interface Connector {
  /** What the HTTP client calls for each new connection; an error is that connection's, and is not tried again here. */
  readonly connect: buildConnector.connector;
  /** Gives up those that are being opened: the process would wait for them. */
  readonly close: () => void;
}

/** An error that the HTTP client's own connector would give. */
export function failure(message: string, code?: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

/** What comes of a connection that is not there within its bound. */
export const tooLate = (): Error => failure('no connection', 'UND_ERR_CONNECT_TIMEOUT');

/** undici's connector, TLS included, with a bound of our own: its timers may be late by up to a second. */
export function createConnector(timeoutMs: number): Connector {
  // What it returns is not in its type: the socket, from the start.
  const open = buildConnector({ timeout: 0 }) as (...args: Parameters<buildConnector.connector>) => Socket;
  const opening = new Set<Socket>();
  return {
    connect: (options, callback) => {
      const socket = open(options, (...made) => {
        clearTimeout(timer);
        opening.delete(socket);
        callback(...made);
      });
      const timer = setTimeout(() => socket.destroy(tooLate()), timerMs(timeoutMs));
      opening.add(socket);
    },
    close: () => {
      for (const socket of opening) socket.destroy(failure('the connection was given up'));
    },
  };
}
