/** Words of other APIs and tools for a key, where the spelling is too different to suggest it. */
const synonyms = new Map([
  ['stop', 'stopSequences'],
  ['maxTokens', 'maxOutputTokens'],
  ['maxCompletionTokens', 'maxOutputTokens'],
  ['maxNewTokens', 'maxOutputTokens'],
  ['n', 'candidateCount'],
  ['topLogprobs', 'logprobs'],
  ['system', 'systemInstruction'],
  ['systemPrompt', 'systemInstruction'],
  ['instructions', 'systemInstruction'],
  ['functions', 'tools'],
  ['functionDeclarations', 'tools'],
  ['toolChoice', 'toolConfig'],
  ['functionCallingConfig', 'toolConfig'],
  ['jsonSchema', 'responseJsonSchema'],
  ['schema', 'responseJsonSchema'],
  ['outputSchema', 'responseJsonSchema'],
  ['modalities', 'responseModalities'],
  ['voice', 'speechConfig'],
  ['reasoning', 'thinkingConfig'],
  ['reasoningEffort', 'thinkingConfig'],
  ['thinking', 'thinkingConfig'],
  ['thinkingLevel', 'thinkingConfig'],
  ['thinkingBudget', 'thinkingConfig'],
  ['includeThoughts', 'thinkingConfig'],
  ['safety', 'safetySettings'],
  ['dimensions', 'outputDimensionality'],
]);

/** The one of the known keys that another key means: the same in snake_case, or by another name. */
export function synonymOf(key: string, known: readonly string[]): string | undefined {
  const camel = key.replaceAll(/[_-]+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
  return [camel, synonyms.get(camel)].find((each) => each !== undefined && known.includes(each));
}
