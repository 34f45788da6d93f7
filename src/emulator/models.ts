/** The models the emulator offers (the API's list, autumn 2026), told independently of the client's own table. */
export interface EmulatedModel {
  readonly id: string;
  readonly input: number;
  readonly output: number;
  readonly thinks: boolean;
  readonly embeds: boolean;
  /** The model that answers where this one is superseded. */
  readonly routedTo?: string;
}

const text = (id: string, routedTo?: string): EmulatedModel => ({
  id,
  input: 1_048_576,
  output: 65_536,
  thinks: true,
  embeds: false,
  ...(routedTo === undefined ? {} : { routedTo }),
});

const listed: readonly EmulatedModel[] = [
  text('gemini-3.8-flash'),
  text('gemini-3.7-flash', 'gemini-3.8-flash'),
  text('gemini-3.6-flash'),
  text('gemini-3.5-flash'),
  text('gemini-3.5-flash-lite'),
  text('gemini-3.1-pro-preview'),
  text('gemini-3.1-flash-lite'),
  text('gemini-3-flash-preview'),
  text('gemini-2.5-pro'),
  text('gemini-2.5-flash'),
  text('gemini-2.5-flash-lite'),
  { id: 'gemini-embedding-001', input: 2048, output: 1, thinks: false, embeds: true },
  { id: 'gemini-embedding-2', input: 8192, output: 1, thinks: false, embeds: true },
];

export const models: ReadonlyMap<string, EmulatedModel> = new Map(listed.map((model) => [model.id, model]));

/** A model as models.get tells it. */
export function describeModel({ id, input, output, thinks, embeds }: EmulatedModel): object {
  return {
    name: `models/${id}`,
    version: id.replace('gemini-', ''),
    displayName: id
      .split('-')
      .map((word) => word[0]?.toUpperCase() + word.slice(1))
      .join(' '),
    inputTokenLimit: input,
    outputTokenLimit: output,
    supportedGenerationMethods: embeds
      ? ['embedContent', 'countTextTokens', 'countTokens', 'asyncBatchEmbedContent']
      : ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent'],
    ...(embeds ? {} : { temperature: 1, topP: 0.95, topK: 64, maxTemperature: 2 }),
    ...(thinks ? { thinking: true } : {}),
  };
}
