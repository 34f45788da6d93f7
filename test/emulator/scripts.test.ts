/** Scripts: which rule answers, replies, errors, faults, and the diagnostics of a script with errors. */
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import {
  during,
  eventsOf,
  readText,
  reply,
  says,
  scriptOf,
  textOf,
  under,
  type Answer,
  type Emulator,
} from './serve.ts';

const lite = 'gemini-2.5-flash-lite';
const sse = '?alt=sse';
const run = async <T>(yaml: string, use: (emulator: Emulator) => Promise<T>, seed?: number): Promise<T> =>
  during({ script: await scriptOf(yaml), ...(seed === undefined ? {} : { seed }) }, use);
const ask = (emulator: Emulator, text: string, method = 'generateContent', model = lite): Promise<Answer> =>
  emulator.call(model, method, says(text), method.startsWith('stream') ? sse : '');
const said = async (emulator: Emulator, text: string, model = lite): Promise<string> =>
  textOf((await ask(emulator, text, 'generateContent', model)).body);

describe('when', () => {
  test.for<[string, string, boolean]>([
    ['{}', 'anything', true],
    ['{ prompt: weather }', 'How is the weather?', true],
    ['{ prompt: { contains: weather } }', 'How is the sky?', false],
    ['{ prompt: { equals: "Hello." } }', ' Hello. ', true],
    ['{ prompt: { equals: Hello } }', 'Hello.', false],
    ['{ prompt: { matches: "^H.*o\\\\.$" } }', 'Hello.', true],
    ['{ prompt: { matches: "(?i)HELLO" } }', 'Say hello.', true],
    ['{ prompt: { contains: a, matches: "b$" } }', 'ac', false],
    [`{ model: ${lite} }`, 'x', true],
    ['{ model: gemini-2.5-flash }', 'x', false],
    ['{ model: { contains: lite } }', 'x', true],
    ['{ model: { matches: "^gemini-3" } }', 'x', false],
    ['{ method: generateContent }', 'x', true],
    ['{ method: streamGenerateContent }', 'x', false],
    ['{ method: { contains: enerate } }', 'x', true],
    [`{ prompt: x, model: ${lite}, method: generateContent }`, 'x', true],
  ])('%s fits %s: %s', async ([when, prompt, fits]) => {
    await run(`replies: [ { when: ${when}, reply: { text: scripted } } ]`, async (emulator) => {
      expect((await said(emulator, prompt)) === 'scripted').toBe(fits);
    });
  });

  test('generateContent includes the streamed call, except with equals', async () => {
    await run(
      'replies: [ { when: { method: { equals: generateContent }, prompt: one }, reply: { text: scripted } }, { when: { method: generateContent }, reply: { text: both } } ]',
      async (emulator) => {
        const streamed = async (text: string): Promise<string> =>
          eventsOf((await ask(emulator, text, 'streamGenerateContent')).text)
            .map((event) => textOf(event))
            .join('');
        expect([await said(emulator, 'one'), await streamed('one'), await streamed('two')]).toEqual([
          'scripted',
          'both',
          'both',
        ]);
      },
    );
  });

  test('the prompt is the last turn; a function response counts as its JSON', async () => {
    await run(
      'replies: [ { when: { prompt: first }, reply: { text: no } }, { when: { prompt: \'"sky":"clear"\' }, reply: { text: yes it is } } ]',
      async (emulator) => {
        const contents = [
          { role: 'user', parts: [{ text: 'first' }] },
          { role: 'model', parts: [{ functionCall: { name: 'look' } }] },
          { role: 'user', parts: [{ functionResponse: { name: 'look', response: { sky: 'clear' } } }] },
        ];
        expect(textOf((await emulator.call(lite, 'generateContent', { contents })).body)).toBe('yes it is');
      },
    );
  });

  test('replies and blocks are for methods that generate; other answers fit every method', async () => {
    await run(
      'replies: [ { reply: { text: a } }, { when: { method: countTokens }, response: { totalTokens: 7 } }, { when: { method: models.get }, error: { code: 503 } }, { when: { method: embedContent }, error: { code: 500 } }, { when: { method: models.list }, fault: html } ]',
      async (emulator) => {
        expect((await ask(emulator, 'x', 'countTokens')).body).toEqual({ totalTokens: 7 });
        expect((await emulator.ask(`/v1beta/models/${lite}`)).status).toBe(503);
        expect(
          (
            await emulator.call('gemini-embedding-001', 'embedContent', {
              content: { parts: [{ text: 'x' }] },
            })
          ).status,
        ).toBe(500);
        expect((await emulator.ask('/v1beta/models')).status).toBe(502);
      },
    );
  });
});

