/** Reads a script: what the emulator answers, and how it fails, on demand. */
import path from 'node:path';
import type { Report } from '../diagnostics/diagnostic.ts';
import { isObject, typeName } from '../lib/json.ts';
import { readSourceFile } from '../source/files.ts';
import { placeOfRoot, readYaml } from '../source/yaml.ts';
import type { Rule } from './rules.ts';
import { checkMap, checks, complain } from './script-check.ts';
import { readRule } from './script-rule.ts';

export interface EmulatorScript {
  readonly seed?: number;
  /** Up to so many milliseconds before any answer, drawn by the order of arrival. */
  readonly jitter?: number;
  readonly quota?: { readonly rpm?: number; readonly tpm?: number };
  readonly replies: readonly Rule[];
}

const scriptKeys = {
  seed: checks.number,
  jitter: checks.amount,
  quota: checks.map,
  replies: checks.list,
};
const quotaKeys = { rpm: checks.positive, tpm: checks.positive };

/** Reads a script file, relative to `cwd`; every error is reported with its place. Undefined if there is one. */
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
  if (!isObject(raw)) {
    watched({
      severity: 'error',
      code: 'wrong-type',
      message: `expected a map, received a ${typeName(raw)}`,
      place: placeOfRoot(source),
      help: `a script is a map with some of the keys ${Object.keys(scriptKeys).join(', ')}`,
    });
    return undefined;
  }
  checkMap(raw, 'script', scriptKeys, watched);
  if (isObject(raw.quota)) checkMap(raw.quota, 'quota', quotaKeys, watched);
  const list = Array.isArray(raw.replies) ? raw.replies : [];
  const replies = list.flatMap((rule, index) => {
    if (isObject(rule)) return [readRule(rule, list, index, watched)];
    const message = `expected a rule, received a ${typeName(rule)}`;
    complain(watched, 'wrong-type', message, list, index, 'for example { reply: { text: It rains. } }');
    return [];
  });
  return sound ? { ...raw, replies } : undefined;
}
