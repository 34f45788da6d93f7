/** The tables in src/ have what the API's description has; the description itself finds what it must. */
import { describe, expect, test } from 'vitest';
import { enumTable, messageTable } from '../../src/emulator/message-table.ts';
import { enumValues } from '../../src/emulator/message.ts';
import { enums as clientEnums, type EnumName } from '../../src/gemini/enums.ts';
import { messageFields, messages as clientMessages } from '../../src/gemini/messages.ts';
import { embeddingFields, generationFields, requestFields } from '../../src/gemini/fields.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { fieldShapes } from '../../src/suite/shapes/config.ts';
import { enums, holes, messages, misfits } from './description.ts';

const fieldsOf = (message: string): string[] => Object.keys(messages[message] ?? {});

test('the description defines every type it names', () => {
  expect(holes()).toEqual([]);
});

describe('misfits finds', () => {
  const text = { contents: [{ parts: [{ text: 'x' }] }] };
  test.for<[string, string, JsonValue, string[]]>([
    ['nothing in a sound request', 'GenerateContentRequest', text, []],
    ['what is missing', 'GenerateContentRequest', {}, ['contents: missing']],
    ['unknown fields', 'GenerateContentRequest', { ...text, temperature: 1 }, ['temperature: unknown field']],
    [
      'other spellings',
      'GenerateContentRequest',
      { ...text, generation_config: {} },
      ['generation_config: unknown field'],
    ],
    [
      'single objects for lists',
      'GenerateContentRequest',
      { contents: { parts: [] } },
      ['contents: no list'],
    ],
    [
      'wrong types and values, however deep',
      'GenerateContentRequest',
      {
        contents: [{ parts: [{ text: 5, inlineData: { mimeType: 'image/png', data: '*' } }] }],
        generationConfig: {
          topK: 1.5,
          responseSchema: { type: 'OBJECT', properties: { a: { type: 'object', const: 1 } } },
        },
        tools: [{ functionDeclarations: [{ name: 'a', description: 'b', behavior: 1 }] }],
      },
      [
        'contents[0].parts[0].text: no string',
        'contents[0].parts[0].inlineData.data: no bytes',
        'contents[0].parts[0]: text and inlineData together',
        'generationConfig.topK: no int32',
        'generationConfig.responseSchema.properties[a].type: no SchemaType',
        'generationConfig.responseSchema.properties[a].const: unknown field',
        'tools[0].functionDeclarations[0].behavior: no Behavior',
      ],
    ],
    [
      'requests within requests',
      'BatchEmbedContentsRequest',
      { requests: [{ content: { parts: [{ text: 'x' }] } }] },
      ['requests[0].model: missing'],
    ],
  ])('%s', ([, message, body, expected]) => {
    expect(misfits(message, body)).toEqual(expected);
  });
});

describe('the client', () => {
  /** Fields that a suite writes elsewhere or not at all: see docs/api-coverage.md. */
  const elsewhere: Record<string, string[]> = {
    GenerateContentRequest: ['model', 'contents', 'generationConfig', 'continuationToken'],
    GenerationConfig: ['_responseJsonSchema'],
    EmbedContentRequest: ['model', 'content'],
  };
  test.for<[string, readonly string[]]>([
    ['GenerateContentRequest', requestFields],
    ['GenerationConfig', generationFields],
    ['EmbedContentRequest', embeddingFields],
  ])('has exactly the fields of %s', ([message, own]) => {
    expect([...own, ...(elsewhere[message] ?? [])].toSorted()).toEqual(fieldsOf(message).toSorted());
    for (const field of own) expect(fieldShapes).toHaveProperty(field);
  });

  test.for<[string, keyof typeof fieldShapes]>([
    ['ThinkingConfig', 'thinkingConfig'],
    ['ImageConfig', 'imageConfig'],
    ['EmbedContentConfig', 'embedContentConfig'],
  ])('lets a suite write every field of %s', ([message, field]) => {
    const { properties } = fieldShapes[field].schema as { properties: object };
    expect(Object.keys(properties).toSorted()).toEqual(fieldsOf(message).toSorted());
  });

  // A media type is a plain text to the API; that it takes but three is said in words. Codes are google.rpc's.
  type ApiEnum = Exclude<EnumName, 'responseMimeType' | 'rpcStatus'>;
  const named: Record<ApiEnum, string> = {
    finishReason: 'FinishReason',
    blockReason: 'BlockReason',
    harmCategory: 'HarmCategory',
    harmThreshold: 'HarmBlockThreshold',
    harmProbability: 'HarmProbability',
    taskType: 'TaskType',
    thinkingLevel: 'ThinkingLevel',
    responseModality: 'Modality',
    modality: 'TokenModality',
    mediaResolution: 'ConfigMediaResolution',
    partMediaResolution: 'PartMediaResolution',
    functionCallingMode: 'FunctionCallingMode',
    functionBehavior: 'Behavior',
    functionScheduling: 'Scheduling',
    schemaType: 'SchemaType',
    serviceTier: 'ServiceTier',
    codeLanguage: 'Language',
    codeOutcome: 'CodeOutcome',
    computerEnvironment: 'ComputerEnvironment',
    computerPolicy: 'ComputerPolicy',
    mediaProcessing: 'MediaProcessing',
    dynamicRetrievalMode: 'DynamicRetrievalMode',
    toolType: 'ToolType',
    urlRetrievalStatus: 'UrlRetrievalStatus',
    modelStage: 'ModelStage',
  };
  test.for(Object.entries(named))('has every value of %s', ([name, other]) => {
    expect([...clientEnums[name as ApiEnum]].toSorted()).toEqual([...(enums[other] ?? [])].toSorted());
  });

  test('has every enum of the API description', () => {
    expect(Object.values(named).toSorted()).toEqual(Object.keys(enums).toSorted());
  });
});

