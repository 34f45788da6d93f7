import type { Format } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { compilePattern, PatternError } from './pattern.ts';

/** Characters of a text at most where the engine of JavaScript looks for a format, which may take longer than linear time. */
const longest = 2000;

/**
 * What the `format` keyword of JSON Schema knows: the formats of ajv-formats, their expressions matched in linear time,
 * since the texts are a model's. The engine knows no lookahead: what has one is matched by the engine of JavaScript, and
 * no text beyond a bound has it.
 */
export const formats: Readonly<Record<string, Format>> = {
  ...Object.fromEntries(
    Object.entries(fullFormats).map(([name, format]) => [
      name,
      format instanceof RegExp ? { type: 'string' as const, validate: matcherOf(format) } : format,
    ]),
  ),
  // The expression for it takes cubic time.
  url: (text: string) => /^(?:https?|ftp):\/\//i.test(text) && URL.canParse(text),
};

function matcherOf(expression: RegExp): (text: string) => boolean {
  const linear = linearOf(expression);
  return linear ? linear.find : (text) => text.length <= longest && expression.test(text);
}

function linearOf({ source, flags }: RegExp): ReturnType<typeof compilePattern> | undefined {
  try {
    return compilePattern(flags.includes('i') ? `(?i)${source}` : source);
  } catch (error) {
    if (error instanceof PatternError) return undefined;
    throw error;
  }
}

/** Formats of JSON Schema that are not checked here. */
const unchecked = ['idn-email', 'idn-hostname', 'iri', 'iri-reference'];

/** All known names. */
export const formatNames: readonly string[] = [...Object.keys(formats), ...unchecked];
