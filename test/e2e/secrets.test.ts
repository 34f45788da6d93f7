/** A key and the variables that a suite reads, thrown back by the server in every form: found in nothing that is written or printed. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { failure, gemini, hang, json, type Gemini } from './gemini.ts';
import { project } from './project.ts';

const key = 'AIza-planted/key+0123456789==';
const other = 'other-planted-key-9876543210';
const brand = `Tom & "Jerry's" <Söhne>/7`;
const env = { GEMINI_API_KEY: key, GOOGLE_API_KEY: other, BRAND: brand };
const secrets = { key, other, brand };

let server: Gemini | undefined;
afterEach(() => server?.close());

const html = (text: string): string =>
  text.replace(
    /[<>&"']/g,
    (c) => `&${{ '<': 'lt', '>': 'gt', '&': 'amp', '"': 'quot', "'": '#39' }[c] ?? ''};`,
  );

/** Every way in which the server throws a secret back. */
const forms: ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `Bearer ${secret}`,
  (secret) => encodeURIComponent(secret),
  (secret) => encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase()),
  (secret) => new URLSearchParams({ q: secret }).toString(),
  (secret) => Buffer.from(secret).toString('base64'),
  (secret) => Buffer.from(`u:${secret}!`).toString('base64'),
  (secret) => Buffer.from(`:${secret}`).toString('base64url'),
  (secret) => JSON.stringify({ secret }),
  (secret) => html(secret),
];
const everything = (secret: string): string => forms.map((form) => form(secret)).join(' ; ');
const all = Object.values(secrets).map(everything).join('\n');

