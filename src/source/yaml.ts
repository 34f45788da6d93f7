import { Composer, Parser, type CST, type Document } from 'yaml';
import type { SourceRange, Report, SourceFile } from '../diagnostics/diagnostic.ts';
import type { SourceNode } from '../diagnostics/source-node.ts';
import { jsonError } from '../lib/parse-json.ts';
import { NodeBuilder } from './build.ts';
import { reportSyntax, tracesOfSyntax } from './syntax.ts';
import { maxNesting, readLexemes, reportNesting } from './tokens.ts';

/** The place of a whole file: its first line that is not blank or a comment. */
export function placeOfRoot(file: SourceFile): SourceRange {
  const start = /^(?:[ \t]*(?:#[^\n]*|---[ \t]*)?\r?\n)*[ \t]*/.exec(file.text)?.[0].length ?? 0;
  const line = /^[^\r\n]*/.exec(file.text.slice(start))?.[0] ?? '';
  return { file, start, end: start + line.trimEnd().length };
}

function parse(lexemes: readonly string[]): CST.Token[] {
  const parser = new Parser();
  return [...lexemes.flatMap((lexeme) => [...parser.next(lexeme)]), ...parser.end()];
}

/** The first token that nests too deep. A loop, since recursion would overflow the stack. */
function tooDeep(tokens: readonly CST.Token[]): CST.Token | undefined {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (token.type === 'document') {
      if (token.value) open.push({ token: token.value, depth });
    } else if ('items' in token) {
      if (depth === maxNesting) return token;
      for (const { key, value } of token.items) {
        if (key) open.push({ token: key, depth: depth + 1 });
        if (value) open.push({ token: value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

function compose(tokens: readonly CST.Token[], end: number): Document.Parsed[] {
  const composer = new Composer({
    merge: true,
    prettyErrors: false,
    // Ours names the first key; the package's own is quadratic in a map's size.
    uniqueKeys: false,
    resolveKnownTags: false,
    version: '1.2',
  });
  const documents: Document.Parsed[] = [];
  for (const document of composer.compose(tokens, true, end)) documents.push(document);
  return documents;
}

/** Characters that YAML does not allow (1.2.2, 5.1), some of which the parser takes for marks of its own. */
// oxlint-disable-next-line no-control-regex -- just these are not allowed
const unprintable = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Reports the first character that YAML does not allow; true if there is one. */
function reportControl(file: SourceFile, report: Report): boolean {
  const start = file.text.search(unprintable);
  if (start < 0) return false;
  const code = file.text.charCodeAt(start).toString(16).toUpperCase().padStart(4, '0');
  report({
    severity: 'error',
    code: 'control-character',
    message: `YAML does not allow the control character U+${code}`,
    place: { file, start, end: start + 1 },
    help: `remove it, or write "\\u${code}" in double quotes`,
  });
  return true;
}

/**
 * Reads one YAML 1.2 document with merge keys into values with their places.
 * An alias gives the very object of its anchor. All errors are reported; undefined if there is one.
 */
export function readYaml(file: SourceFile, report: Report): SourceNode | undefined {
  let errors = 0;
  const count: Report = (diagnostic) => {
    errors += 1;
    report(diagnostic);
  };
  if (reportControl(file, count)) return undefined;
  const lexemes = readLexemes(file, count);
  if (!lexemes) return undefined;
  const tokens = parse(lexemes);
  const deep = tooDeep(tokens);
  if (deep) {
    reportNesting(file, deep.offset, count);
    return undefined;
  }
  const [document, second] = compose(tokens, file.text.length);
  if (!document) return undefined;
  reportSyntax(file, [...document.errors, ...document.warnings], count);
  if (second) {
    const [start] = second.contents?.range ?? second.range;
    count({
      severity: 'error',
      code: 'multiple-documents',
      message: 'expected one YAML document, received several',
      place: { file, start, end: start + 1 },
      help: 'keep one document a file, and remove the "---" between them',
    });
  }
  const { contents } = document;
  if (errors === 0 && (!contents || contents.range[0] === contents.range[1])) {
    count({
      severity: 'error',
      code: 'empty-file',
      message: 'the file is empty',
      place: { file, start: 0, end: 0 },
      help: 'write something in it, or remove it',
    });
    return undefined;
  }
  const isYaml = document.errors.length === 0;
  const value = new NodeBuilder(file, (error) => {
    if (isYaml || !tracesOfSyntax.includes(error.code)) count(error);
  }).build(contents);
  return errors === 0 ? value : undefined;
}

/** Reads a JSON text the same way: strict JSON, values with their places. */
export function readJson(file: SourceFile, report: Report): SourceNode | undefined {
  let errors = 0;
  // Before anything recurses: the nesting bound.
  readLexemes(file, (diagnostic) => {
    errors += 1;
    report(diagnostic);
  });
  if (errors > 0) return undefined;
  const error = jsonError(file.text);
  if (error) {
    const { offset, problem } = error;
    report({
      severity: 'error',
      code: 'json-syntax',
      message: `not JSON: ${problem}`,
      place: { file, start: offset, end: offset + 1 },
      help: 'JSON takes no comments, no final commas, and double quotes only',
    });
    return undefined;
  }
  return readYaml(file, report);
}
