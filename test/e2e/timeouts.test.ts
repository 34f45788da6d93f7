/** Each bound on a call, passed by a server that is slow in just that, and named in the error. */
import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { chunkedHead, scripted } from '../gemini/scripted-server.ts';
import { project } from './project.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const suite = (method: string): string => `suite: s
model: gemini-3.8-flash
method: ${method}
prompts: { p: Hello. }
assert: [ { outcome: answered } ]
`;

/** A server that takes connections and never greets: no TLS comes about. */
async function silent(): Promise<string> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => void sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

async function serve(answer: (socket: net.Socket) => void): Promise<string> {
  const server = await scripted(answer);
  closers.push(() => server.close());
  return server.url;
}

const begun = (socket: net.Socket): void =>
  void socket.write(
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"candidates"',
  );
const dripping = (socket: net.Socket): void => {
  chunkedHead(socket);
  const drip = setInterval(() => socket.write('3\r\n: \n\r\n'), 20);
  socket.on('close', () => clearInterval(drip));
};

test.for<[string, string, string, () => Promise<string>, string]>([
  [
    'connect',
    '--connect-timeout 300',
    'generateContent',
    silent,
    'no connection within 300 ms (connect timeout)',
  ],
  [
    'first byte',
    '--first-byte-timeout 300',
    'generateContent',
    () => serve(() => {}),
    'no first byte within 300 ms (first-byte timeout)',
  ],
  [
    'idle',
    '--idle-timeout 300',
    'generateContent',
    () => serve(begun),
    'nothing came for 300 ms within the response (idle timeout)',
  ],
  [
    'idle in a stream',
    '--idle-timeout 300',
    'streamGenerateContent',
    () => serve(chunkedHead),
    'nothing came for 300 ms within the response (idle timeout)',
  ],
  [
    'total, before the head',
    '--timeout 300',
    'generateContent',
    () => serve(() => {}),
    'no response within 300 ms (total timeout)',
  ],
  [
    'total, in the body',
    '--timeout 300 --idle-timeout 60000',
    'streamGenerateContent',
    () => serve(dripping),
    'the response did not end within 300 ms (total timeout)',
  ],
])('%s', ([, option, method, open, message]) =>
  project({ 'suites/s.suite.yaml': suite(method) }, async ({ assay, results }) => {
    const ended = await assay(`run --base-url ${await open()} --retries 0 ${option}`);
    expect(ended.code, ended.stderr).toBe(3);
    expect(results('s').cases[0]?.trials[0]?.error).toEqual({ message, transport: 'timeout' });
    expect(ended.stdout).toContain(message);
  }),
);

test.for(['connect-timeout', 'first-byte-timeout', 'idle-timeout', 'timeout'])(
  '--%s wants milliseconds',
  (name) =>
    project({ 'suites/s.suite.yaml': suite('generateContent') }, async ({ assay }) => {
      const ended = await assay(`run --emulator --${name} 0`);
      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain('Expected a whole number of at least 1');
    }),
);
