import { Lexer } from 'yaml';
import type { Report, SourceFile } from '../diagnostics/diagnostic.ts';

/** How deep maps and lists may nest, in a text and through its aliases. */
export const maxNesting = 64;

/** Unquoted templates reported at once; each one found costs another pass over the text. */
const maxTemplates = 50;

// Marks that the lexer puts between tokens; they have no text.
const documentMark = '\u0002';
const flowEndMark = '\u0018';
const scalarMark = '\u001f';

/** Tells of nesting beyond the bound. Checked before anything recurses: deep texts can end the process. */
export function reportNesting(file: SourceFile, offset: number, report: Report): void {
  report({
    severity: 'error',
    code: 'nesting',
    message: `maps and lists nest deeper than the bound of ${maxNesting}`,
    place: { file, start: offset, end: offset + 1 },
    help: `keep the nesting within ${maxNesting} levels`,
  });
}

interface Scan {
  readonly lexemes: string[];
  /** Offset of a `{{` that YAML reads as a map in a map, and whether it is inside [ ] or { }. */
  readonly template?: { offset: number; inFlow: boolean };
  /** Offset of the first bracket beyond the nesting bound. */
  readonly tooDeep?: number;
}

function scan(text: string): Scan {
  const lexemes: string[] = [];
  let offset = 0;
  let depth = 0;
  let brace = -1;
  let scalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    lexemes.push(lexeme);
    const opens = !scalar && (lexeme === '{' || lexeme === '[');
    if (opens) {
      depth += 1;
      if (lexeme === '{' && brace === offset - 1 && brace !== -1)
        return { lexemes, template: { offset: brace, inFlow: depth > 2 } };
      if (depth > maxNesting) return { lexemes, tooDeep: offset };
      brace = lexeme === '{' ? offset : -1;
    } else if (!scalar && (lexeme === '}' || lexeme === ']')) depth = Math.max(0, depth - 1);
    if (!scalar && lexeme === flowEndMark) depth = 0;
    const isMark = !scalar && (lexeme === documentMark || lexeme === flowEndMark || lexeme === scalarMark);
    scalar = !scalar && lexeme === scalarMark;
    if (!isMark) offset += lexeme.length;
  }
  return { lexemes };
}

/** Where the text that begins with an unquoted `{{` was meant to end. */
function templateEnd(text: string, start: number, inFlow: boolean): number {
  const closing = text.indexOf('}}', start);
  const lineEnd = (from: number): number => {
    const end = text.indexOf('\n', from);
    return end === -1 ? text.length : end;
  };
  // A `}}` far away belongs to another template.
  const after = closing === -1 || closing > lineEnd(start) ? start + 2 : closing + 2;
  let end = lineEnd(after);
  if (inFlow) {
    let at = after;
    while (at < end && !/[,\]}]/.test(text[at] ?? '')) {
      const inner = text.startsWith('{{', at) ? text.indexOf('}}', at) : -1;
      at = inner === -1 || inner > end ? at + 1 : inner + 2;
    }
    end = Math.min(at, end);
  } else {
    const comment = text.slice(after, end).search(/\s#/);
    if (comment !== -1) end = after + comment;
    const lineStart = text.lastIndexOf('\n', start) + 1;
    const isKey = /^[\s?-]*$/.test(text.slice(lineStart, start));
    const colon = isKey ? text.slice(after, end).search(/:(\s|$)/) : -1;
    if (colon !== -1) end = after + colon;
  }
  return start + text.slice(start, end).trimEnd().length;
}

/**
 * The lexemes of a YAML text. An unquoted `{{x}}` is reported and replaced by a plain word of the same length, so
 * that the rest of the file is still read and offsets stay valid. Undefined if nothing more can be read.
 */
export function readLexemes(file: SourceFile, report: Report): string[] | undefined {
  let { text } = file;
  for (let found = 0; ; found += 1) {
    const { lexemes, template, tooDeep } = scan(text);
    if (tooDeep !== undefined) {
      reportNesting(file, tooDeep, report);
      return undefined;
    }
    if (!template) return lexemes;
    if (found === maxTemplates) return undefined;
    const { offset: start, inFlow } = template;
    const end = templateEnd(text, start, inFlow);
    const source = file.text.slice(start, end);
    const quoted = source.includes("'") || source.includes('\\') ? JSON.stringify(source) : `'${source}'`;
    report({
      severity: 'error',
      code: 'unquoted-template',
      message: 'an unquoted {{…}} is a YAML map, not a template',
      place: { file, start, end },
      help: `quote it: ${source.includes('\n') ? "'…'" : quoted.replace(/^'([^"]*)'$/, '"$1"')}`,
    });
    text = text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, 'x') + text.slice(end);
  }
}