describe('how often', () => {
  test('times counts equal requests, then the next rule answers', async () => {
    await run(
      'replies: [ { times: 2, reply: { text: one } }, { times: 1, reply: { text: two } }, { reply: { text: three } } ]',
      async (emulator) => {
        const answers: string[] = [];
        for (let i = 0; i < 4; i++) answers.push(await said(emulator, 'x'), await said(emulator, 'y'));
        expect(answers).toEqual(['one', 'one', 'one', 'one', 'two', 'two', 'three', 'three']);
      },
    );
  });

  test('a probability depends on seed and request, not on the order', async () => {
    const draws = (seed: number, prompts: string[]): Promise<Record<string, boolean>> =>
      run(
        'replies: [ { probability: 0.3, reply: { text: drawn } } ]',
        async (emulator) => {
          const entries = prompts.map(
            async (prompt) => [prompt, (await said(emulator, prompt)) === 'drawn'] as const,
          );
          return Object.fromEntries(await Promise.all(entries));
        },
        seed,
      );
    const prompts = Array.from({ length: 200 }, (_, index) => `prompt ${index}`);
    const one = await draws(1, prompts);
    const share = Object.values(one).filter(Boolean).length / prompts.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.4);
    expect(await draws(1, prompts.toReversed())).toEqual(one);
    expect(await draws(2, prompts)).not.toEqual(one);
  });
});

