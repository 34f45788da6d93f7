import path from 'node:path';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { isObject, plainText, typeName, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { compilePattern, PatternError, type Pattern } from '../lib/pattern.ts';
import { readSourceFile } from '../source/files.ts';
import { placeOfRoot, readYaml } from '../source/yaml.ts';

/** What a rule looks at. */
export interface When {
  readonly prompt?: { readonly contains?: string; readonly equals?: string; readonly matches?: Pattern };
  readonly model?: string;
  readonly method?: string;
}

/** One rule: when it fits, how often, and what it answers. Exactly one of reply, block, response, error, fault. */
export interface Rule {
  readonly when: When;
  readonly times?: number;
  readonly probability?: number;
  readonly delay: number;
  readonly chunks?: number;
  readonly chunkDelay: number;
  readonly reply?: JsonObject;
  readonly block?: string;
  readonly response?: JsonValue;
  readonly error?: JsonObject;
  readonly fault?: string;
}

export interface EmulatorScript {
  readonly seed?: number;
  readonly jitter?: number;
  readonly quota?: { readonly rpm?: number; readonly tpm?: number };
  readonly replies: readonly Rule[];
}

const faults = ['reset', 'hang', 'stall', 'cut', 'malformed', 'html', 'midStreamError'];
const answers = ['reply', 'block', 'response', 'error', 'fault'];
const known = {
  script: ['seed', 'jitter', 'quota', 'replies'],
  quota: ['rpm', 'tpm'],
  rule: ['when', 'times', 'probability', 'delay', 'chunks', 'chunkDelay', ...answers],
  when: ['prompt', 'model', 'method'],
  prompt: ['contains', 'equals', 'matches'],
  reply: [
    'text',
    'finishReason',
    'finishMessage',
    'thoughts',
    'safetyRatings',
    'usageMetadata',
    'functionCall',
  ],
  error: ['code', 'status', 'message', 'reason', 'retryDelay', 'quota'],
};

/** Reads a script file; every fault is reported with its place. */
export async function readScript(file: string, report: Report): Promise<EmulatorScript | undefined> {
  let sound = true;
  const watched: Report = (diagnostic) => {
    if (diagnostic.severity === 'error') sound = false;
    report(diagnostic);
  };
  const source = await readSourceFile(path.resolve(file), file.split(path.sep).join('/'), watched, {
    maxBytes: 5 * 1024 * 1024,
  });
  const raw = source && readYaml(source, watched);
  if (!source || raw === undefined) return undefined;
  if (!isObject(raw)) {
    watched({
      severity: 'error',
      code: 'wrong-type',
      message: `expected a map, received a ${typeName(raw)}`,
      place: placeOfRoot(source),
    });
    return undefined;
  }
  checkKeys(raw, 'script', watched);
  const quota = isObject(raw.quota) ? raw.quota : undefined;
  if (quota) checkKeys(quota, 'quota', watched);
  const list = Array.isArray(raw.replies) ? raw.replies : [];
  const replies = list.flatMap((rule, index) => {
    if (isObject(rule)) return [readRule(rule, watched)];
    fault(
      watched,
      { severity: 'error', code: 'wrong-type', message: `expected a rule, received a ${typeName(rule)}` },
      list,
      index,
    );
    return [];
  });
  if (!sound) return undefined;
  return {
    replies,
    ...numbers(raw, ['seed', 'jitter'], watched),
    ...(quota ? { quota: numbers(quota, ['rpm', 'tpm'], watched) } : {}),
  };
}

function fault(report: Report, diagnostic: Diagnostic, container: object, key: string | number): void {
  const place = keyPlace(container, key) ?? valuePlace(container, key);
  report({ ...diagnostic, ...(place ? { place } : {}) });
}

function checkKeys(map: JsonObject, what: keyof typeof known, report: Report): void {
  for (const key of Object.keys(map)) {
    if (known[what].includes(key)) continue;
    const near = nearest(key, known[what]);
    fault(
      report,
      {
        severity: 'error',
        code: 'unknown-key',
        message: `unknown key ${JSON.stringify(key)} in a ${what}`,
        help:
          near === undefined
            ? `the keys are ${known[what].join(', ')}`
            : `did you mean ${JSON.stringify(near)}?`,
      },
      map,
      key,
    );
  }
}

function numbers<K extends string>(
  map: JsonObject,
  keys: readonly K[],
  report: Report,
): { [P in K]?: number } {
  const found: { [P in K]?: number } = {};
  for (const key of keys) {
    const value = map[key];
    if (value === undefined) continue;
    if (typeof value === 'number' && value >= 0) found[key] = value;
    else
      fault(
        report,
        {
          severity: 'error',
          code: 'wrong-type',
          message: `expected a number of at least 0, received ${JSON.stringify(value)}`,
        },
        map,
        key,
      );
  }
  return found;
}

function readRule(rule: JsonObject, report: Report): Rule {
  checkKeys(rule, 'rule', report);
  const given = answers.filter((key) => rule[key] !== undefined);
  if (given.length !== 1) {
    fault(
      report,
      {
        severity: 'error',
        code: 'bad-rule',
        message:
          given.length === 0
            ? 'the rule answers nothing'
            : `a rule has one answer, this one has ${given.join(', ')}`,
        help: `give one of ${answers.join(', ')}`,
      },
      rule,
      given[1] ?? Object.keys(rule)[0] ?? '',
    );
  }
  if (isObject(rule.reply)) checkKeys(rule.reply, 'reply', report);
  if (isObject(rule.error)) checkKeys(rule.error, 'error', report);
  if (rule.fault !== undefined && !faults.includes(plainText(rule.fault))) {
    fault(
      report,
      {
        severity: 'error',
        code: 'unknown-value',
        message: `unknown fault ${JSON.stringify(rule.fault)}`,
        help: `the faults are ${faults.join(', ')}`,
      },
      rule,
      'fault',
    );
  }
  const {
    delay = 0,
    chunkDelay = 0,
    ...rest
  } = numbers(rule, ['times', 'probability', 'delay', 'chunks', 'chunkDelay'], report);
  return {
    when: isObject(rule.when) ? readWhen(rule.when, report) : {},
    delay,
    chunkDelay,
    ...rest,
    ...(isObject(rule.reply) ? { reply: rule.reply } : {}),
    ...(typeof rule.block === 'string' ? { block: rule.block } : {}),
    ...(rule.response === undefined ? {} : { response: rule.response }),
    ...(isObject(rule.error) ? { error: rule.error } : {}),
    ...(typeof rule.fault === 'string' ? { fault: rule.fault } : {}),
  };
}

function readWhen(when: JsonObject, report: Report): When {
  checkKeys(when, 'when', report);
  const prompt = isObject(when.prompt) ? when.prompt : undefined;
  if (prompt) checkKeys(prompt, 'prompt', report);
  let matches: Pattern | undefined;
  if (prompt && typeof prompt.matches === 'string') {
    try {
      matches = compilePattern(prompt.matches);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      fault(
        report,
        { severity: 'error', code: 'invalid-pattern', message: error.message },
        prompt,
        'matches',
      );
    }
  }
  return {
    ...(prompt
      ? {
          prompt: {
            ...(typeof prompt.contains === 'string' ? { contains: prompt.contains } : {}),
            ...(typeof prompt.equals === 'string' ? { equals: prompt.equals } : {}),
            ...(matches ? { matches } : {}),
          },
        }
      : {}),
    ...(typeof when.model === 'string' ? { model: when.model } : {}),
    ...(typeof when.method === 'string' ? { method: when.method } : {}),
  };
}
