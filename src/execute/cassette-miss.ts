import { isObject, type JsonValue } from '../lib/json.ts';
import { cut, redact } from '../lib/redact.ts';
import type { Case } from '../plan/case.ts';
import { digestedBody } from '../plan/fingerprint.ts';
import type { Recording } from './cassette-file.ts';

const mostShown = 3;
const mostCharacters = 60;

/** Why a cassette has no reply: the nearest recording, and where the request differs from it. */
export function cassetteMiss(testCase: Case, trial: number, recordings: readonly Recording[]): string {
  const own = recordings.find(({ suite, case: id }) => suite === testCase.suite.name && id === testCase.id);
  if (own?.fingerprint === testCase.fingerprint)
    return `the cassette holds ${own.trials.length} of this case's trials, not number ${trial}: record it again with these repeats`;
  const leaves = leavesOf(testCase, digestedBody(testCase.request.body) as JsonValue);
  let nearest = own;
  let differences = own && differencesOf(leaves, leavesOf(own, own.request));
  let likeness = 0;
  for (const each of own ? [] : recordings) {
    const found = differencesOf(leaves, leavesOf(each, each.request));
    const alike = sharedNames(testCase.id, each.case);
    const worse = differences && found.length >= differences.length;
    if (worse && (found.length > (differences?.length ?? 0) || alike <= likeness)) continue;
    nearest = each;
    differences = found;
    likeness = alike;
  }
  if (!nearest || !differences) return 'the cassette has no reply to this request: it is empty';
  // Hidden values are not recorded, so a difference in one cannot be shown.
  if (differences.length === 0) differences = [hiddenDifference(leaves)];
  const more = differences.length > mostShown ? [`and ${differences.length - mostShown} more`] : [];
  const which = own
    ? 'this case was recorded with another request'
    : `the nearest recording is that of ${nearest.suite}: ${nearest.case}`;
  return `the cassette has no reply to this request; ${which}: ${[...differences.slice(0, mostShown), ...more].join('; ')}`;
}

/** Where nothing visible differs: which variables of the environment are hidden in the request. */
function hiddenDifference(leaves: Leaves): string {
  const text = redact([...leaves.values()].join('\n'));
  const names = new Set([...text.matchAll(/\[(?:env|redacted):(\w+)/g)].map(([, name = '']) => name));
  if (names.size === 0) return 'the difference is in a hidden value';
  const which = names.size === 1 ? 'the environment variable' : 'one of the environment variables';
  return `the difference is in the hidden value of ${which} ${[...names].join(', ')}`;
}

/** How many names two case ids share: of requests that differ as much, the one of the same test and prompt is nearer. */
function sharedNames(a: string, b: string): number {
  const names = new Set(a.split(' / '));
  return b.split(' / ').filter((name) => names.has(name)).length;
}

type Leaves = ReadonlyMap<string, string>;

function leavesOf(
  { method, model }: { method: string; model?: string | undefined },
  request: JsonValue,
): Leaves {
  const leaves = new Map([
    ['method', method],
    ['model', model ?? 'none'],
  ]);
  const visit = (value: JsonValue, path: string): void => {
    if (Array.isArray(value)) value.forEach((item, index) => visit(item, `${path}[${index}]`));
    else if (isObject(value))
      for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}.${key}`);
    else leaves.set(path, JSON.stringify(value));
  };
  visit(request, '');
  return leaves;
}

function differencesOf(now: Leaves, before: Leaves): string[] {
  const found: string[] = [];
  for (const [path, value] of now) {
    const was = before.get(path);
    if (was === undefined) found.push(`${path} is new: ${excerpt(value)}`);
    else if (was !== value) found.push(`${path} was ${excerpt(was)}, is ${excerpt(value)}`);
  }
  for (const path of before.keys()) if (!now.has(path)) found.push(`${path} is gone`);
  return found;
}

function excerpt(text: string): string {
  return text.length > mostCharacters ? `${cut(text, mostCharacters)}…` : text;
}
