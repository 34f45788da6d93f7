/** Decides which functions a model calls, and makes their arguments. */
import { plainText, type JsonObject } from '../lib/json.ts';
import { digest } from './random.ts';
import { fakeValue } from './fake-value.ts';
import type { Model } from './models.ts';
import type { FunctionDeclaration, GenerateRequest } from './request.ts';
import { topicOf } from './fake-text.ts';

/** Words in function names that do not say what a function is about. */
const verbs = new Set(
  'get set find fetch list make create update delete call do run show look lookup search add remove send read write is has to of by for'.split(
    ' ',
  ),
);

/** The calls of a model: one for each function that the prompt names; in mode ANY at least one. */
export function chooseCalls(
  request: GenerateRequest,
  prompt: string,
  seed: string,
  { fromGemini3, needsComputer }: Model,
): JsonObject[] {
  const { mode = 'AUTO', allowedFunctionNames = [] } = request.toolConfig?.functionCallingConfig ?? {};
  const declared = (request.tools ?? []).flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  const allowed =
    allowedFunctionNames.length === 0
      ? declared
      : declared.filter(({ name = '' }) => allowedFunctionNames.includes(name));
  if (mode === 'NONE') return [];
  // A tool that has just answered is not called again, unless the mode forces a call.
  const answered = request.contents?.at(-1)?.parts?.some((part) => part.functionResponse) ?? false;
  let chosen = answered && mode !== 'ANY' ? [] : allowed.filter((each) => isNamed(each, prompt));
  if (chosen.length === 0 && mode === 'ANY' && allowed.length > 0) chosen = [nearestTo(prompt, allowed)];
  const calls = chosen.map((each) => ({ name: each.name ?? '', args: argumentsFor(each, prompt, seed) }));
  if (calls.length === 0 && !answered) calls.push(...computerCalls(request, prompt, needsComputer));
  return calls.map((call, index) => ({
    ...(fromGemini3 ? { id: digest(seed, 'call', String(index)).toString('hex').slice(0, 8) } : {}),
    ...call,
  }));
}

/** The call of a model with a computer: opens the page that the prompt names, or the browser where `always` forces a call. */
function computerCalls(
  { tools = [] }: GenerateRequest,
  prompt: string,
  always: boolean,
): { name: string; args: JsonObject }[] {
  const computer = tools.find(({ computerUse }) => computerUse)?.computerUse;
  const [url] = /https?:\/\/[^\s"'<>)]+/.exec(prompt) ?? [];
  const call =
    url === undefined ? { name: 'open_web_browser', args: {} } : { name: 'navigate', args: { url } };
  const may =
    computer && (url !== undefined || always) && !computer.excludedPredefinedFunctions?.includes(call.name);
  return may ? [call] : [];
}

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !verbs.has(word));

/** A prompt names a function by its name, or by all words of the name that are not verbs. */
function isNamed({ name = '' }: FunctionDeclaration, prompt: string): boolean {
  const lower = prompt.toLowerCase();
  if (name !== '' && lower.includes(name.toLowerCase())) return true;
  const words = wordsOf(name);
  const spoken = new Set(lower.match(/[\p{L}\p{N}]+/gu) ?? []);
  return words.length > 0 && words.every((word) => spoken.has(word) || spoken.has(`${word}s`));
}

function nearestTo(prompt: string, functions: readonly FunctionDeclaration[]): FunctionDeclaration {
  const spoken = new Set(topicOf(prompt).map((word) => word.toLowerCase()));
  let best = functions[0] ?? {};
  let most = 0;
  for (const each of functions) {
    const shared = [...wordsOf(each.name ?? ''), ...topicOf(each.description ?? '')].filter((word) =>
      spoken.has(word.toLowerCase()),
    ).length;
    if (shared > most) [best, most] = [each, shared];
  }
  return best;
}

/** Arguments that fit the parameters: quoted texts, names and numbers of the prompt where they fit. */
function argumentsFor(
  { parameters, parametersJsonSchema }: FunctionDeclaration,
  prompt: string,
  seed: string,
): JsonObject {
  const schema = parameters ?? parametersJsonSchema;
  if (schema === undefined) return {};
  const quoted = [...prompt.matchAll(/["“]([^"”]+)["”]/g)].map((match) => match[1] ?? '');
  const proper = prompt.match(/(?<![.!?]\s|^)\p{Lu}[\p{L}-]+(?: \p{Lu}[\p{L}-]+)*/gu) ?? [];
  const made = fakeValue(schema, seed, {
    texts: [...quoted, ...proper],
    numbers: (prompt.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number),
  });
  return typeof made === 'object' && made !== null && !Array.isArray(made) ? made : { value: made };
}

/** What a model says about the function responses of the last turn; undefined if there are none. */
export function describeToolAnswers(request: GenerateRequest): string | undefined {
  const answers = (request.contents?.at(-1)?.parts ?? []).flatMap(({ functionResponse }) =>
    functionResponse ? [functionResponse] : [],
  );
  if (answers.length === 0) return undefined;
  return answers
    .map(({ name = 'the tool', response = {} }) => {
      const values = Object.entries(response).map(([key, value]) => `${key} ${plainText(value, 'nothing')}`);
      return `According to ${name}: ${values.join(', ') || 'nothing'}.`;
    })
    .join(' ');
}