describe('suites in the words of the API', () => {
  test.for(Object.keys(clientMessages))('has exactly the fields of %s', (message) => {
    const fields = clientMessages[message] ?? {};
    // Free maps are described as such.
    if (messages[message]) expect(Object.keys(fields).toSorted()).toEqual(fieldsOf(message).toSorted());
    for (const [name, type] of Object.entries(fields)) {
      const described = (messages[message]?.[name] ?? '').replace(/!|\[\]/g, '');
      const inner = /^map<(.*)>$/.exec(described)?.[1] ?? described;
      const isMap = inner !== described && inner !== 'string';
      if (type !== null && 'text' in type) expect(['string', 'bytes', 'duration']).toContain(inner);
      expect([name, type !== null && 'message' in type ? [type.message, type.map ?? false] : []]).toEqual([
        name,
        messages[inner] ? [inner, isMap] : [],
      ]);
      expect([name, type !== null && 'enum' in type]).toEqual([name, enums[inner] !== undefined]);
    }
  });

  test.for(Object.entries(messageFields))('%s is the message %s', ([field, message]) => {
    const requests = [
      messages.GenerationConfig,
      messages.GenerateContentRequest,
      messages.EmbedContentRequest,
    ];
    const described = requests.map((each) => each?.[field]).find(Boolean) ?? '';
    expect(described.replace('[]', '')).toBe(message);
  });
});

describe('the emulator', () => {
  /** Bound to the path as well; the service takes them in the body. */
  const bound: Record<string, string[]> = {
    CountTokensRequest: ['model'],
    BatchEmbedContentsRequest: ['model'],
  };
  const own = (message: string): [string, string][] =>
    [...(messageTable[message] ?? '').matchAll(/(\w+):([^\s()]+)/g)].map(([, name = '', type = '']) => [
      name,
      type,
    ]);
  const shapeOf = (type: string): string =>
    type.startsWith('[') ? 'list' : type.startsWith('{') ? 'map' : 'one';

  test.for(Object.keys(messages))('reads exactly the fields of %s', (message) => {
    const fields = own(message).filter(([name]) => !bound[message]?.includes(name));
    expect(fields.map(([name]) => name).toSorted()).toEqual(fieldsOf(message).toSorted());
    for (const [name, type] of fields) {
      const described = (messages[message]?.[name] ?? '').replace('!', '');
      const shape = described.endsWith('[]') ? 'list' : described.startsWith('map<') ? 'map' : 'one';
      expect([name, shapeOf(type)]).toEqual([name, shape]);
    }
  });

  test.for<[string, string]>(
    Object.keys(messages).flatMap((message) =>
      own(message).flatMap(([name, type]): [string, string][] => {
        const inner = /#([\w.]+)/.exec(type)?.[1];
        return inner === undefined ? [] : [[inner, (messages[message]?.[name] ?? '').replace(/!|\[\]/g, '')]];
      }),
    ),
  )('has the values of %s in the order of their numbers', ([name, described]) => {
    expect(Object.keys(enumTable)).toContain(name);
    const values = enums[described]?.map((value) =>
      described === 'ServiceTier' ? value.toUpperCase() : value,
    );
    expect(enumValues.get(name)).toEqual(values);
  });
});