/** What a text may be once it is read as JSON, as HTML, as a URL or as base64. */
function* readings(text: string): Generator<string> {
  yield text;
  const unescaped = text
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\(["\\/])/g, '$1');
  yield unescaped;
  yield unescaped.replace(/\\(["\\/])/g, '$1');
  const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", '#39': "'" };
  yield text.replace(/&(lt|gt|amp|quot|apos|#39);/g, (_, name: string) => entities[name] ?? '');
  const bytes = text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
  );
  yield bytes;
  yield bytes.replaceAll('+', ' ');
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{8,}/g))
    for (let skip = 0; skip < 4; skip++) yield Buffer.from(run.slice(skip), 'base64').toString();
}

function found(text: string): string[] {
  const names = new Set<string>();
  for (const reading of readings(text))
    for (const [name, secret] of Object.entries(secrets)) if (reading.includes(secret)) names.add(name);
  return [...names];
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    return statSync(file).isDirectory() ? filesUnder(file) : [file];
  });
}

const suite = `suite: leaky
model: gemini-3.8-flash
env: [BRAND]
configs: { plain: {}, streamed: { method: streamGenerateContent } }
prompts:
  brand: "Praise {{env.BRAND}}."
  echo: Echo.
  error: Fail.
  page: Show a page.
  garbage: Babble.
  dry: Say nothing.
  talk: [ { user: "Begin {{env.BRAND}}." }, { model: }, { user: Go on. } ]
tests:
  - { name: brand, prompts: [brand], assert: [ { contains: "{{env.BRAND}}" }, { contains: nowhere } ] }
  - { name: talk, prompts: [talk] }
  - { name: fails, prompts: [echo], assert: [ { contains: nowhere }, { equals: "{{env.BRAND}}" }, { json: {} } ] }
  - { name: errors, prompts: [error, page, garbage, dry] }
  - { name: judged, prompts: [error], assert: [ { error: { message: nowhere } } ] }
`;

test('the search finds every form of a secret', () => {
  for (const [name, secret] of Object.entries(secrets))
    for (const form of forms) expect(found(`x ${form(secret)} y`), form(secret)).toEqual([name]);
});

test('no command writes or prints a secret', async () => {
  const keys = new Set<unknown>();
  server = await gemini(({ prompt, headers, streamed }, response) => {
    keys.add(headers['x-goog-api-key']);
    response.setHeader('x-echo', encodeURIComponent(all));
    response.setHeader('retry-after', key);
    if (prompt === 'Fail.') return json(response, 400, failure(400, 'INVALID_ARGUMENT', all));
    if (prompt === 'Show a page.') {
      response.writeHead(403, { 'content-type': 'text/html' });
      return response.end(`<title>${html(all)}</title><p>Authorization: Bearer ${key}</p>`);
    }
    if (prompt === 'Babble.') return response.end(`no JSON ${all}`);
    if (prompt === 'Say nothing.')
      return json(response, 200, { candidates: [{ finishReason: all, index: 0 }] });
    const body = {
      candidates: [
        {
          content: { role: 'model', parts: [{ text: all }, { text: all, thought: true }] },
          finishReason: 'STOP',
        },
      ],
      modelVersion: key,
      responseId: key,
      models: [{ name: `models/${key}`, inputTokenLimit: 1, supportedGenerationMethods: [all] }],
    };
    if (!streamed) return json(response, 200, body);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    return response.end(`data: ${JSON.stringify(body)}\r\n\r\n`);
  });
  const { url } = server;
  await project({ 'suites/leaky.suite.yaml': suite }, async ({ assay, folder, read, write }) => {
    const said: Record<string, string> = {};
    const command = async (args: string, exit: number, more: NodeJS.ProcessEnv = {}): Promise<void> => {
      const { code, stdout, stderr } = await assay(args, { ...env, ...more });
      said[args] = stdout + stderr;
      expect(code, `${args}\n${stdout}\n${stderr}`).toBe(exit);
    };
    await command(`run --base-url ${url} --retries 0`, 3);
    await command(`run --base-url ${url} --retries 0 --debug --reports debug`, 3);
    await command(`run --base-url ${url} --retries 0 --resume`, 3);
    await command('report', 3);
    await command(`run --base-url ${url} --retries 0 --record tape.json --cache cache --reports taped`, 3);
    await command('run --replay tape.json --reports replayed', 3);
    await command(`run --base-url ${url} --retries 0 --cache cache --reports cached`, 3);
    await command(`run --base-url ${url} --filter ${other} --resume`, 2);
    await command(`run --base-url http://${other}/ --retries 0 --filter brand --reports nobody`, 3);
    await command('plan', 0);
    await command('plan --format json', 0);
    await command('validate', 0);
    await command(`validate --tag ${key}`, 2);
    await command(`validate --flag-${key}`, 2);
    await command(`run ${other}.suite.yaml --emulator`, 2);
    await command(`models --base-url ${url}`, 0);
    await command(`models --base-url ${url} `.trim(), 2, { GEMINI_API_KEY: `${key}\nnext line ü` });
    expect(said[`models --base-url ${url}`]).toContain('error[bad-key]: the API key in GEMINI_API_KEY has');
    await command(`models --base-url ${url}`, 0);
    // What nobody catches, of ours or of the system's.
    write(
      'crash.mjs',
      `import { existsSync } from 'node:fs';
setInterval(() => { if (existsSync('requests')) throw new Error('a crash near ' + process.env.GEMINI_API_KEY); }, 20).unref();`,
    );
    server?.close().catch(() => undefined);
    server = await gemini((_, response) => {
      write('requests', '');
      hang(response);
    });
    await command(`run --base-url ${server.url} --reports crashed`, 3, {
      NODE_OPTIONS: '--import ./crash.mjs',
    });
    expect(said[`run --base-url ${server.url} --reports crashed`]).toContain(
      'error[internal]: Error: a crash near [redacted:',
    );
    write('suites/bad.suite.yaml', `suite: bad\nmodel: m\nprompts: { p: "${key} {{nothing}}" }\n`);
    await command('validate suites/bad.suite.yaml', 2);

    // All that was sent with the key came back, and reached what is written.
    expect([...keys]).toEqual([key]);
    for (const file of [
      'reports/leaky.json',
      'reports/index.html',
      'reports/junit.xml',
      'reports/journal.jsonl',
    ])
      expect(read(file), file).toContain('[redacted:GEMINI_API_KEY]');
    for (const file of ['reports/leaky.json', 'tape.json']) expect(read(file)).toContain('[env:BRAND]');
    expect(said[`run --base-url ${url} --retries 0 --debug --reports debug`]).toContain(
      '[redacted:GEMINI_API_KEY]',
    );
    // A command that reads no suite knows no variables and sends none.
    for (const [args, text] of Object.entries(said))
      expect(
        found(text).filter((name) => name !== 'brand' || !args.startsWith('models')),
        args,
      ).toEqual([]);
    const written = filesUnder(folder).filter((file) => !file.includes(`${path.sep}suites${path.sep}`));
    expect(written.length).toBeGreaterThan(10);
    for (const file of written) expect(found(readFileSync(file, 'utf8')), file).toEqual([]);
  });
});

test('judges a value hidden in the journal as it was received', async () => {
  server = await gemini();
  const { url } = server;
  const quoting = `suite: s
model: gemini-3.8-flash
env: [BRAND]
prompts: { p: "Praise {{env.BRAND}}." }
assert: [ { equals: "You said: Praise {{env.BRAND}}." }, { contains: "{{env.BRAND}}" } ]
`;
  await project({ 'suites/s.suite.yaml': quoting }, async ({ assay, read }) => {
    expect((await assay(`run --base-url ${url} --quiet`, env)).code).toBe(0);
    const live = read('reports/s.json');
    expect((await assay('report --quiet', env)).code).toBe(0);
    expect(read('reports/s.json')).toBe(live);
    const resumed = await assay(`run --base-url ${url} --resume`, env);
    expect([resumed.code, server?.requests.length]).toEqual([0, 1]);
    expect(read('reports/s.json')).toBe(live);
  });
});
