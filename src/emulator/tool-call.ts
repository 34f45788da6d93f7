/** Decides whether a request gets calls of its functions, and makes their arguments. */
import { plainText, type JsonObject } from '../lib/json.ts';
import { digest } from './chance.ts';
import { fakeValue } from './fake-value.ts';
import type { EmulatedModel } from './models.ts';
import type { FunctionDeclaration, GenerateRequest } from './request.ts';
import { topicOf } from './words.ts';

/** Words of function names that say nothing of what a function is about. */
const verbs = new Set(
  'get set find fetch list make create update delete call do run show look lookup search add remove send read write is has to of by for'.split(
    ' ',
  ),
);

/** The calls a model makes: none, one, or one for each function that the prompt names. */
export function chooseCalls(
  request: GenerateRequest,
  prompt: string,
  salt: string,
  { third, needsComputer }: EmulatedModel,
): JsonObject[] {
  const { mode = 'AUTO', allowedFunctionNames = [] } = request.toolConfig?.functionCallingConfig ?? {};
  const declared = (request.tools ?? []).flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  const open =
    allowedFunctionNames.length === 0
      ? declared
      : declared.filter(({ name = '' }) => allowedFunctionNames.includes(name));
  if (mode === 'NONE') return [];
  // A tool that has just answered is not asked again, unless the caller forces a call.
  const answered = request.contents?.at(-1)?.parts?.some((part) => part.functionResponse) ?? false;
  let chosen = answered && mode !== 'ANY' ? [] : open.filter((each) => isNamed(each, prompt));
  if (chosen.length === 0 && mode === 'ANY' && open.length > 0) chosen = [nearestTo(prompt, open)];
  const calls = chosen.map((each) => ({ name: each.name ?? '', args: argumentsFor(each, prompt, salt) }));
  if (calls.length === 0 && !answered) calls.push(...screenCalls(request, prompt, needsComputer));
  return calls.map((call, index) => ({
    ...(third ? { id: digest(salt, 'call', String(index)).toString('hex').slice(0, 8) } : {}),
    ...call,
  }));
}

/** What a model does with a screen that it was given: it opens the page that the prompt names, or else, where it can do nothing else, the browser. */
function screenCalls(
  { tools = [] }: GenerateRequest,
  prompt: string,
  always: boolean,
): { name: string; args: JsonObject }[] {
  const screen = tools.find(({ computerUse }) => computerUse)?.computerUse;
  const [url] = /https?:\/\/[^\s"'<>)]+/.exec(prompt) ?? [];
  const call =
    url === undefined ? { name: 'open_web_browser', args: {} } : { name: 'navigate', args: { url } };
  const may =
    screen && (url !== undefined || always) && !screen.excludedPredefinedFunctions?.includes(call.name);
  return may ? [call] : [];
}

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !verbs.has(word));

/** A prompt names a function by its name, or by every word of its name that means something. */
function isNamed({ name = '' }: FunctionDeclaration, prompt: string): boolean {
  const lower = prompt.toLowerCase();
  if (name !== '' && lower.includes(name.toLowerCase())) return true;
  const words = wordsOf(name);
  const spoken = new Set(lower.match(/[\p{L}\p{N}]+/gu) ?? []);
  return words.length > 0 && words.every((word) => spoken.has(word) || spoken.has(`${word}s`));
}

function nearestTo(prompt: string, open: readonly FunctionDeclaration[]): FunctionDeclaration {
  const spoken = new Set(topicOf(prompt).map((word) => word.toLowerCase()));
  let best = open[0] ?? {};
  let most = 0;
  for (const each of open) {
    const shared = [...wordsOf(each.name ?? ''), ...topicOf(each.description ?? '')].filter((word) =>
      spoken.has(word.toLowerCase()),
    ).length;
    if (shared > most) [best, most] = [each, shared];
  }
  return best;
}

/** Arguments that fit the parameters: names and numbers of the prompt where they fit, else made up. */
function argumentsFor(
  { parameters, parametersJsonSchema }: FunctionDeclaration,
  prompt: string,
  salt: string,
): JsonObject {
  const schema = parameters ?? parametersJsonSchema;
  if (schema === undefined) return {};
  const quoted = [...prompt.matchAll(/["“]([^"”]+)["”]/g)].map((match) => match[1] ?? '');
  const proper = prompt.match(/(?<![.!?]\s|^)\p{Lu}[\p{L}-]+(?: \p{Lu}[\p{L}-]+)*/gu) ?? [];
  const made = fakeValue(schema, salt, {
    texts: [...quoted, ...proper],
    numbers: (prompt.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number),
  });
  return typeof made === 'object' && made !== null && !Array.isArray(made) ? made : { value: made };
}

/** What a model says once a tool has answered: the answer, in words. */
export function tellAnswers(request: GenerateRequest): string | undefined {
  const answers = (request.contents?.at(-1)?.parts ?? []).flatMap(({ functionResponse }) =>
    functionResponse ? [functionResponse] : [],
  );
  if (answers.length === 0) return undefined;
  return answers
    .map(({ name = 'the tool', response = {} }) => {
      const told = Object.entries(response).map(([key, value]) => `${key} ${plainText(value, 'nothing')}`);
      return `According to ${name}: ${told.join(', ') || 'nothing'}.`;
    })
    .join(' ');
}
