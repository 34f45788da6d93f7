import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { position, renderDiagnostics } from '../../src/diagnostics/render.ts';
import type { Body } from '../../src/gemini/request.ts';
import type { Case, PlanOptions } from '../../src/plan/case.ts';
import { planSuite } from '../../src/plan/plan.ts';
import { loadSuites } from '../../src/suite/load.ts';
import { inFolder } from '../e2e/assay.ts';
import { isOfUse } from '../suites.ts';

/** The result of reading a folder: the cases of a run, and every problem. */
export interface Read {
  readonly cases: readonly Case[];
  readonly ids: readonly string[];
  /** `code file:line:column`, one per problem. */
  readonly problems: readonly string[];
  /** The rendered problems. */
  readonly shown: string;
}

/** Reads and plans the suites among some files, as `validate` does; `matters` selects the problems to keep. */
export function read(
  files: Readonly<Record<string, string | Uint8Array>>,
  env: NodeJS.ProcessEnv = {},
  options: Partial<PlanOptions> = {},
  matters: (diagnostic: Diagnostic) => boolean = () => true,
): Promise<Read> {
  return inFolder(async (folder) => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    const found: Diagnostic[] = [];
    const report = (diagnostic: Diagnostic): void => void (matters(diagnostic) && found.push(diagnostic));
    const cases: Case[] = [];
    for (const suite of await loadSuites(['.'], { cwd: folder, report })) {
      const plan = await planSuite(suite, { selection: {}, env, ...options }, report);
      if (!found.some(({ severity }) => severity === 'error'))
        cases.push(...plan.cases.map((ref) => plan.materialize(ref)));
    }
    return {
      cases,
      ids: cases.map(({ id }) => id),
      problems: found.map(({ code, place, path: named }) => {
        if (!place) return `${code} ${named ?? ''}`.trim();
        const { line, column } = position(place);
        return `${code} ${place.file.path}:${line}:${column}`;
      }),
      shown: renderDiagnostics(found, { color: false }),
    };
  });
}

/** Reads one suite; adds a name, model, prompt and assertion if they are missing. */
export function readSuite(
  body: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  env: NodeJS.ProcessEnv = {},
  options: Partial<PlanOptions> = {},
): Promise<Read> {
  const has = (key: string): boolean => new RegExp(`^${key}:`, 'm').test(body);
  const head = [
    'suite: s',
    ...(has('models?') ? [] : ['model: gemini-3.8-flash']),
    ...(has('prompts') ? [] : ['prompts: { p: Hello. }']),
    ...(has('assert') ? [] : ['assert: [ { outcome: answered } ]']),
  ];
  return read({ 's.suite.yaml': `${[...head, body].join('\n')}\n`, ...files }, env, options, isOfUse);
}

/** The request bodies of a suite's cases by case id; warnings do not matter. */
export async function bodies(
  body: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<Record<string, Body | undefined>> {
  const { cases, shown } = await readSuite(body, files);
  if (/^error/m.test(shown)) throw new Error(shown);
  return Object.fromEntries(cases.map(({ id, request }) => [id, request.body]));
}
