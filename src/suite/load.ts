import path from 'node:path';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { valuePlace } from '../diagnostics/places.ts';
import { validate as isSuite } from '../generated/suite-gate.js';
import { isObject } from '../lib/json.ts';
import { readSourceFile } from '../source/files.ts';
import { placeOfRoot, readYaml } from '../source/yaml.ts';
import { checkSuite } from './check.ts';
import { SuiteFiles } from './files.ts';
import { findSuites } from './find.ts';
import { readSuite } from './read.ts';
import { rootOf } from './root.ts';
import type { Suite } from './suite.ts';

const mostBytes = 5 * 1024 * 1024;
/** Names of reports that are not a suite's. */
const reserved = ['run', 'index', 'junit', 'ctrf', 'summary', 'journal'];

/** Reads suites with everything they refer to. Every fault of every file is reported; only sound suites are returned. */
export async function loadSuites(
  paths: readonly string[],
  { cwd, report }: { cwd: string; report: Report },
): Promise<Suite[]> {
  const suites: Suite[] = [];
  const names = new Map<string, string>();
  for (const file of await findSuites(paths, cwd, report)) {
    let sound = true;
    const watched: Report = (diagnostic) => {
      if (diagnostic.severity === 'error') sound = false;
      report(diagnostic);
    };
    const suite = await loadSuite(file, cwd, watched, names);
    if (suite && sound) suites.push(suite);
  }
  return suites;
}

async function loadSuite(
  absolute: string,
  cwd: string,
  report: Report,
  names: Map<string, string>,
): Promise<Suite | undefined> {
  const shown = path.relative(cwd, absolute).split(path.sep).join('/');
  const file = await readSourceFile(absolute, shown, report, { maxBytes: mostBytes });
  const raw = file && readYaml(file, report);
  if (!file || raw === undefined) return undefined;
  const fits = isSuite(raw);
  if (!fits) {
    const [{ validate }, { explainErrors }] = await Promise.all([
      import('../generated/suite-validator.js'),
      import('../shape/explain.ts'),
    ]);
    validate(raw);
    explainErrors(validate.errors ?? [], raw, placeOfRoot(file), report);
  }
  if (!isObject(raw) || typeof raw.suite !== 'string') return undefined;
  checkSuiteName(raw.suite, shown, valuePlace(raw, 'suite') ?? placeOfRoot(file), names, report);
  if (!fits) return undefined;
  const files = new SuiteFiles(rootOf(absolute, cwd), cwd, report);
  files.read(absolute, file.text);
  const suite = await readSuite(raw, file, files, report);
  await checkSuite(suite, report);
  return { ...suite, plainTemplates: files.plain };
}

function checkSuiteName(
  name: string,
  shown: string,
  place: Place,
  names: Map<string, string>,
  report: Report,
): void {
  const folded = name.toLowerCase();
  const other = names.get(folded);
  if (reserved.includes(folded))
    report({
      severity: 'error',
      code: 'reserved-name',
      message: `a suite may not be named ${JSON.stringify(name)}: a report has that name`,
      place,
    });
  if (other !== undefined)
    report({
      severity: 'error',
      code: 'duplicate-suite',
      message: `two suites have the name ${JSON.stringify(name)}, here and in ${other}`,
      place,
      help: 'the name is the report’s file name: each needs its own',
    });
  else names.set(folded, shown);
}
