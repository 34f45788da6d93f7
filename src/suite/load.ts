import path from 'node:path';
import type { Report } from '../diagnostics/diagnostic.ts';
import { isMapNode } from '../diagnostics/source-node.ts';
import { readSourceFile } from '../source/files.ts';
import { placeOfRoot, readYaml } from '../source/yaml.ts';
import { checkSuite, warnAboutSuite } from './check.ts';
import { SuiteFiles } from './files.ts';
import { findSuites } from './find.ts';
import { includeFiles } from './include.ts';
import { readSuite } from './read.ts';
import { rootOf } from './root.ts';
import { readSnapshots } from './snapshots.ts';
import type { Suite } from './suite.ts';
import type { SuiteNames } from './suite-name.ts';
import { validateSuite } from './validate.ts';

const mostBytes = 5 * 1024 * 1024;

/**
 * Reads suites with everything they refer to, each phase by phase: syntax, schema, names. All errors of a phase are
 * reported; a suite with errors goes no further and is left out.
 */
export async function loadSuites(
  paths: readonly string[],
  { cwd, report }: { cwd: string; report: Report },
): Promise<Suite[]> {
  const suites: Suite[] = [];
  const names: SuiteNames = new Map();
  for (const file of await findSuites(paths, cwd, report)) {
    const suite = await loadSuite(file, cwd, names, report);
    if (suite) suites.push(suite);
  }
  return suites;
}

async function loadSuite(
  absolute: string,
  cwd: string,
  names: SuiteNames,
  report: Report,
): Promise<Suite | undefined> {
  let failed = false;
  const watched: Report = (diagnostic) => {
    failed ||= diagnostic.severity === 'error';
    report(diagnostic);
  };

  const displayPath = path.relative(cwd, absolute).split(path.sep).join('/');
  const file = readSourceFile(absolute, displayPath, watched, { maxBytes: mostBytes });
  const written = file && readYaml(file, watched);
  if (!file || written === undefined) return undefined;
  const files = new SuiteFiles(rootOf(absolute, cwd), cwd, watched);
  files.read(absolute, file.text);
  const whole = placeOfRoot(file);
  const node = (await includeFiles(written, files, watched)).movedTo({ place: whole, keyPlace: whole });
  if (failed) return undefined;

  validateSuite(node, watched);
  if (failed || !isMapNode(node)) return undefined;

  const suite = await readSuite(node, file, files, watched);
  const snapshots = await readSnapshots(suite.name, file, files, watched);
  await checkSuite(suite, names, watched);
  if (failed) return undefined;

  // In a suite with errors, what seems unused may only be misspelled.
  warnAboutSuite(suite, report);
  return { ...suite, plainTemplates: files.plain, ...(snapshots ? { snapshots } : {}) };
}
