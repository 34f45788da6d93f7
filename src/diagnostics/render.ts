import pc from 'picocolors';
import { codeFrame, visible } from './code-frame.ts';
import type { Diagnostic } from './diagnostic.ts';
import { plural } from '../lib/words.ts';
import type { RenderOptions } from './render-options.ts';
import { lineAt, position } from './position.ts';

export { codeFrame } from './code-frame.ts';
export { position } from './position.ts';

const allowComment = /#\s*assay:\s*allow\s+([\w-]+(?:[\s,]+[\w-]+)*)/;

/** True for a warning of which a line carries the comment `# assay: allow CODE`. Errors cannot be allowed. */
export function isAllowed({ severity, code, place, allowAt }: Diagnostic): boolean {
  if (severity !== 'warning') return false;
  return [place, allowAt].some((at) => {
    if (!at) return false;
    const { text } = lineAt(at.file, position(at).line - 1);
    return (
      allowComment
        .exec(text)?.[1]
        ?.split(/[\s,]+/)
        .includes(code) ?? false
    );
  });
}

/** Renders one diagnostic: headline, place, source line with carets, and help. No final line break. */
export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions): string {
  const { severity, code, message, place, path, help } = diagnostic;
  const colors = pc.createColors(options.color);
  const mark = severity === 'error' ? colors.red : colors.yellow;
  const lines = [`${colors.bold(mark(`${severity}[${code}]`))}${colors.bold(`: ${visible(message)}`)}`];
  let indent = 1;
  if (place) {
    lines.push(codeFrame(place, { ...options, severity }));
    indent = String(position(place).line).length;
  } else if (path !== undefined) lines.push(` ${colors.blue('-->')} ${visible(path)}`);
  if (help !== undefined) {
    const margin = `\n${' '.repeat(indent + 9)}`;
    lines.push(
      `${' '.repeat(indent + 1)}${colors.blue('=')} ${colors.bold('help')}: ${visible(help).replaceAll('\n', margin)}`,
    );
  }
  return lines.join('\n');
}

/** By file, then by place; what has no place comes first, since it often explains the rest. */
function compare(a: Diagnostic, b: Diagnostic): number {
  const pathA = a.place?.file.path ?? a.path ?? '';
  const pathB = b.place?.file.path ?? b.path ?? '';
  if (pathA !== pathB) return pathA < pathB ? -1 : 1;
  const byPlace = (a.place?.start ?? -1) - (b.place?.start ?? -1);
  return byPlace === 0 ? (a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1) : byPlace;
}

/** Sorts by file and place, and drops duplicates and warnings that a comment allows. */
function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics
    .filter((diagnostic) => {
      const { code, message, place, path } = diagnostic;
      const key = JSON.stringify([code, message, place?.file.path ?? path, place?.start, place?.end]);
      if (seen.has(key) || isAllowed(diagnostic)) return false;
      seen.add(key);
      return true;
    })
    .toSorted(compare);
}

/** Renders diagnostics, sorted and without duplicates, and a line that counts them. Empty for none; no final line break. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  const list = sortDiagnostics(diagnostics);
  if (list.length === 0) return '';
  const errors = list.filter((diagnostic) => diagnostic.severity === 'error').length;
  const warnings = list.length - errors;
  const files = new Set(list.flatMap((d) => d.place?.file.path ?? d.path ?? [])).size;
  const counts = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ].join(' and ');
  const closing = files > 0 ? `${counts} in ${plural(files, 'file')}` : counts;
  return [...list.map((diagnostic) => renderDiagnostic(diagnostic, options)), closing].join('\n\n');
}
