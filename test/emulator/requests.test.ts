/** Requests that are read and requests that are refused, with the service's messages. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { reply, says, serve, textOf, under } from './serve.ts';

const { call, ask, url } = await serve();
const lite = 'gemini-2.5-flash-lite';
const newest = 'gemini-3.8-flash';
const typeUrl = 'type.googleapis.com/google.ai.generativelanguage.v1beta';

interface Failed {
  error: {
    code: number;
    message: string;
    status: string;
    details?: { fieldViolations: { field?: string; description: string }[] }[];
  };
}

test.for<[string, unknown]>([
  [
    'snake_case names',
    {
      contents: [
        { parts: [{ inline_data: { mime_type: 'image/png', data: 'iVBORw0KGgo=' } }, { text: 'What?' }] },
      ],
      generation_config: { max_output_tokens: 30, stop_sequences: ['zzz'] },
    },
  ],
  [
    'single objects where lists are declared',
    { contents: { role: 'user', parts: { text: 'Hello.' } }, safetySettings: { category: 7, threshold: 4 } },
  ],
  ['enums by number', says('Hello.', { safety_settings: [{ category: 10, threshold: 3 }] })],
  [
    'enums in any case',
    under('Hello.', {
      responseMimeType: 'application/json',
      responseSchema: { type: 'object', properties: { a: { type: 'string' } } },
    }),
  ],
  [
    'numbers as texts',
    under('Hello.', {
      maxOutputTokens: '30',
      temperature: '0.5',
      candidateCount: 1.0,
      responseMimeType: 'application/json',
      responseSchema: { type: 'ARRAY', items: { type: 'STRING' }, minItems: '2' },
    }),
  ],
  [
    'nulls for nothing',
    says('Hello.', { systemInstruction: null, tools: null, generationConfig: { topK: null } }),
  ],
  [
    'a chat with a trailing comma',
    '{"contents": [{"role":"user", "parts":[{"text": "Hello."}]}, {"role":"model", "parts":[{"text": "Hi."}]}, {"role":"user", "parts":[{"text": "Write."}]},]}',
  ],
  ['unquoted names', '{contents: [{parts: [{text: "Hello."}]}], generationConfig: {topK: 3}}'],
  [
    'every kind of tool',
    says('Hello.', {
      tools: [
        { googleSearch: {} },
        { codeExecution: {} },
        { urlContext: {} },
        { googleMaps: { enableWidget: true } },
        { fileSearch: { fileSearchStoreNames: ['fileSearchStores/a'], topK: 2 } },
        {
          computerUse: {
            environment: 'ENVIRONMENT_MOBILE',
            excludedPredefinedFunctions: ['drag'],
            enablePromptInjectionDetection: true,
            disabledSafetyPolicies: ['ACCOUNT_CREATION'],
          },
        },
        {
          mcpServers: [
            {
              name: 'm',
              streamableHttpTransport: { url: 'https://example.com', timeout: '5s', headers: { a: 'b' } },
            },
          ],
        },
        {
          googleSearch: {
            timeRangeFilter: { startTime: '2026-01-01T00:00:00Z', endTime: '2026-02-01T01:00:00.5+01:00' },
            searchTypes: { webSearch: {}, imageSearch: {} },
          },
        },
        {
          googleSearchRetrieval: { dynamicRetrievalConfig: { mode: 'MODE_DYNAMIC', dynamicThreshold: 0.5 } },
        },
      ],
      toolConfig: { retrievalConfig: { latLng: { latitude: 59.9, longitude: 10.7 }, languageCode: 'nb' } },
    }),
  ],
  [
    'a function by JSON Schema',
    says('Hello.', {
      tools: [
        {
          functionDeclarations: {
            name: 'a',
            parametersJsonSchema: { type: 'object', additionalProperties: false },
            responseJsonSchema: { type: 'string' },
            behavior: 'NON_BLOCKING',
          },
        },
      ],
    }),
  ],
  [
    'every kind of part',
    {
      contents: [
        { parts: [{ text: 'Go on.' }] },
        {
          role: 'model',
          parts: [
            { executableCode: { id: '1', language: 'PYTHON', code: '1' } },
            { codeExecutionResult: { id: '1', outcome: 'OUTCOME_FAILED', output: '' } },
            { toolCall: { id: '2', toolType: 'URL_CONTEXT', args: {} } },
            { toolResponse: { id: '2', toolType: 'URL_CONTEXT', response: {} } },
            { functionCall: { id: '3', name: 'a', args: {} }, thoughtSignature: 'c2ln' },
          ],
        },
        {
          role: 'user',
          parts: [
            {
              functionResponse: {
                id: '3',
                name: 'a',
                response: {},
                willContinue: false,
                scheduling: 'SILENT',
                parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }],
              },
            },
            {
              fileData: { fileUri: 'https://www.youtube.com/watch?v=a' },
              videoMetadata: { startOffset: '1.5s', endOffset: '300s', fps: 24 },
              mediaResolution: { level: 'MEDIA_RESOLUTION_ULTRA_HIGH' },
              mediaProcessing: 'AGENTIC',
              partMetadata: { a: [1] },
            },
          ],
        },
      ],
    },
  ],
  ['topK 0', under('Hello.', { topK: 0 })],
  [
    'both spellings of one name, the last for good',
    { ...says('Hello.'), generation_config: { stop_sequences: ['Here'] }, generationConfig: {} },
  ],
  [
    'newer fields',
    says('Hello.', {
      serviceTier: 'flex',
      store: false,
      labels: { team: 'a' },
      model: 'models/gemini-2.5-flash-lite',
    }),
  ],
  [
    'speech and pictures requested in config',
    under('Hello.', {
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
      imageConfig: { aspectRatio: '1:1' },
      mediaResolution: 'MEDIA_RESOLUTION_LOW',
    }),
  ],
  [
    'the role of old tool answers',
    {
      contents: [
        { parts: [{ text: 'Go.' }] },
        { role: 'model', parts: [{ functionCall: { name: 'a' } }] },
        { role: 'function', parts: [{ functionResponse: { name: 'a', response: {} } }] },
      ],
    },
  ],
])('it reads %s', async ([, body]) => {
  const answer = await call(lite, 'generateContent', body);
  expect(answer.status, answer.text).toBe(200);
  expect(textOf(answer.body)).not.toBe('');
});

const many = Array.from({ length: 6 }, (_, index) => `s${index}`);

test.for<[string, unknown, string, (string | undefined)?]>([
  [
    'an unknown name at the root',
    says('x', { reasoning: 1 }),
    'Invalid JSON payload received. Unknown name "reasoning": Cannot find field.',
    undefined,
  ],
  [
    'an unknown name in a list',
    { contents: [{ parts: [{ texte: 'x' }] }] },
    `Invalid JSON payload received. Unknown name "texte" at 'contents[0].parts[0]': Cannot find field.`,
    'contents[0].parts[0]',
  ],
  [
    'an unknown name in a single object',
    { contents: [{ parts: { role: 'user' } }] },
    `Invalid JSON payload received. Unknown name "role" at 'contents[0].parts': Cannot find field.`,
    'contents[0].parts',
  ],
  [
    'an unknown name of a parameter',
    under('x', { temprature: 1 }),
    `Invalid JSON payload received. Unknown name "temprature" at 'generation_config': Cannot find field.`,
    'generation_config',
  ],
  [
    'JSON Schema words in a Schema',
    says('x', {
      tools: [
        {
          functionDeclarations: [
            { name: 'a', parameters: { type: 'OBJECT', properties: { b: { type: 'STRING', const: 'c' } } } },
          ],
        },
      ],
    }),
    `Invalid JSON payload received. Unknown name "const" at 'tools[0].function_declarations[0].parameters.properties[0].value': Cannot find field.`,
    'tools[0].function_declarations[0].parameters.properties[0].value',
  ],
  [
    'a list where one is declared',
    { contents: [{ parts: [{ text: ['x'] }] }] },
    `Invalid JSON payload received. Unknown name "text" at 'contents[0].parts[0]': Proto field is not repeating, cannot start list.`,
    'contents[0].parts[0]',
  ],
  [
    'a text where a message is declared',
    { contents: 'Hello' },
    `Invalid value at 'contents' (${typeUrl}.Content), "Hello"`,
    'contents',
  ],
  [
    'a bad enum',
    says('x', { safetySettings: [{ category: 'NO_SUCH', threshold: 'BLOCK_NONE' }] }),
    `Invalid value at 'safety_settings[0].category' (${typeUrl}.HarmCategory), "NO_SUCH"`,
    'safety_settings[0].category',
  ],
  [
    'a number no enum has',
    says('x', { safetySettings: [{ category: 7, threshold: 9 }] }),
    `Invalid value at 'safety_settings[0].threshold' (${typeUrl}.SafetySetting.HarmBlockThreshold), 9`,
    'safety_settings[0].threshold',
  ],
  [
    '"null" as a type',
    under('x', {
      responseMimeType: 'application/json',
      responseSchema: { type: 'OBJECT', properties: { a: { type: 'null' } } },
    }),
    `Invalid value at 'generation_config.response_schema.properties[0].value.type' (${typeUrl}.Type), "null"`,
    'generation_config.response_schema.properties[0].value.type',
  ],
  [
    'a bad number',
    under('x', { temperature: 'abc' }),
    `Invalid value at 'generation_config.temperature' (TYPE_FLOAT), "abc"`,
    'generation_config.temperature',
  ],
  [
    'half a token',
    under('x', { maxOutputTokens: 1.5 }),
    `Invalid value at 'generation_config.max_output_tokens' (TYPE_INT32), 1.5`,
    'generation_config.max_output_tokens',
  ],
  [
    'a number for a text',
    { contents: [{ parts: [{ text: 5 }] }] },
    `Invalid value at 'contents[0].parts[0].text' (TYPE_STRING), 5`,
    'contents[0].parts[0].text',
  ],
  [
    'a text for a truth',
    under('x', { responseLogprobs: 'maybe' }),
    `Invalid value at 'generation_config.response_logprobs' (TYPE_BOOL), "maybe"`,
    'generation_config.response_logprobs',
  ],
  [
    'bytes that are not base64',
    { contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: '*' } }] }] },
    `Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed for "*"`,
    'contents[0].parts[0].inline_data.data',
  ],
  [
    'two kinds of data in a part',
    { contents: [{ parts: [{ text: 'x', inlineData: { mimeType: 'image/png', data: '' } }] }] },
    `Invalid value at 'contents[0].parts[0]' (oneof), oneof field 'data' is already set. Cannot set 'inlineData'`,
    'contents[0].parts[0]',
  ],
  [
    'args that are not a map',
    { contents: [{ parts: [{ functionCall: { name: 'a', args: 'b' } }] }] },
    `Invalid value at 'contents[0].parts[0].function_call.args' (type.googleapis.com/google.protobuf.Struct), "b"`,
    'contents[0].parts[0].function_call.args',
  ],
  [
    'a root that is not a message',
    '[]',
    'Invalid JSON payload received. Unknown name "": Root element must be a message.',
    undefined,
  ],
])('it cannot read %s', async ([, body, message, field]) => {
  const answer = await call(lite, 'generateContent', body);
  const { error } = answer.body as unknown as Failed;
  expect(answer.status).toBe(400);
  expect(error).toEqual({
    code: 400,
    message,
    status: 'INVALID_ARGUMENT',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ ...(field === undefined ? {} : { field }), description: message }],
      },
    ],
  });
});

test('reports several unreadable fields together, one per line', async () => {
  const answer = await call(
    lite,
    'generateContent',
    says('x', { top_k: 1, frequency_penalty: 1, generationConfig: { topk: 1 } }),
  );
  const { error } = answer.body as unknown as Failed;
  const descriptions = error.details?.[0]?.fieldViolations.map(({ description }) => description) ?? [];
  expect(descriptions).toHaveLength(3);
  expect(error.message).toBe(descriptions.join('\n'));
});

test('errors name the version of the path', async () => {
  const init = { method: 'POST', body: JSON.stringify(says('x', { safetySettings: [{ category: 'A' }] })) };
  const answer = await ask(`/v1/models/${lite}:generateContent`, init);
  expect(answer.text).toContain('google.ai.generativelanguage.v1.HarmCategory');
});

const calls = (signature?: string): JsonObject[] => [
  { role: 'user', parts: [{ text: 'Go.' }] },
  {
    role: 'model',
    parts: [
      {
        functionCall: { id: '1', name: 'a', args: {} },
        ...(signature === undefined ? {} : { thoughtSignature: signature }),
      },
    ],
  },
];
const answerOf = (more: JsonObject): JsonObject => ({
  role: 'user',
  parts: [{ functionResponse: { name: 'a', response: {}, ...more } }],
});
const at = '* GenerateContentRequest';
const config = `${at}.generation_config`;
const words = 'temperature topP topK';

test.for<[string, string, unknown, string, number?]>([
  ['no contents', lite, {}, `${at}.contents: contents is not specified\n`],
  ['an empty body', lite, '', `${at}.contents: contents is not specified\n`],
  [
    'a turn without parts',
    lite,
    { contents: [{ parts: [{ text: 'x' }] }, { role: 'model' }] },
    `${at}.contents[1].parts: contents.parts must not be empty.\n`,
  ],
  [
    'a part without data',
    lite,
    { contents: [{ parts: [{ thought: true }] }] },
    `${at}.contents[0].parts[0].data: required oneof field 'data' must have one initialized field\n`,
  ],
  [
    'a role of another API',
    lite,
    { contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] },
    'Please use a valid role: user, model.',
  ],
  [
    'a media type no model reads',
    lite,
    { contents: [{ parts: [{ inlineData: { mimeType: 'application/zip', data: '' } }] }] },
    'Unsupported MIME type: application/zip',
  ],
  [
    'a video of too many frames',
    lite,
    {
      contents: [
        {
          parts: [
            {
              inlineData: { mimeType: 'video/mp4', data: '' },
              videoMetadata: { fps: 25, startOffset: '1.5s' },
            },
          ],
        },
      ],
    },
    'The fps of a video must be in the range (0.0, 24.0].',
  ],
  [
    'a missing file',
    lite,
    {
      contents: [
        { parts: [{ fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/abc' } }] },
      ],
    },
    'You do not have permission to access the File abc or it may not exist.',
    403,
  ],
  [
    'cached content',
    lite,
    says('x', { cachedContent: 'cachedContents/a' }),
    'CachedContent not found (or permission denied)',
    403,
  ],
  [
    'a temperature too high',
    lite,
    under('x', { temperature: 2.1 }),
    `${config}.temperature: temperature must be in the range [0.0, 2.0].\n`,
  ],
  [
    'a topP too high',
    lite,
    under('x', { topP: 1.1 }),
    `${config}.top_p: top_p must be in the range [0.0, 1.0].\n`,
  ],
  ['a topK below 0', lite, under('x', { topK: -1 }), `${config}.top_k: top_k must not be negative.\n`],
  [
    'no output',
    lite,
    under('x', { maxOutputTokens: 0 }),
    `${config}.max_output_tokens: max_output_tokens must be positive.\n`,
  ],
  [
    'nine candidates',
    lite,
    under('x', { candidateCount: 9 }),
    `${config}.candidate_count: candidate_count must be in the range [1, 8].\n`,
  ],
  [
    'six stop sequences',
    lite,
    under('x', { stopSequences: many }),
    `${config}.stop_sequences: the number of stop_sequences must not exceed 5.\n`,
  ],
  [
    'logprobs unasked',
    lite,
    under('x', { logprobs: 2 }),
    `${config}.logprobs: logprobs requires response_logprobs to be true.\n`,
  ],
  [
    'too many logprobs',
    lite,
    under('x', { responseLogprobs: true, logprobs: 21 }),
    `${config}.logprobs: logprobs must be in the range [0, 20].\n`,
  ],
  [
    'a penalty of 2',
    lite,
    under('x', { presencePenalty: 2 }),
    `${config}.presence_penalty: presence_penalty must be in the range [-2.0, 2.0).\n`,
  ],
  [
    'a penalty on a model without',
    newest,
    under('x', { frequencyPenalty: 0.5 }),
    'Penalty is not enabled for this model',
  ],
  [
    'a penalty on a model of the second generation',
    lite,
    under('x', { presencePenalty: -0.5 }),
    'Penalty is not enabled for models/gemini-2.5-flash-lite',
  ],
  [
    'several candidates on Gemini 3',
    newest,
    under('x', { candidateCount: 2 }),
    'Multiple candidates is not enabled for this model',
  ],
  [
    'log probabilities on Gemini 3',
    newest,
    under('x', { responseLogprobs: true }),
    'Logprobs is not enabled for this model',
  ],
  [
    'log probabilities by the rules of the model that answers',
    'gemini-2.5-flash',
    under('x', { responseLogprobs: true, logprobs: 3 }),
    'Logprobs is not enabled for this model',
  ],
  [
    'several pictures',
    'gemini-2.5-flash-image',
    under('x', { candidateCount: 2 }),
    'Multiple candidates is not enabled for models/gemini-2.5-flash-image',
  ],
  [
    'another media type of answers',
    lite,
    under('x', { responseMimeType: 'text/html' }),
    `${config}.response_mime_type: allowed mimetypes are \`text/plain\`, \`application/json\`, \`application/xml\`, \`application/yaml\` and \`text/x.enum\`.\n`,
  ],
  [
    'a schema for plain text',
    lite,
    under('x', { responseSchema: { type: 'STRING' } }),
    "Response_schema with a response mime type 'text/plain' is unsupported",
  ],
  [
    'a JSON Schema for YAML',
    lite,
    under('x', { responseMimeType: 'application/yaml', responseJsonSchema: {} }),
    "Response_json_schema with a response mime type 'application/yaml' is unsupported",
  ],
  [
    'two schemas',
    lite,
    under('x', {
      responseMimeType: 'application/json',
      responseSchema: { type: 'STRING' },
      responseJsonSchema: {},
    }),
    `${config}.response_schema: only one of response_schema and response_json_schema can be set.\n`,
  ],
  [
    'an array of nothing',
    lite,
    under('x', {
      responseMimeType: 'application/json',
      responseSchema: { type: 'OBJECT', properties: { a: { type: 'ARRAY' } } },
    }),
    `${config}.response_schema.properties[a].items: missing field.\n`,
  ],
  [
    'a required property that is not defined',
    lite,
    under('x', {
      responseMimeType: 'application/json',
      responseSchema: { type: 'OBJECT', properties: {}, required: ['a'] },
    }),
    `${config}.response_schema.required[0]: property is not defined\n`,
  ],
  [
    'an enum of no values',
    lite,
    under('x', { responseMimeType: 'text/x.enum' }),
    `${config}.response_schema: an enum schema must be set for the mimetype \`text/x.enum\`.\n`,
  ],
  [
    'pictures from a text model',
    lite,
    under('x', { responseModalities: ['TEXT', 'IMAGE'] }),
    'The requested combination of response modalities (TEXT, IMAGE) is not supported by the model. models/gemini-2.5-flash-lite accepts the following combination of response modalities:\n* TEXT\n',
  ],
  [
    'only text from an image model',
    'gemini-2.5-flash-image',
    under('x', { responseModalities: ['TEXT'] }),
    'The requested combination of response modalities (TEXT) is not supported by the model. models/gemini-2.5-flash-image accepts the following combination of response modalities:\n* IMAGE, TEXT\n* IMAGE\n',
  ],
  [
    'speech that is not requested',
    'gemini-3.8-flash-tts',
    says('x'),
    'The requested combination of response modalities (TEXT) is not supported by the model. models/gemini-3.8-flash-tts accepts the following combination of response modalities:\n* AUDIO\n',
  ],
  [
    'functions of an image model',
    'gemini-nano-banana-2.1',
    says('x', { tools: [{ functionDeclarations: [{ name: 'a' }] }] }),
    'Function calling is not enabled for this model',
  ],
  [
    'thinking of a model that does not think',
    'gemini-2.5-flash-image',
    under('x', { thinkingConfig: { thinkingBudget: 5 } }),
    'Thinking is not enabled for models/gemini-2.5-flash-image',
  ],
  [
    'a computer-use model without a computer',
    'gemini-2.5-computer-use-preview-10-2025',
    says('x'),
    'This model requires the use of the Computer Use tool.',
  ],
  [
    'an office document before Gemini 4',
    newest,
    { contents: [{ parts: [{ inlineData: { mimeType: 'application/msword', data: '' } }] }] },
    'Unsupported MIME type: application/msword',
  ],
  [
    'a category twice',
    lite,
    says('x', {
      safetySettings: [
        { category: 7, threshold: 1 },
        { category: 'HARM_CATEGORY_HARASSMENT', threshold: 2 },
      ],
    }),
    `${at}.safety_settings: HARM_CATEGORY_HARASSMENT is set more than once\n`,
  ],
  [
    'a category of older models',
    lite,
    says('x', { safetySettings: [{ category: 'HARM_CATEGORY_TOXICITY', threshold: 1 }] }),
    `${at}.safety_settings[0]: element predicate failed: $.category in (HarmCategory.HARM_CATEGORY_HATE_SPEECH, HarmCategory.HARM_CATEGORY_SEXUALLY_EXPLICIT, HarmCategory.HARM_CATEGORY_DANGEROUS_CONTENT, HarmCategory.HARM_CATEGORY_HARASSMENT, HarmCategory.HARM_CATEGORY_CIVIC_INTEGRITY)\n`,
  ],
  [
    'a level on 2.5',
    lite,
    under('x', { thinkingConfig: { thinkingLevel: 'LOW' } }),
    'Thinking level is not supported for this model.',
  ],
  [
    'MINIMAL on 3.8',
    newest,
    under('x', { thinkingConfig: { thinkingLevel: 'minimal' } }),
    'Thinking level MINIMAL is not supported for this model. Please retry with other thinking level.',
  ],
  [
    'MINIMAL on a pro model',
    'gemini-3.1-pro-preview',
    under('x', { thinkingConfig: { thinkingLevel: 'MINIMAL' } }),
    'Thinking level MINIMAL is not supported for this model. Please retry with other thinking level.',
  ],
  [
    'level and budget',
    newest,
    under('x', { thinkingConfig: { thinkingLevel: 'LOW', thinkingBudget: 100 } }),
    'You can only set only one of thinking budget and thinking level.',
  ],
  [
    'XHIGH on 3.8',
    newest,
    under('x', { thinkingConfig: { thinkingLevel: 'XHIGH' } }),
    'Thinking level XHIGH is not supported for this model. Please retry with other thinking level.',
  ],
  [
    'XHIGH on argon',
    'gemini-4-argon',
    under('x', { thinkingConfig: { thinkingLevel: 'XHIGH' } }),
    'Thinking level XHIGH is not supported for this model. Please retry with other thinking level.',
  ],
  [
    'MINIMAL on Gemini 4',
    'gemini-4-hydrogen',
    under('x', { thinkingConfig: { thinkingLevel: 'MINIMAL' } }),
    'Thinking level MINIMAL is not supported for this model. Please retry with other thinking level.',
  ],
  [
    'a budget on Gemini 4',
    'gemini-4-carbon',
    under('x', { thinkingConfig: { thinkingBudget: 1000 } }),
    'Thinking budget is not supported for this model.',
  ],
  [
    'a penalty on Gemini 4',
    'gemini-4-neon',
    under('x', { presencePenalty: 1 }),
    'Penalty is not enabled for this model',
  ],
  [
    'several candidates on Gemini 4',
    'gemini-4-hydrogen',
    under('x', { candidateCount: 2 }),
    'Multiple candidates is not enabled for this model',
  ],
  [
    'no thinking for 2.5-flash, by the rules of the model that answers',
    'gemini-2.5-flash',
    under('x', { thinkingConfig: { thinkingBudget: 0 } }),
    'Request contains an invalid argument.',
  ],
  [
    'a budget too large',
    'gemini-3.1-pro-preview',
    under('x', { thinkingConfig: { thinkingBudget: 52428 } }),
    'The thinking budget (52428) is invalid.',
  ],
  [
    'a budget too small',
    lite,
    under('x', { thinkingConfig: { thinkingBudget: 100 } }),
    'The thinking budget (100) is invalid.',
  ],
  [
    'no thinking on a pro model',
    'gemini-3.1-pro-preview',
    under('x', { thinkingConfig: { thinkingBudget: 0 } }),
    'Budget 0 is invalid. This model only works in thinking mode.',
  ],
  [
    'no thinking on 3.5-flash-lite, without a reason',
    'gemini-3.5-flash-lite',
    under('x', { thinkingConfig: { thinkingBudget: 0 } }),
    'Request contains an invalid argument.',
  ],
  [
    'thoughts without thinking',
    lite,
    under('x', { thinkingConfig: { thinkingBudget: 0, includeThoughts: true } }),
    'Thinking_config.include_thoughts is only enabled when thinking is enabled.',
  ],
  [
    'a last turn of the model on 3.6 and later',
    'gemini-3.6-flash',
    { contents: [{ parts: [{ text: 'x' }] }, { role: 'model', parts: [{ text: 'y' }] }] },
    'Please ensure that multiturn requests end with a user role or a function response.',
  ],
  [
    'the rules of the model that answers',
    'gemini-3.7-flash',
    under('x', { thinkingConfig: { thinkingLevel: 'MINIMAL' } }),
    'Thinking level MINIMAL is not supported for this model. Please retry with other thinking level.',
  ],
  [
    'a function of a bad name',
    lite,
    says('x', { tools: [{ functionDeclarations: [{ name: '1a' }] }] }),
    `${at}.tools[0].function_declarations[0].name: Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.\n`,
  ],
  [
    'a function twice',
    lite,
    says('x', { tools: [{ functionDeclarations: [{ name: 'a' }, { name: 'a' }] }] }),
    'Duplicate function declaration found: a',
  ],
  [
    'two schemas of parameters',
    lite,
    says('x', {
      tools: [
        { functionDeclarations: [{ name: 'a', parameters: { type: 'OBJECT' }, parametersJsonSchema: {} }] },
      ],
    }),
    `${at}.tools[0].function_declarations[0]: parameters and parameters_json_schema cannot both be set.\n`,
  ],
  [
    'a forced call of nothing',
    lite,
    says('x', { toolConfig: { functionCallingConfig: { mode: 'ANY' } } }),
    'Function calling config is set without function_declarations.',
  ],
  [
    'a choice of functions without any',
    lite,
    says('x', { toolConfig: { functionCallingConfig: { mode: 'AUTO' } } }),
    'Function calling config is set without function_declarations.',
  ],
  [
    'functions beside a tool of the service on 2.5',
    lite,
    says('x', { tools: [{ functionDeclarations: [{ name: 'a' }] }, { googleSearch: {} }] }),
    'Tool use with function calling is unsupported',
  ],
  [
    'functions beside a tool of the service on Gemini 3',
    newest,
    says('x', { tools: [{ functionDeclarations: [{ name: 'a' }] }, { urlContext: {} }] }),
    'Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling.',
  ],
  [
    'calls of the service’s tools in the turns of 2.5',
    lite,
    says('x', {
      tools: [{ functionDeclarations: [{ name: 'a' }] }],
      toolConfig: { includeServerSideToolInvocations: true },
    }),
    'Tool call context circulation is not enabled for models/gemini-2.5-flash-lite',
  ],
  [
    'functions and JSON on 2.5',
    lite,
    says('x', {
      tools: [{ functionDeclarations: [{ name: 'a' }] }],
      generationConfig: { responseMimeType: 'application/json' },
    }),
    "Function calling with a response mime type: 'application/json' is unsupported",
  ],
  [
    'every error of the declarations, one per line',
    lite,
    says('x', {
      tools: [
        {
          functionDeclarations: [
            {
              name: 'a',
              parameters: { type: 'OBJECT', properties: { b: { type: 'ARRAY' } }, required: ['c', 'd'] },
            },
            {
              name: 'e',
              parameters: { type: 'OBJECT', properties: { f: { type: 'STRING', enum: ['g', ''] } } },
            },
          ],
        },
      ],
    }),
    [
      'function_declarations[0].parameters.properties[b].items: missing field.',
      'function_declarations[0].parameters.required[0]: property is not defined',
      'function_declarations[0].parameters.required[1]: property is not defined',
      'function_declarations[1].parameters.properties[f].enum[1]: cannot be empty',
    ]
      .map((line) => `${at}.tools[0].${line}\n`)
      .join(''),
  ],
  [
    'each tool call and response without a name',
    lite,
    {
      contents: [
        { parts: [{ text: 'x' }] },
        { role: 'model', parts: [{ functionCall: {} }] },
        { parts: [{ functionResponse: { response: {} } }] },
      ],
    },
    `${at}.contents[1].parts[0].function_call.name: Name cannot be empty.\n${at}.contents[2].parts[0].function_response.name: Name cannot be empty.\n`,
  ],
  [
    'names allowed in AUTO',
    lite,
    says('x', {
      tools: [{ functionDeclarations: [{ name: 'a' }] }],
      toolConfig: { functionCallingConfig: { mode: 'AUTO', allowedFunctionNames: ['a'] } },
    }),
    `${at}.tool_config.function_calling_config.allowed_function_names: allowed_function_names should only be set when the mode is ANY or VALIDATED.\n`,
  ],
  [
    'a call that opens the contents',
    lite,
    { contents: [...calls('c2ln').slice(1), answerOf({ id: '1' })] },
    'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
  ],
  [
    'a call after another turn of the model',
    newest,
    {
      contents: [
        { parts: [{ text: 'Go.' }] },
        { role: 'model', parts: [{ text: 'I will.' }] },
        ...calls('c2ln').slice(1),
        answerOf({ id: '1' }),
      ],
    },
    'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
  ],
  [
    'a call without a response',
    newest,
    { contents: [...calls('c2ln'), { role: 'user', parts: [{ text: 'And?' }] }] },
    'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
  ],
  [
    'a call at the end',
    lite,
    { contents: calls() },
    'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
  ],
  [
    'a call at the end on 3.6 and later',
    newest,
    { contents: calls('c2ln') },
    'Please ensure that multiturn requests end with a user role or a function response.',
  ],
  [
    'a tool answer out of turn',
    lite,
    { contents: [{ parts: [{ text: 'x' }] }, answerOf({})] },
    'Please ensure that function response turn comes immediately after a function call turn.',
  ],
  [
    'too few tool answers',
    lite,
    {
      contents: [
        ...calls(),
        {
          role: 'user',
          parts: [
            { functionResponse: { name: 'a', response: {} } },
            { functionResponse: { name: 'b', response: {} } },
          ],
        },
      ],
    },
    'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
  ],
  [
    'a tool answer of another name',
    lite,
    { contents: [...calls(), answerOf({ name: 'b' })] },
    'Request contains an invalid argument.',
  ],
  [
    'a tool answer with another id on 3.5 and later',
    newest,
    { contents: [...calls('c2ln'), answerOf({ id: '2' })] },
    'Request contains an invalid argument.',
  ],
  [
    'a call without its signature on Gemini 4',
    'gemini-4-argon',
    { contents: [...calls(), answerOf({ id: '1' })] },
    'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call `a` , position 2.',
  ],
  [
    'a call without its signature on Gemini 3',
    newest,
    { contents: [...calls(), answerOf({ id: '1' })] },
    'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call `a` , position 2.',
  ],
])('it refuses %s', async ([, model, body, message, code = 400]) => {
  const answer = await call(model, 'generateContent', body);
  const { error } = answer.body as unknown as Failed;
  expect(error).toEqual({ code, message, status: code === 400 ? 'INVALID_ARGUMENT' : 'PERMISSION_DENIED' });
  expect(answer.status).toBe(code);
});

test('rejects a prompt that is too long, with both counts', async () => {
  const answer = await call(lite, 'generateContent', says(`a${' a'.repeat(1_048_576)}`));
  expect(answer.text).toContain(
    'The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).',
  );
});

test(`from 3.6 on ${words} are ignored`, async () => {
  const plain = await call(newest, 'generateContent', says('Tell of owls.'));
  const tuned = await call(
    newest,
    'generateContent',
    under('Tell of owls.', { temperature: 1.5, topP: 0.1, topK: 3 }),
  );
  expect(textOf(tuned.body)).toBe(textOf(plain.body));
});

test('Gemini 3 accepts functions with JSON, and with built-in tools if includeServerSideToolInvocations is set', async () => {
  const tools = [{ functionDeclarations: [{ name: 'a' }] }];
  const json = await call(newest, 'generateContent', {
    ...under('Hello.', { responseMimeType: 'application/json' }),
    tools,
  });
  expect(JSON.parse(textOf(json.body))).toHaveProperty('answer');
  const mixed = says('Hello.', {
    tools: [...tools, { googleSearch: {} }],
    toolConfig: { includeServerSideToolInvocations: true },
  });
  expect((await call(newest, 'generateContent', mixed)).status).toBe(200);
});

test.for<[unknown, string]>([
  [says('x'), 'standard'],
  [says('x', { serviceTier: 'flex' }), 'flex'],
  [says('x', { service_tier: 3 }), 'priority'],
])('%o is served by the tier %s, as header and usage say', async ([body, tier]) => {
  const response = await fetch(`${url}/v1beta/models/${newest}:generateContent?key=k`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(response.headers.get('x-gemini-service-tier')).toBe(tier);
  expect(((await response.json()) as { usageMetadata: JsonObject }).usageMetadata.serviceTier).toBe(tier);
});

test('answers a call sent back with its signature and response', async () => {
  const answer = await call(newest, 'generateContent', {
    contents: [...calls('c2ln'), answerOf({ id: '1', response: { sky: 'clear' } })],
  });
  expect(textOf(answer.body)).toBe('According to a: sky clear.');
  const nameless = await call(newest, 'generateContent', { contents: [...calls('c2ln'), answerOf({})] });
  expect(textOf(nameless.body)).toBe('According to a: nothing.');
  expect(reply(answer.body).candidates[0]?.finishReason).toBe('STOP');
});
