import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { isSystemError, errorCode } from '../lib/system-error.ts';
import type { Approval } from './warnings.ts';

const format = 'assay/approved/1';
const nameOfFile = 'approved.json';

/** When the results of each suite in a baselines folder were approved; absent where the file does not say. Throws a DiagnosticError for a file of another format. */
export async function readApprovals(folder: string, displayPath: string): Promise<Map<string, Approval>> {
  let text: string;
  try {
    text = await readFile(path.join(folder, nameOfFile), 'utf8');
  } catch (error) {
    // A folder of reports has none, and a file is no folder.
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return new Map();
    if (!isSystemError(error)) throw error;
    throw bad(displayPath, `${nameOfFile} cannot be read (${error.code})`);
  }
  const suites = parse(text);
  if (!suites) throw bad(displayPath, `${nameOfFile} does not say when each suite was approved (${format})`);
  return suites;
}

function bad(displayPath: string, message: string): DiagnosticError {
  return new DiagnosticError([
    {
      severity: 'error',
      code: 'bad-approvals',
      message,
      path: path.posix.join(displayPath, nameOfFile),
      help: 'it is written by assay approve: bring it back from git, resolve its conflict, or remove it and approve again',
    },
  ]);
}

function parse(text: string): Map<string, Approval> | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    // The caller reports it.
    return undefined;
  }
  if (!isObject(value) || value.schema !== format || !isObject(value.suites)) return undefined;
  const found = new Map<string, Approval>();
  for (const [suite, approval] of Object.entries(value.suites)) {
    if (!isApproval(approval)) return undefined;
    found.set(suite, approval as unknown as Approval);
  }
  return found;
}

function isApproval(value: JsonValue): boolean {
  return (
    isObject(value) &&
    typeof value.approvedAt === 'string' &&
    !Number.isNaN(Date.parse(value.approvedAt)) &&
    (value.partlyAt === undefined || typeof value.partlyAt === 'string') &&
    Array.isArray(value.models) &&
    value.models.every((model) => typeof model === 'string')
  );
}

/** approved.json as text: suites in order of their names, so that two branches change different lines. */
export function approvalsText(approvals: ReadonlyMap<string, Approval>): string {
  const suites: JsonObject = {};
  for (const [suite, { approvedAt, partlyAt, models }] of [...approvals].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  ))
    suites[suite] = { approvedAt, ...(partlyAt === undefined ? {} : { partlyAt }), models: [...models] };
  return `${JSON.stringify({ schema: format, suites }, null, 2)}\n`;
}
