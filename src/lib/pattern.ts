import { RE2JS, RE2JSSyntaxException } from 're2js';

/** A compiled expression in RE2 syntax: matching takes time linear in the text, whatever the pattern. */
export interface Pattern {
  /** True if the expression is found anywhere in the text. */
  readonly find: (text: string) => boolean;
  /** True if the whole text matches. */
  readonly fullMatch: (text: string) => boolean;
}

/** An invalid pattern. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Compiles an expression in RE2 syntax; throws a {@link PatternError}. */
export function compilePattern(source: string): Pattern {
  try {
    const compiled = RE2JS.compile(source);
    return {
      find: (text) => compiled.matcher(text).find(),
      fullMatch: (text) => compiled.matcher(text).matches(),
    };
  } catch (error) {
    if (error instanceof RE2JSSyntaxException)
      throw new PatternError(error.message.replace(/^error parsing regexp: /, ''));
    throw error;
  }
}
