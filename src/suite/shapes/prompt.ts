import { bothSpellings } from '../../gemini/messages.ts';
import {
  anything,
  byType,
  list,
  mapOf,
  object,
  optional,
  reference,
  text,
  type Shape,
} from '../../shape/shape.ts';

/** Texts and maps of parts are each defined once: the validator is that much smaller. */
const file = (doc: string, example: string): { optional: Shape<string> } =>
  optional(reference<string>('someText', { doc, example }));
const map = (doc: string, example: Record<string, string>): { optional: Shape<unknown> } =>
  optional(reference<unknown>('someMap', { doc, example }));

/** Fields of the API's Part by their names, and in snake_case as Google's examples for Python have them. */
const spelledBothWays = (
  fields: Record<string, { optional: Shape<unknown> }>,
): Record<string, { optional: Shape<unknown> }> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) =>
      bothSpellings(name).map((spelling) => [spelling, field] as const),
    ),
  );

const partFields = {
  text: file('A text.', 'What is this?'),
  file: file(
    'A file that holds the text, its path may be a template; data in .json and .yaml is sent as written.',
    'prompts/story.md',
  ),
  raw: file('A text in which braces are no templates.', 'Return {"a": {{x}} }'),
  image: file('A picture, sent as inlineData; its path may be a template.', 'images/scones.jpg'),
  audio: file('A sound file, sent as inlineData; its path may be a template.', 'sounds/call.mp3'),
  video: file('A film, sent as inlineData; its path may be a template.', 'films/walk.mp4'),
  pdf: file('A PDF, sent as inlineData; its path may be a template.', 'papers/one.pdf'),
  fileUri: file('A file the API knows: of the Files API, or an address.', 'https://example.com/a.png'),
  mimeType: file('Media type of fileUri.', 'image/png'),
  ...spelledBothWays({
    inlineData: map('The API’s inlineData.', { mimeType: 'image/png', data: '…' }),
    fileData: map('The API’s fileData.', { fileUri: 'files/abc' }),
    functionCall: map('The API’s functionCall.', { name: 'getWeather' }),
    functionResponse: map('The API’s functionResponse.', { name: 'getWeather' }),
    executableCode: map('The API’s executableCode.', { code: '1+1' }),
    codeExecutionResult: map('The API’s codeExecutionResult.', { output: '2' }),
    thoughtSignature: file('The API’s thoughtSignature.', 'base64…'),
    videoMetadata: map('The API’s videoMetadata.', { fps: '1' }),
    mediaResolution: map('The API’s mediaResolution of a part.', { level: 'MEDIA_RESOLUTION_LOW' }),
    partMetadata: map('The API’s partMetadata.', {}),
  }),
  thought: optional({
    schema: { type: 'boolean', description: 'Whether the part is a thought.', examples: [true] },
  }),
};
const titled = <T>(shape: Shape<T>, title: string): Shape<T> => ({ schema: { title, ...shape.schema } });
const partMap = reference<unknown>('part');
const part = byType({ text: text(), map: partMap });
const parts = byType({ text: text(), map: partMap, list: list(part, { min: 1 }) });
const modelTurn = byType({
  text: text(),
  map: partMap,
  list: list(part, { min: 1 }),
  none: { schema: {} },
});

const turnFields = {
  user: optional(
    reference<unknown>('turnParts', {
      doc: 'What the user says: a text, a part or a list of parts.',
      example: 'Name a fruit.',
    }),
  ),
  model: optional(
    reference<unknown>('modelParts', {
      doc: 'What the model said. Empty: the model answers here.',
      example: 'A pear.',
    }),
  ),
  function: optional(
    reference<unknown>('turnParts', {
      doc: 'The response of a function.',
      example: { functionResponse: { name: 'getWeather', response: { sky: 'clear' } } },
    }),
  ),
};

/** A named prompt: a text, one part, a list of parts, or a list of turns. */
export const promptShape = byType(
  {
    text: text(),
    map: partMap,
    list: list(byType({ text: text(), map: reference<unknown>('partOrTurn') }), { min: 1 }),
  },
  { doc: 'A text, a list of parts, or a list of chat turns.', example: 'Write a story about {{object}}.' },
);

/** `$defs` that prompts refer to. */
export const promptDefs = {
  someText: text({ minLength: 1 }).schema,
  someMap: mapOf(anything()).schema,
  part: titled(object(partFields, { min: 1 }), 'a part').schema,
  partOrTurn: titled(object({ ...partFields, ...turnFields }, { min: 1 }), 'a part or turn').schema,
  turnParts: parts.schema,
  modelParts: modelTurn.schema,
};
