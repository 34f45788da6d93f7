/** The proxy of an origin, from the environment. */
import { expect, test } from 'vitest';
import { proxyOf } from '../../src/gemini/proxy.ts';

const address = 'http://proxy:1';

test.for<[origin: string, noProxy: string, used: boolean]>([
  ['http://a.example', '', true],
  ['http://a.example', 'a.example', false],
  ['http://A.example', 'A.EXAMPLE', false],
  ['http://b.a.example', 'a.example', false],
  ['http://b.a.example', '.a.example', false],
  ['http://b.a.example', '*.a.example', false],
  ['http://ba.example', 'a.example', true],
  ['http://a.example', 'b.example c.example,a.example', false],
  ['http://a.example', 'a.example:80', false],
  ['http://a.example:8080', 'a.example:80', true],
  ['https://a.example', 'a.example:443', false],
  ['http://127.0.0.1:8080', '127.0.0.1', false],
  ['http://[::1]:8080', '[::1]', false],
  ['http://[::1]:8080', '[::1]:8080', false],
  ['http://a.example', '*', false],
])('%s with NO_PROXY=%s: %s', ([origin, noProxy, used]) => {
  const env = { HTTP_PROXY: address, HTTPS_PROXY: address, NO_PROXY: noProxy };
  expect(proxyOf(origin, env)?.address).toBe(used ? address : undefined);
});

test('the lower-case variable wins, even if empty', () => {
  expect(proxyOf('http://a', { HTTP_PROXY: 'http://one', http_proxy: 'http://two' })).toEqual({
    variable: 'http_proxy',
    address: 'http://two',
  });
  expect(proxyOf('http://a', { HTTP_PROXY: 'http://one', http_proxy: '' })).toBeUndefined();
  expect(proxyOf('https://a', { HTTP_PROXY: 'http://one' })).toBeUndefined();
});
