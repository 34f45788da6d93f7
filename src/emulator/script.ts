/** Reads a script: a YAML file of replies, errors and faults. */
import path from 'node:path';
import type { Report } from '../diagnostics/diagnostic.ts';
import { isMapNode, type SourceNode } from '../diagnostics/source-node.ts';
import { typeName, type JsonObject } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { compilePattern, PatternError } from '../lib/pattern.ts';
import { readSourceFile } from '../source/files.ts';
import { placeOfRoot, readYaml } from '../source/yaml.ts';
import { canAnswer, holds, methods, type Rule, type TextMatch, type When } from './rules.ts';
import { checkRule, checkScript, reportAt, scriptKeyNames } from './script-shape.ts';

export interface EmulatorScript {
  readonly seed?: number;
  /** Every answer waits up to so many milliseconds. */
  readonly jitter?: number;
  readonly quota?: { readonly rpm?: number; readonly tpm?: number };
  readonly replies: readonly Rule[];
}

const answers = ['reply', 'block', 'response', 'error', 'fault'];

/** Reads a script file, relative to `cwd`, and reports all its errors. Undefined if there are any. */
export async function readScript(
  file: string,
  report: Report,
  cwd = '',
): Promise<EmulatorScript | undefined> {
  let sound = true;
  const watched: Report = (diagnostic) => {
    if (diagnostic.severity === 'error') sound = false;
    report(diagnostic);
  };
  const source = readSourceFile(path.resolve(cwd, file), file.split(path.sep).join('/'), watched, {
    maxBytes: 5 * 1024 * 1024,
    what: 'emulator script',
    missingHelp: '--script names a file of replies and faults, relative to the working directory',
  });
  const raw = source && readYaml(source, watched);
  if (!source || raw === undefined) return undefined;
  if (!isMapNode(raw)) {
    watched({
      severity: 'error',
      code: 'wrong-type',
      message: `expected a map, received a ${typeName(raw.value)}`,
      place: placeOfRoot(source),
      help: `a script is a map with some of the keys ${scriptKeyNames.join(', ')}`,
    });
    return undefined;
  }
  checkScript(raw, watched);
  const list = raw.at('replies');
  const replies = list.items().flatMap((rule, index) => {
    if (isMapNode(rule)) return [readRule(rule, list, index, watched)];
    const message = `expected a rule, received a ${typeName(rule.value)}`;
    reportAt(watched, 'wrong-type', message, list, index, 'for example { reply: { text: It rains. } }');
    return [];
  });
  return sound ? { ...raw.value, replies } : undefined;
}

/** Reads the rule at `list[index]` and reports its errors. */
function readRule(rule: SourceNode<JsonObject>, list: SourceNode, index: number, report: Report): Rule {
  checkRule(rule, report);
  const given = answers.filter((key) => rule.value[key] !== undefined);
  if (given.length !== 1) {
    const key = given[1] ?? Object.keys(rule.value)[0];
    const message =
      given.length === 0
        ? 'the rule answers nothing'
        : `a rule has one answer, this one has ${given.join(', ')}`;
    const help = `give one of ${answers.join(', ')}`;
    if (key === undefined) reportAt(report, 'bad-rule', message, list, index, help);
    else reportAt(report, 'bad-rule', message, rule, key, help);
  }
  const when = rule.at('when');
  // The types were checked above; a script with errors is not used.
  const read: Rule = { ...rule.value, when: isMapNode(when) ? readWhen(when, report) : {} };
  if (isMapNode(when)) checkMethod(when, read, report);
  return read;
}

/** Reports a rule that could never be used: its method is unknown, or does not give such an answer. */
function checkMethod(when: SourceNode<JsonObject>, rule: Rule, report: Report): void {
  const { method } = rule.when;
  if (method === undefined) return;
  const matching = methods.filter((each) => holds(method, each));
  if (matching.length === 0) {
    const word =
      typeof when.value.method === 'string' ? when.value.method : (method.equals ?? method.contains);
    const near = word === undefined ? undefined : nearest(word, methods);
    const help =
      near === undefined ? `the methods are ${methods.join(', ')}` : `did you mean ${JSON.stringify(near)}?`;
    const name = word === undefined ? 'fits it' : `is ${JSON.stringify(word)}`;
    reportAt(report, 'unknown-value', `no method ${name}`, when, 'method', help);
  } else if (!matching.some((each) => canAnswer(rule, each)))
    reportAt(
      report,
      'misfit-answer',
      `${matching.join(' and ')} ${matching.length === 1 ? 'gives' : 'give'} no ${rule.reply === undefined ? 'block' : 'reply'}`,
      when,
      'method',
      'reply and block are answers of generateContent and streamGenerateContent; give response, error or fault',
    );
}

function readWhen(when: SourceNode<JsonObject>, report: Report): When {
  const read: Record<string, TextMatch> = {};
  for (const key of ['prompt', 'model', 'method']) {
    const match = readMatch(when.at(key), key, report);
    if (match) read[key] = match;
  }
  return read;
}

/** A plain text is contained in a prompt, and equals a model or a method. */
function readMatch(node: SourceNode, key: string, report: Report): TextMatch | undefined {
  const { value } = node;
  if (typeof value === 'string') {
    if (key === 'prompt') return { contains: value };
    // A rule for generateContent is for the streamed call as well.
    if (value === 'generateContent') return { matches: compilePattern('^(?:g|streamG)enerateContent$') };
    return { equals: value };
  }
  if (!isMapNode(node)) return undefined;
  const { contains, equals, matches } = node.value;
  const read: { -readonly [K in keyof TextMatch]: TextMatch[K] } = {};
  if (typeof contains === 'string') read.contains = contains;
  if (typeof equals === 'string') read.equals = equals;
  if (typeof matches === 'string') {
    try {
      read.matches = compilePattern(matches);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      const help = 'write \\( for a literal bracket';
      reportAt(report, 'invalid-pattern', error.message, node, 'matches', help);
    }
  }
  return read;
}
