/** What a config sends: defaults and merging, the API's own words, and what a method has no use for. */
import { expect, test } from 'vitest';
import { bodies, readSuite } from './read.ts';

/** The body of each config of a suite, without the contents. */
async function sent(suite: string, files = {}): Promise<Record<string, unknown>> {
  const found = await bodies(suite, files);
  return Object.fromEntries(
    Object.entries(found).map(([id, body]) => {
      const { contents: _, ...rest } = body ?? {};
      return [id.split(' / ').at(-1) ?? '', rest];
    }),
  );
}

const harassment = { category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' };
const hate = { category: 'HARM_CATEGORY_HATE_SPEECH', threshold: 'OFF' };

test('merges defaults into every config: maps by key, lists replaced, null removes', async () => {
  const suite = `defaults:
  temperature: 1
  stopSequences: [a, b]
  thinkingConfig: { thinkingBudget: 5 }
  safetySettings: { HARM_CATEGORY_HARASSMENT: BLOCK_NONE }
configs:
  plain:
  merged: { thinkingConfig: { includeThoughts: true }, safetySettings: { HARM_CATEGORY_HATE_SPEECH: OFF } }
  replaced: { stopSequences: [c], safetySettings: [ { category: HARM_CATEGORY_HATE_SPEECH, threshold: OFF } ] }
  removed:
    temperature: null
    stopSequences: null
    thinkingConfig: { thinkingBudget: null, thinkingLevel: LOW }
    safetySettings: { HARM_CATEGORY_HARASSMENT: null, HARM_CATEGORY_HATE_SPEECH: OFF }
`;
  const base = { temperature: 1, stopSequences: ['a', 'b'], thinkingConfig: { thinkingBudget: 5 } };
  expect(await sent(suite)).toEqual({
    plain: { generationConfig: base, safetySettings: [harassment] },
    merged: {
      generationConfig: { ...base, thinkingConfig: { thinkingBudget: 5, includeThoughts: true } },
      safetySettings: [harassment, hate],
    },
    replaced: { generationConfig: { ...base, stopSequences: ['c'] }, safetySettings: [hate] },
    removed: { generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } }, safetySettings: [hate] },
  });
});

test('keeps null in a schema', async () => {
  const schema = { properties: { a: { const: null } }, default: null };
  expect(await sent(`configs: { c: { responseJsonSchema: ${JSON.stringify(schema)} } }`)).toEqual({
    c: { generationConfig: { responseJsonSchema: schema } },
  });
});

test('accepts a pasted request', async () => {
  const pasted = {
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    generationConfig: {
      temperature: 0.2,
      topP: 0.8,
      topK: 10,
      candidateCount: 1,
      maxOutputTokens: 800,
      stopSequences: ['Title'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: -0.1,
      responseLogprobs: true,
      logprobs: 3,
      responseMimeType: 'application/json',
      responseSchema: { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
      responseModalities: ['TEXT'],
      mediaResolution: 'MEDIA_RESOLUTION_LOW',
      thinkingConfig: { includeThoughts: true, thinkingBudget: -1 },
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
      imageConfig: { aspectRatio: '16:9' },
    },
    safetySettings: [harassment],
    tools: [{ functionDeclarations: [{ name: 'f', parameters: { type: 'OBJECT' } }] }, { googleSearch: {} }],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
    cachedContent: 'cachedContents/abc',
    serviceTier: 'flex',
    store: false,
    labels: { team: 'docs' },
  };
  expect(await sent(`configs: { c: ${JSON.stringify(pasted)} }`)).toEqual({ c: pasted });
});

test('a method uses the defaults that its request has', async () => {
  const found = await bodies(`defaults: { temperature: 1, taskType: CLUSTERING, systemInstruction: Be brief. }
assert: [ { response: { path: $, exists: true } } ]
tests:
  - { name: g }
  - { name: c, method: countTokens }
  - { name: e, method: embedContent }
  - { name: b, method: batchEmbedContents }
`);
  const model = 'models/gemini-3.8-flash';
  const parts = [{ text: 'Hello.' }];
  const generation = {
    contents: [{ parts }],
    generationConfig: { temperature: 1 },
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
  };
  const embedding = { model, content: { parts }, taskType: 'CLUSTERING' };
  expect(found).toEqual({
    'g / p': generation,
    'c / p': { generateContentRequest: { model, ...generation } },
    'e / p': embedding,
    b: { requests: [embedding] },
  });
});

test('merges extra last and unchecked, a test over its config', async () => {
  const suite = `vars: { n: 3 }
configs:
  c: { topK: 2, extra: { labels: { a: "{{n}}" }, generationConfig: { temperature: hot } } }
tests: [ { name: t, extra: { labels: { b: x }, nobody: knows } } ]
`;
  expect(await sent(suite)).toEqual({
    c: { generationConfig: { topK: 2, temperature: 'hot' }, labels: { a: 3, b: 'x' }, nobody: 'knows' },
  });
});

test('renders strings of a config, but not in tools and schemas', async () => {
  const suite = `vars: { n: 7, list: [a, b], level: LOW }
configs:
  c:
    seed: "{{n}}"
    stopSequences: "{{list}}"
    systemInstruction: { parts: [ { text: "Number {{n}}." } ] }
    thinkingConfig: { thinkingLevel: "{{level}}" }
    tools: [ { functionDeclarations: [ { name: f, description: "{{n}}" } ] } ] # assay: allow literal-braces
    responseJsonSchema: { description: "{{n}}" } # assay: allow literal-braces
`;
  expect(await sent(suite)).toEqual({
    c: {
      generationConfig: {
        seed: 7,
        stopSequences: ['a', 'b'],
        thinkingConfig: { thinkingLevel: 'LOW' },
        responseJsonSchema: { description: '{{n}}' },
      },
      systemInstruction: { parts: [{ text: 'Number 7.' }] },
      tools: [{ functionDeclarations: [{ name: 'f', description: '{{n}}' }] }],
    },
  });
});

test('converts texts of CSV rows to the expected numbers and booleans', async () => {
  const suite = `configs: { c: { temperature: "{{t}}", store: "{{s}}", systemInstruction: "{{t}}" } }
tests:
  - { name: t, data: rows.csv, assert: [ { tokens: { total: { max: "{{n}}" } } }, { contains: "{{n}}" } ] }
`;
  const { cases, shown } = await readSuite(suite, { 'rows.csv': 't,s,n\n0.50,true,012\n' });
  expect(shown).toBe('');
  expect(cases[0]?.request.body).toMatchObject({
    generationConfig: { temperature: 0.5 },
    store: true,
    systemInstruction: { parts: [{ text: '0.50' }] },
  });
  expect(cases[0]?.assertions.map(({ args }) => args)).toEqual(['answered', { total: { max: 12 } }, '012']);
});
