import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { position } from '../diagnostics/position.ts';

/** Bytes of a file name, as file systems have it. */
const mostFileBytes = 255;
/** Names of reports that are not a suite's. */
const reports = ['run', 'index', 'junit', 'ctrf', 'summary', 'journal', 'compare', 'approved'];
/**
 * Names of Windows' devices, in any case and with anything behind a dot (Microsoft, "Naming Files, Paths, and
 * Namespaces").
 */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** The names of the suites so far, in lower case, each as it was written. */
export type SuiteNames = Map<string, { readonly name: string; readonly place: SourceRange }>;

/** The longest name of a file that is written for a suite: its results until they are whole. */
const longestFile = (name: string): string => `${name}.json.part`;

/**
 * Checks the name of a suite, from which the names of its report, baseline and snapshots are made: they must be files
 * of their own on every system.
 */
export function checkSuiteName(name: string, place: SourceRange, names: SuiteNames, report: Report): void {
  const error = (code: string, message: string, help: string): void =>
    report({ severity: 'error', code, message, place, help });
  const folded = name.toLowerCase();
  const quoted = JSON.stringify(name);
  if (reports.includes(folded))
    error(
      'reserved-name',
      `a suite may not be named ${quoted}: a report has that name`,
      `give it another name, for example ${name}-prompts`,
    );
  if (device.test(name))
    error(
      'reserved-name',
      `a suite may not be named ${quoted}: Windows reserves this name for a device, and the suite's name names files`,
      `give it another name, for example ${name.replace(device, '$&-prompts')}`,
    );
  if (name.endsWith('.'))
    error(
      'reserved-name',
      `a suite may not be named ${quoted}: no name ends with a dot on Windows`,
      'remove the dot at the end',
    );
  if (Buffer.byteLength(longestFile(name)) > mostFileBytes)
    error(
      'long-name',
      `the name of a suite is that of its reports, and a file name has ${mostFileBytes} bytes at most`,
      `shorten it to ${mostFileBytes - Buffer.byteLength(longestFile(''))} letters or fewer`,
    );
  const other = names.get(folded);
  if (other === undefined) {
    names.set(folded, { name, place });
    return;
  }
  const { line, column } = position(other.place);
  const there = `${other.place.file.path}:${line}:${column}`;
  error(
    'duplicate-suite',
    other.name === name
      ? `two suites have the name ${quoted}, here and at ${there}`
      : `the names of two suites differ only in case: ${quoted} here, ${JSON.stringify(other.name)} at ${there}`,
    'the name becomes a file name, and some disks ignore case: choose another name',
  );
}
