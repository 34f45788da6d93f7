import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import type { Plan, PlanOptions } from '../src/plan/case.ts';
import { planSuite } from '../src/plan/plan.ts';
import { loadSuites } from '../src/suite/load.ts';
import type { Suite } from '../src/suite/suite.ts';

/** Files by their paths; a text by itself is `a.suite.yaml`. */
export type Files = string | Readonly<Record<string, string | Uint8Array>>;

/** What the small suites of tests leave unused, or send twice, matters only to the tests of these warnings. */
export function isOfUse({ code }: Diagnostic): boolean {
  return !['unused-variable', 'equal-requests', 'equal-configs', 'equal-prompts'].includes(code);
}

/** Writes files into a folder that is removed when the test ends; gives the folder. */
export function writeFiles(files: Files): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-suites-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(
    typeof files === 'string' ? { 'a.suite.yaml': files } : files,
  )) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

/** Reads the suites of these files as a command would; gives those that are sound. */
export async function loadFiles(files: Files): Promise<{ suites: Suite[]; diagnostics: Diagnostic[] }> {
  const cwd = writeFiles(files);
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void (isOfUse(diagnostic) && diagnostics.push(diagnostic));
  const suites = await loadSuites(['.'], { cwd, report });
  return { suites, diagnostics };
}

/** Reads one suite that must be sound. */
export async function loadOne(files: Files): Promise<Suite> {
  const { suites, diagnostics } = await loadFiles(files);
  const [suite] = suites;
  if (!suite || suites.length > 1) throw new Error(codesOf(diagnostics).join('; ') || 'not one suite');
  return suite;
}

/** Plans the one suite of these files. */
export async function planFiles(
  files: Files,
  options: Partial<PlanOptions> = {},
): Promise<{ plan: Plan; diagnostics: Diagnostic[] }> {
  const { suites, diagnostics } = await loadFiles(files);
  const [suite] = suites;
  if (!suite) throw new Error(codesOf(diagnostics).join('; '));
  const plan = await planSuite(
    suite,
    { selection: {}, env: {}, ...options },
    (diagnostic) => isOfUse(diagnostic) && diagnostics.push(diagnostic),
  );
  return { plan, diagnostics };
}

/** Plans a suite that must be sound. */
export async function planSound(files: Files, options?: Partial<PlanOptions>): Promise<Plan> {
  const { plan, diagnostics } = await planFiles(files, options);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(codesOf(errors).join('; '));
  return plan;
}

/** `code: message` of each. */
export function codesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code, message }) => `${code}: ${message}`);
}
