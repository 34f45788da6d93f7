import type { YAMLError } from 'yaml';
import type { SourceRange, Report, SourceFile } from '../diagnostics/diagnostic.ts';
import { reportNesting } from './tokens.ts';

const helps: Partial<Record<YAMLError['code'], string>> = {
  BAD_DQ_ESCAPE: 'double the backslash, or use single quotes',
  BAD_INDENT: 'indent the entries of a map or list alike, and close every bracket',
  BAD_SCALAR_START: 'quote the text',
  BLOCK_AS_IMPLICIT_KEY: 'quote a text that contains ": ", or put the map on lines of its own',
  BLOCK_IN_FLOW: 'is a comma missing? Inside [ ] and { }, lists and maps are written with brackets too',
  KEY_OVER_1024_CHARS: 'keep a key within 1,024 characters',
  MISSING_CHAR: 'add what is missing, or quote the whole text',
  MULTILINE_IMPLICIT_KEY: 'is a ":" missing, or a line indented by mistake?',
  UNEXPECTED_TOKEN: 'quote the whole value, or remove what follows it',
};

/** The parser's words for what users meet most, put so that they need not know its terms. */
const inOurWords: readonly (readonly [message: RegExp, words: string, help?: string])[] = [
  [/^Nested mappings are not allowed/, 'a ": " in an unquoted text begins a map'],
  [
    /^A block sequence may not be used as an implicit map key/,
    'a list begins where a map goes on',
    'a value is a map of keys or a list of "-", not both',
  ],
  [/^All mapping items must start at the same column/, 'the keys of one map are in different columns'],
  [/^All sequence items must start at the same column/, 'the "-" of one list are in different columns'],
  [
    /^Flow (map|sequence) in block collection must be sufficiently indented/,
    'a bracket above this line is not closed',
  ],
  [/^Plain value cannot start with .* character (\S+)$/, 'an unquoted text cannot begin with $1'],
];

function inWords(code: YAMLError['code'], message: string): { message: string; help: string } {
  const usual = helps[code] ?? 'quote the text if it is not meant as YAML';
  for (const [pattern, words, help = usual] of inOurWords) {
    const found = pattern.exec(message);
    if (found) return { message: words.replace('$1', found[1] ?? ''), help };
  }
  const lower = message.charAt(0).toLowerCase() + message.slice(1);
  return { message: lower.replace(/"quote$/, 'quote').replace(/\.$/, ''), help: usual };
}

/** Where a quote that is never closed opens: the parser points at where it gave up, often the end of the file. */
function opening(
  file: SourceFile,
  code: YAMLError['code'],
  message: string,
  end: number,
): SourceRange | undefined {
  const mark = code === 'MISSING_CHAR' && /closing (["'])quote/.exec(message)?.[1];
  if (!mark) return undefined;
  const before = file.text.slice(0, end);
  // The last value or entry that begins with the quote.
  const found = [...before.matchAll(new RegExp(`(?:^|[\\[{,:?-]|\\n)[ \\t]*${mark}`, 'g'))].at(-1);
  if (!found) return undefined;
  const start = found.index + found[0].length - 1;
  const line = file.text.indexOf('\n', start);
  return { file, start, end: line < 0 ? file.text.length : line };
}

/** Errors of values that only follow from invalid YAML. */
export const tracesOfSyntax: readonly string[] = ['key-not-text'];

/** Turns the parser's errors and warnings into diagnostics; what only follows from an earlier error is left out. */
export function reportSyntax(file: SourceFile, errors: readonly YAMLError[], report: Report): void {
  const lines = new Set<number>();
  let derailed = false;
  for (const { code, message, pos } of [...errors].toSorted((a, b) => a.pos[0] - b.pos[0])) {
    const [start, end] = pos;
    const place = opening(file, code, message, start) ?? {
      file,
      start: Math.min(start, file.text.length),
      end,
    };
    if (code === 'TAG_RESOLVE_FAILED') {
      report({
        severity: 'error',
        code: 'unknown-tag',
        message: `unknown tag ${file.text.slice(start, end).trim()}`,
        place,
        help: 'remove it, or quote the text if it begins with "!"',
      });
      continue;
    }
    if (code === 'RESOURCE_EXHAUSTION') {
      reportNesting(file, start, report);
      return;
    }
    const line = file.text.lastIndexOf('\n', start - 1);
    if (lines.has(line) || (derailed && code === 'UNEXPECTED_TOKEN')) continue;
    lines.add(line);
    derailed ||= code === 'UNEXPECTED_TOKEN';
    if (code === 'TAB_AS_INDENT') {
      report({
        severity: 'error',
        code: 'tab-indentation',
        message: 'a tab is used as indentation',
        place,
        help: 'indent with spaces',
      });
    } else {
      report({
        severity: 'error',
        code: 'yaml-syntax',
        ...inWords(code, message),
        place,
      });
    }
  }
}