describe('replies', () => {
  test.for<[string, JsonObject]>([
    [
      '{ text: It rains. }',
      { content: { parts: [{ text: 'It rains.' }], role: 'model' }, finishReason: 'STOP', index: 0 },
    ],
    [
      '{ text: It began, finishReason: MAX_TOKENS }',
      { content: { parts: [{ text: 'It began' }], role: 'model' }, finishReason: 'MAX_TOKENS', index: 0 },
    ],
    [
      '{ text: It rains., thoughts: Looking outside. }',
      {
        content: {
          parts: [{ text: 'Looking outside.', thought: true }, { text: 'It rains.' }],
          role: 'model',
        },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    [
      '{ functionCall: { name: getWeather, args: { city: Oslo } } }',
      {
        content: { parts: [{ functionCall: { name: 'getWeather', args: { city: 'Oslo' } } }], role: 'model' },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    [
      '{ functionCalls: [ { name: a }, { name: b } ] }',
      {
        content: { parts: [{ functionCall: { name: 'a' } }, { functionCall: { name: 'b' } }], role: 'model' },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    [
      '{ parts: [ { inlineData: { mimeType: image/png, data: AAAA } } ] }',
      {
        content: { parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }], role: 'model' },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    ['{ finishReason: RECITATION }', { finishReason: 'RECITATION', index: 0 }],
    [
      '{ finishReason: OTHER, finishMessage: No. }',
      { finishReason: 'OTHER', finishMessage: 'No.', index: 0 },
    ],
    ['{ finishReason: MAX_TOKENS }', { content: { role: 'model' }, finishReason: 'MAX_TOKENS', index: 0 }],
    ['{ finishReason: STOP }', { content: { role: 'model' }, finishReason: 'STOP', index: 0 }],
    [
      '{ text: "", finishReason: NEWEST_REASON }',
      { content: { role: 'model' }, finishReason: 'NEWEST_REASON', index: 0 },
    ],
    [
      '{ text: a, safetyRatings: { HARM_CATEGORY_HARASSMENT: LOW } }',
      {
        content: { parts: [{ text: 'a' }], role: 'model' },
        finishReason: 'STOP',
        index: 0,
        safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'LOW' }],
      },
    ],
    [
      '{ text: a, finishReason: SAFETY, safetyRatings: [ { category: HARM_CATEGORY_HARASSMENT, probability: HIGH, blocked: true } ] }',
      {
        content: { parts: [{ text: 'a' }], role: 'model' },
        finishReason: 'SAFETY',
        index: 0,
        safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'HIGH', blocked: true }],
      },
    ],
    [
      '{ text: a, citationMetadata: { citationSources: [ { uri: u } ] }, groundingMetadata: { webSearchQueries: [ q ] }, urlContextMetadata: { urlMetadata: [] }, avgLogprobs: -0.5 }',
      {
        content: { parts: [{ text: 'a' }], role: 'model' },
        finishReason: 'STOP',
        index: 0,
        citationMetadata: { citationSources: [{ uri: 'u' }] },
        groundingMetadata: { webSearchQueries: ['q'] },
        urlContextMetadata: { urlMetadata: [] },
        avgLogprobs: -0.5,
      },
    ],
  ])('%s', async ([answer, candidate]) => {
    await run(`replies: [ { reply: ${answer} } ]`, async (emulator) => {
      expect((await ask(emulator, 'x')).body.candidates).toEqual([candidate]);
    });
  });

  test('token counts are those of the reply, unless the script gives its own', async () => {
    await run(
      'replies: [ { when: { prompt: one }, reply: { text: It rains., thoughts: Looking outside., usageMetadata: { candidatesTokenCount: 30 } } }, { reply: { text: It rains., modelVersion: gemini-9, responseId: r1 } } ]',
      async (emulator) => {
        expect(
          (await ask(emulator, 'one', 'generateContent', 'gemini-3.8-flash')).body.usageMetadata,
        ).toEqual({
          promptTokenCount: 1,
          candidatesTokenCount: 30,
          totalTokenCount: 34,
          promptTokensDetails: [{ modality: 'TEXT', tokenCount: 1 }],
          thoughtsTokenCount: 3,
          serviceTier: 'standard',
        });
        const { usageMetadata, ...rest } = (await ask(emulator, 'two', 'generateContent', 'gemini-3.8-flash'))
          .body;
        expect(usageMetadata).toMatchObject({ candidatesTokenCount: 3, totalTokenCount: 4 });
        expect(rest).toMatchObject({ modelVersion: 'gemini-9', responseId: 'r1' });
      },
    );
  });

  test('a scripted text is cut at the request’s limits; a reply without text adds to the emulator’s own', async () => {
    await run(
      'replies: [ { when: { prompt: one }, reply: { text: It rains all day. } }, { reply: { groundingMetadata: { webSearchQueries: [ q ] } } } ]',
      async (emulator) => {
        const cut = await emulator.call(lite, 'generateContent', under('one', { maxOutputTokens: 2 }));
        expect([textOf(cut.body), reply(cut.body).candidates[0]?.finishReason]).toEqual([
          'It rains',
          'MAX_TOKENS',
        ]);
        const stopped = await emulator.call(
          lite,
          'generateContent',
          under('one', { stopSequences: [' all'] }),
        );
        expect(textOf(stopped.body)).toBe('It rains');
        const dressed = await ask(emulator, 'owls');
        expect(textOf(dressed.body)).toContain('owls');
        expect(reply(dressed.body).candidates[0]?.groundingMetadata).toEqual({ webSearchQueries: ['q'] });
      },
    );
  });

  test('a scripted call can be sent back to a model that requires its signature', async () => {
    await run(
      'replies: [ { when: { prompt: call }, reply: { functionCall: { name: look } } } ]',
      async (emulator) => {
        const newest = 'gemini-3.8-flash';
        const called = await ask(emulator, 'call', 'generateContent', newest);
        const contents = [
          ...(says('call').contents as JsonObject[]),
          reply(called.body).candidates[0]?.content,
          { role: 'user', parts: [{ functionResponse: { name: 'look', response: { sky: 'clear' } } }] },
        ];
        const answer = await emulator.call(newest, 'generateContent', { contents });
        expect(textOf(answer.body)).toBe('According to look: sky clear.');
      },
    );
  });

  test('newer fields are in their places', async () => {
    await run(
      'replies: [ { reply: { text: a, finishReason: CONTINUATION, continuationToken: AAAA, modelStatus: { modelStage: LEGACY } } } ]',
      async (emulator) => {
        const { body } = await ask(emulator, 'x');
        expect(reply(body).candidates[0]).toMatchObject({
          finishReason: 'CONTINUATION',
          continuationToken: 'AAAA',
        });
        expect(body.modelStatus).toEqual({ modelStage: 'LEGACY' });
      },
    );
  });

  test('blocks and whole responses', async () => {
    await run(
      'replies: [ { when: { prompt: one }, block: SAFETY }, { when: { prompt: two }, block: PROHIBITED_CONTENT }, { when: { prompt: three }, block: { blockReason: OTHER, blockReasonMessage: m } }, { response: { candidates: [] } } ]',
      async (emulator) => {
        const one = (await ask(emulator, 'one')).body;
        expect(one).not.toHaveProperty('candidates');
        expect(one.promptFeedback).toMatchObject({ blockReason: 'SAFETY', safetyRatings: { length: 4 } });
        expect(one.usageMetadata).toMatchObject({ promptTokenCount: 1, totalTokenCount: 1 });
        expect((await ask(emulator, 'two')).body.promptFeedback).toEqual({
          blockReason: 'PROHIBITED_CONTENT',
        });
        expect((await ask(emulator, 'three')).body.promptFeedback).toEqual({
          blockReason: 'OTHER',
          blockReasonMessage: 'm',
        });
        expect((await ask(emulator, 'four')).body).toEqual({ candidates: [] });
      },
    );
  });
});

test('Node does not warn of a leak when many calls wait', async () => {
  const warned: Error[] = [];
  const warn = (warning: Error): void => void warned.push(warning);
  process.on('warning', warn);
  try {
    await run('replies: [ { delay: 300, reply: { text: late } } ]', async (emulator) => {
      const all = await Promise.all(Array.from({ length: 20 }, () => said(emulator, 'Hello')));
      expect(all).toEqual(all.map(() => 'late'));
    });
  } finally {
    process.off('warning', warn);
  }
  expect(warned).toEqual([]);
});

describe('errors', () => {
  const errorOf = async (
    error: string,
    method = 'generateContent',
  ): Promise<{ status: number; error: JsonObject }> =>
    run(`replies: [ { error: ${error} } ]`, async (emulator) => {
      const answer = await ask(emulator, 'x', method);
      return { status: answer.status, error: answer.body.error as JsonObject };
    });

  test.for<[string, number, JsonObject]>([
    [
      '{ code: 400 }',
      400,
      { code: 400, message: 'Request contains an invalid argument.', status: 'INVALID_ARGUMENT' },
    ],
    [
      '{ code: 403 }',
      403,
      { code: 403, message: 'The caller does not have permission', status: 'PERMISSION_DENIED' },
    ],
    ['{ code: 404 }', 404, { code: 404, message: 'Requested entity was not found.', status: 'NOT_FOUND' }],
    ['{ code: 499 }', 499, { code: 499, message: 'The operation was cancelled.', status: 'CANCELLED' }],
    [
      '{ status: DEADLINE_EXCEEDED }',
      504,
      {
        code: 504,
        message: 'Deadline expired before operation could complete.',
        status: 'DEADLINE_EXCEEDED',
      },
    ],
    [
      '{ code: 404, message: This model is no longer available to new users. }',
      404,
      { code: 404, message: 'This model is no longer available to new users.', status: 'NOT_FOUND' },
    ],
    ['{ code: 500 }', 500, { code: 500, message: 'An internal error has occurred.', status: 'INTERNAL' }],
    [
      '{ status: UNAVAILABLE }',
      503,
      {
        code: 503,
        message:
          'This model is currently experiencing high demand. Spikes in demand are usually temporary. Please try again later.',
        status: 'UNAVAILABLE',
      },
    ],
    [
      '{ status: FAILED_PRECONDITION, message: m }',
      400,
      { code: 400, message: 'm', status: 'FAILED_PRECONDITION' },
    ],
    [
      '{ quota: burst }',
      429,
      { code: 429, message: 'Resource has been exhausted (e.g. check quota).', status: 'RESOURCE_EXHAUSTED' },
    ],
    [
      '{ code: 429, message: Slow down., retryDelay: 3s }',
      429,
      {
        code: 429,
        message: 'Slow down.',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3s' }],
      },
    ],
    ['{ code: 418, status: TEAPOT, message: m }', 418, { code: 418, message: 'm', status: 'TEAPOT' }],
    [
      '{ code: 400, details: [ { a: 1 } ] }',
      400,
      {
        code: 400,
        message: 'Request contains an invalid argument.',
        status: 'INVALID_ARGUMENT',
        details: [{ a: 1 }],
      },
    ],
  ])('%s', async ([error, status, body]) => {
    expect(await errorOf(error)).toEqual({ status, error: body });
  });

  test.for<[string, string, string, string | undefined]>([
    [
      '{ code: 429, retryDelay: 2s, quota: perMinute }',
      'GenerateRequestsPerMinutePerProjectPerModel-FreeTier',
      'requests',
      undefined,
    ],
    [
      '{ quota: perDay, limit: 250, retryDelay: 2s }',
      'GenerateRequestsPerDayPerProjectPerModel-FreeTier',
      'requests',
      '250',
    ],
    [
      '{ quota: inputTokens, limit: 1000, retryDelay: 2s }',
      'GenerateContentInputTokensPerModelPerMinute-FreeTier',
      'input_token_count',
      '1000',
    ],
  ])('%s', async ([error, quotaId, metric, value]) => {
    const quotaMetric = `generativelanguage.googleapis.com/generate_content_free_tier_${metric}`;
    expect(await errorOf(error)).toEqual({
      status: 429,
      error: {
        code: 429,
        message: `You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. To monitor your current usage, head to: https://ai.dev/rate-limit. \n* Quota exceeded for metric: ${quotaMetric}, ${value === undefined ? '' : `limit: ${value}, `}model: ${lite}\nPlease retry in 2s.`,
        status: 'RESOURCE_EXHAUSTED',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.Help',
            links: [
              {
                description: expect.any(String) as string,
                url: 'https://ai.google.dev/gemini-api/docs/rate-limits',
              },
            ],
          },
          {
            '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
            violations: [
              {
                quotaMetric,
                quotaId,
                quotaDimensions: { location: 'global', model: lite },
                ...(value === undefined ? {} : { quotaValue: value }),
              },
            ],
          },
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' },
        ],
      },
    });
  });

  test('reasons bring their details', async () => {
    const { error } = await errorOf('{ code: 403, reason: SERVICE_DISABLED }');
    expect(error.message).toContain('has not been used in project');
    expect((error.details as JsonObject[]).map((each) => each['@type'])).toEqual([
      'type.googleapis.com/google.rpc.Help',
      'type.googleapis.com/google.rpc.ErrorInfo',
    ]);
    expect((await errorOf('{ code: 400, reason: API_KEY_INVALID }')).error.message).toBe(
      'API key not valid. Please pass a valid API key.',
    );
  });

  test('an error can follow some events, raw or as an event', async () => {
    const stream = (error: string): Promise<string> =>
      run(`replies: [ { error: ${error} } ]`, async (emulator) => {
        const answer = await ask(emulator, 'owls', 'streamGenerateContent');
        expect(answer.status).toBe(200);
        return answer.text;
      });
    const raw = (await stream('{ code: 429, message: m, afterChunks: 2 }')).split('\r\n\r\n');
    expect(raw).toHaveLength(3);
    expect(raw[2]).toBe(
      JSON.stringify({ error: { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED' } }, null, 2),
    );
    const framed = eventsOf(await stream('{ code: 500, message: m, afterChunks: 1, framed: true }'));
    expect(framed).toEqual([
      expect.objectContaining({ candidates: expect.any(Array) as object[] }),
      { error: { code: 500, message: 'm', status: 'INTERNAL' } },
    ]);
    expect(await errorOf('{ code: 500, afterChunks: 1 }')).toMatchObject({ status: 500 });
  });

  test('errors and faults come before validation of the request', async () => {
    await run('replies: [ { error: { code: 503 } } ]', async (emulator) => {
      expect((await emulator.call('gemini-0.1-none', 'generateContent', { nonsense: 1 })).status).toBe(503);
    });
  });

  test('a client with a short time limit gets 504', async () => {
    await run('replies: [ { delay: 60000, reply: { text: late } } ]', async (emulator) => {
      const answer = await emulator.ask(`/v1beta/models/${lite}:generateContent`, {
        method: 'POST',
        body: JSON.stringify(says('x')),
        headers: { 'x-server-timeout': '0.01' },
      });
      expect(answer).toMatchObject({ status: 504, body: { error: { status: 'DEADLINE_EXCEEDED' } } });
    });
  });
});

/** What arrives on a bare socket until it ends, or until nothing more comes. */
function overSocket(emulator: Emulator, method: string, query = ''): Promise<{ text: string; end: string }> {
  const { hostname, port } = new URL(emulator.url);
  const body = JSON.stringify(says('Tell of owls.'));
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname);
    let text = '';
    let quiet: NodeJS.Timeout | undefined;
    const finish = (end: string): void => {
      clearTimeout(quiet);
      socket.destroy();
      resolve({ text, end });
    };
    const rest = (): void => {
      clearTimeout(quiet);
      quiet = setTimeout(() => finish('silence'), 400);
    };
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      rest();
    });
    socket.on('error', () => finish('reset'));
    socket.on('end', () => finish('end'));
    socket.write(
      `POST /v1beta/models/${lite}:${method}${query} HTTP/1.1\r\nhost: a\r\nx-goog-api-key: k\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    rest();
  });
}

describe('faults', () => {
  const whole = 'generateContent';
  const stream = 'streamGenerateContent';
  test.for<[string, string, string, RegExp]>([
    ['reset', whole, 'reset', /^$/],
    ['reset', stream, 'reset', /^$/],
    ['hang', whole, 'silence', /^$/],
    ['hang', stream, 'silence', /^$/],
    ['stall', whole, 'silence', /^HTTP\/1.1 200 OK\r\n[^]*\r\n\r\n\{\n {2}"candidates"[^]*[^}]$/],
    ['stall', stream, 'silence', /^HTTP\/1.1 200 OK\r\n[^]*data: (?![^]*finishReason)/],
    ['cut', whole, 'end', /\r\n\r\n\{\n {2}"candidates"/],
    ['cut', stream, 'end', /data: (?![^]*finishReason)(?![^]*\r\n0\r\n\r\n$)/],
    ['malformed', whole, 'silence', /\r\n\r\n\{\n {2}"candidates"(?![^]*modelVersion)/],
    ['malformed', stream, 'silence', /data: \{"candidates": \[\{"content": \r\n\r\n/],
    ['html', whole, 'silence', /^HTTP\/1.1 502 [^]*content-type: text\/html[^]*<html>/],
    ['html', stream, 'silence', /^HTTP\/1.1 502 [^]*<html>/],
    ['midStreamError', whole, 'silence', /^HTTP\/1.1 503 [^]*UNAVAILABLE/],
    [
      'midStreamError',
      stream,
      'silence',
      /^HTTP\/1.1 200 [^]*data: [^]*\r\n\{\n {2}"error": \{\n {4}"code": 503/,
    ],
    ['midStreamErrorEvent', stream, 'silence', /^HTTP\/1.1 200 [^]*data: [^]*data: \{"error": \{"code": 503/],
  ])('%s of %s: %s', async ([fault, method, end, pattern]) => {
    await run(`replies: [ { fault: ${fault} } ]`, async (emulator) => {
      const got = await overSocket(emulator, method, method === stream ? sse : '');
      expect(got.text).toMatch(pattern);
      expect(got.end).toBe(end);
    });
  });

  test('in a stream without alt=sse an error closes the array', async () => {
    await run('replies: [ { fault: midStreamError } ]', async (emulator) => {
      const answer = await emulator.call(lite, stream, says('Tell of owls.'));
      const elements = JSON.parse(answer.text) as JsonObject[];
      expect(elements.at(-1)).toMatchObject({ error: { code: 503 } });
      expect(elements.length).toBeGreaterThan(1);
    });
  });

  test('a server that hangs can be closed', async () => {
    await run('replies: [ { fault: hang } ]', async (emulator) => {
      ask(emulator, 'x').catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    await run('replies: [ { delay: 60000, reply: { text: late } } ]', async (emulator) => {
      ask(emulator, 'x').catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
  });
});

test('reads a script with all kinds of rules', async () => {
  const script = await scriptOf(`
seed: 7
quota: { rpm: 300, tpm: 100000 }
replies:
  - when: { prompt: { contains: weather }, model: gemini-3.8-flash, method: generateContent }
    times: 2
    probability: 0.2
    delay: 200
    reply: { text: It rains., finishReason: STOP, thoughts: Looking outside., safetyRatings: { HARM_CATEGORY_HARASSMENT: LOW }, usageMetadata: { candidatesTokenCount: 3 } }
  - when: { prompt: { contains: call } }
    reply: { functionCall: { name: getWeather, args: { city: Oslo } } }
  - { when: { prompt: { contains: forbidden } }, block: SAFETY }
  - { when: { prompt: { contains: verbatim } }, response: { candidates: [] } }
  - { when: { prompt: { contains: busy } }, times: 1, error: { code: 429, retryDelay: 2s, quota: perMinute } }
  - { when: { prompt: { contains: flaky } }, probability: 0.1, fault: reset }
`);
  expect(script).toMatchObject({ seed: 7, quota: { rpm: 300, tpm: 100000 } });
  expect(script.replies).toHaveLength(6);
});

test.for<[string, string, string, number, string?]>([
  [
    'replies: [ { whn: {}, reply: {} } ]',
    'unknown-key',
    'unknown key "whn" in a rule',
    14,
    'did you mean "when"?',
  ],
  [
    'replies: [ { reply: { txt: a } } ]',
    'unknown-key',
    'unknown key "txt" in a reply',
    23,
    'did you mean "text"?',
  ],
  [
    'replies: [ { reply: { text: 5 } } ]',
    'wrong-type',
    'expected a text, received 5',
    23,
    'quote it: text: "5"',
  ],
  [
    'replies: [ { times: 0, reply: {} } ]',
    'wrong-type',
    'expected a whole number of at least 1, received 0',
    14,
    'for example times: 2',
  ],
  [
    'replies: [ { probability: 1.5, reply: {} } ]',
    'wrong-type',
    'expected a number from 0 to 1, received 1.5',
    14,
    'for example probability: 0.1',
  ],
  [
    'replies: [ { error: { code: 200 } } ]',
    'wrong-type',
    'expected an HTTP status from 400 to 599, received 200',
    23,
    'for example code: 503',
  ],
  [
    'replies: [ { error: { retryDelay: 2 } } ]',
    'wrong-type',
    'expected a duration in seconds, such as 2s or 0.5s, received 2',
    23,
    'for example retryDelay: 2s',
  ],
  [
    'replies: [ { error: { quota: perYear } } ]',
    'unknown-value',
    'unknown quota "perYear"',
    23,
    'the quotas are perMinute, perDay, inputTokens, burst',
  ],
  [
    'replies: [ { fault: fire } ]',
    'unknown-value',
    'unknown fault "fire"',
    14,
    'the faults are reset, hang, stall, cut, malformed, html, midStreamError, midStreamErrorEvent',
  ],
  [
    'replies: [ { when: {} } ]',
    'bad-rule',
    'the rule answers nothing',
    14,
    'give one of reply, block, response, error, fault',
  ],
  [
    'replies: [ { reply: {}, block: SAFETY } ]',
    'bad-rule',
    'a rule has one answer, this one has reply, block',
    25,
    'give one of reply, block, response, error, fault',
  ],
  [
    'replies: [ { when: { prompt: { matches: "(" } }, reply: {} } ]',
    'invalid-pattern',
    'missing closing ): `(`',
    32,
    'write \\( for a literal bracket',
  ],
  [
    'replies: [ 5 ]',
    'wrong-type',
    'expected a rule, received a number',
    12,
    'for example { reply: { text: It rains. } }',
  ],
  ['replies: {}', 'wrong-type', 'expected a list, received a map', 1, 'for example replies: [ … ]'],
  ['quota: { rpm: 0 }', 'wrong-type', 'expected a number above 0, received 0', 10, 'for example rpm: 60'],
  [
    '[]',
    'wrong-type',
    'expected a map, received a list',
    1,
    'a script is a map with some of the keys seed, jitter, quota, replies',
  ],
  ['seed: x', 'wrong-type', 'expected a number, received "x"', 1, 'for example seed: 7'],
  [
    'replies: [ {} ]',
    'bad-rule',
    'the rule answers nothing',
    12,
    'give one of reply, block, response, error, fault',
  ],
  [
    'replies: [ { when: { method: generateContnt }, reply: { text: a } } ]',
    'unknown-value',
    'no method is "generateContnt"',
    22,
    'did you mean "generateContent"?',
  ],
  [
    'replies: [ { when: { method: { matches: "^delete" } }, fault: html } ]',
    'unknown-value',
    'no method fits it',
    22,
    'the methods are generateContent, streamGenerateContent, countTokens, embedContent, batchEmbedContents, models.get, models.list',
  ],
  [
    'replies: [ { when: { method: countTokens }, reply: { text: a } } ]',
    'misfit-answer',
    'countTokens gives no reply',
    22,
    'reply and block are answers of generateContent and streamGenerateContent; give response, error or fault',
  ],
  [
    'replies: [ { when: { method: { contains: mbed } }, block: SAFETY } ]',
    'misfit-answer',
    'embedContent and batchEmbedContents give no block',
    22,
    'reply and block are answers of generateContent and streamGenerateContent; give response, error or fault',
  ],
  [
    'replies: [ { reply: { finishReason: STPO } } ]',
    'unknown-value',
    'unknown finishReason "STPO"',
    23,
    'did you mean "STOP"?',
  ],
  [
    'replies: [ { reply: { safetyRatings: { HARM: LOWW } } } ]',
    'unknown-value',
    'unknown probability "LOWW"',
    40,
    'did you mean "LOW"?',
  ],
  [
    'replies: [ { reply: { safetyRatings: [{ category: HARM_CATEGORY_HARRASSMENT }] } } ]',
    'unknown-value',
    'unknown category "HARM_CATEGORY_HARRASSMENT"',
    41,
    'did you mean "HARM_CATEGORY_HARASSMENT"?',
  ],
  [
    'replies: [ { block: safety } ]',
    'unknown-value',
    'unknown blockReason "safety"',
    14,
    'did you mean "SAFETY"?',
  ],
  [
    'replies: [ { error: { status: UNAVAILABEL } } ]',
    'unknown-value',
    'unknown status "UNAVAILABEL"',
    23,
    'did you mean "UNAVAILABLE"?',
  ],
])('%s is reported with its place', async ([yaml, code, message, column, help]) => {
  const { script, found } = await readText(yaml);
  expect(script).toBeUndefined();
  expect(found.map((each) => [each.code, each.message, each.help])).toEqual([[code, message, help]]);
  expect((found[0]?.place?.start ?? -1) + 1).toBe(column);
});

test('sends a value that resembles no known one', async () => {
  const script = await scriptOf(
    'replies: [ { reply: { finishReason: BRAND_NEW, safetyRatings: { NEW_HARM: SOMEWHAT } } }, { block: NEWEST_REASON }, { error: { status: SOMETHING_ELSE } } ]',
  );
  expect(script.replies).toHaveLength(3);
});
