import path from 'node:path';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { valuePlace } from '../diagnostics/places.ts';
import { isObject } from '../lib/json.ts';
import { readSourceFile } from '../source/files.ts';
import { placeOfRoot, readYaml } from '../source/yaml.ts';
import { checkSuite } from './check.ts';
import { SuiteFiles } from './files.ts';
import { findSuites } from './find.ts';
import { holdToSchema } from './hold.ts';
import { includeFiles } from './include.ts';
import { readSuite } from './read.ts';
import { rootOf } from './root.ts';
import { readSnapshots } from './snapshots.ts';
import { withDoubts } from './doubts.ts';
import type { Suite } from './suite.ts';
import { checkSuiteName, type SuiteNames } from './suite-name.ts';

const mostBytes = 5 * 1024 * 1024;
/** Warnings that are only to be trusted where nothing else is wrong. */
const doubtful = new Set(['unused-prompt', 'unused-config', 'equal-configs', 'equal-prompts']);

/**
 * Reads suites with everything they refer to. Every fault of every file is reported; of a suite with faults what is left
 * is returned ({@link Suite.told}), so that its cases can be looked at too.
 */
export async function loadSuites(
  paths: readonly string[],
  { cwd, report }: { cwd: string; report: Report },
): Promise<Suite[]> {
  const suites: Suite[] = [];
  const names: SuiteNames = new Map();
  for (const file of await findSuites(paths, cwd, report)) {
    const found: Diagnostic[] = [];
    let read = false;
    // Files whose names only the rows tell are read later, and tell their faults themselves.
    const tell: Report = (diagnostic) => (read ? report(diagnostic) : void found.push(diagnostic));
    const suite = await loadSuite(file, cwd, tell, names);
    read = true;
    const sound = !found.some(({ severity }) => severity === 'error');
    // What a suite seems to leave unused or unsaid may only be what could not be read.
    for (const each of found) if (sound || !doubtful.has(each.code)) report(each);
    if (suite) suites.push(sound ? suite : { ...suite, told: found });
  }
  return suites;
}

async function loadSuite(
  absolute: string,
  cwd: string,
  report: Report,
  names: SuiteNames,
): Promise<Suite | undefined> {
  const shown = path.relative(cwd, absolute).split(path.sep).join('/');
  const file = readSourceFile(absolute, shown, report, { maxBytes: mostBytes });
  const raw = file && readYaml(file, report);
  if (!file || raw === undefined) return undefined;
  const files = new SuiteFiles(rootOf(absolute, cwd), cwd, report);
  files.read(absolute, file.text);
  const { whole, unread } = isObject(raw)
    ? await includeFiles(raw, files, report)
    : { whole: raw, unread: [] };
  const held = await holdToSchema(whole, placeOfRoot(file), report);
  if (isObject(raw) && typeof raw.suite === 'string')
    checkSuiteName(raw.suite, valuePlace(raw, 'suite') ?? placeOfRoot(file), names, report);
  if (!held) return undefined;
  const read = await readSuite(held.value, file, files, report);
  const suite = unread.length > 0 ? { ...read, ...withDoubts(read, ...unread) } : read;
  await checkSuite(suite, report);
  const plainTemplates = files.plain;
  const snapshots = await readSnapshots(suite.name, file, files, report);
  return { ...suite, plainTemplates, ...(snapshots ? { snapshots } : {}) };
}
