import { isObject, type JsonValue } from '../../lib/json.ts';
import { keywords, schemasIn } from '../../lib/json-schema-walk.ts';
import { nearest } from '../../lib/nearest.ts';
import { anything, byType, flag, literal, mapOf, object, optional } from '../../shape/shape.ts';
import { cannotTell, generating, verdict, withText } from '../evaluation.ts';
import { reportInexactInSchema } from '../inexact-numbers.ts';
import type { ArgumentProblem, Check, Kind, ReportProblem } from '../kind.ts';
import { parseJson } from '../parse-json.ts';
import { compileUserPattern } from '../pattern-argument.ts';

interface Args {
  schema?: JsonValue;
}

/** A format that resembles a known one is an error; any other is not checked, as in JSON Schema. */
async function unknownFormat(name: string, path: readonly string[]): Promise<ArgumentProblem> {
  const { formatNames } = await import('../../lib/formats.ts');
  const near = formatNames.includes(name) ? undefined : nearest(name, formatNames, 2, 0.4);
  const problem = { code: 'unknown-format', path: ['schema', ...path] };
  return near === undefined
    ? { ...problem, severity: 'warning', message: `the format ${JSON.stringify(name)} is not checked` }
    : {
        ...problem,
        severity: 'error',
        message: `unknown format ${JSON.stringify(name)}`,
        help: `did you mean ${JSON.stringify(near)}?`,
      };
}

/** Unknown keywords that resemble known ones: JSON Schema ignores them. */
function misspelledKeywords(schema: JsonValue | undefined): ArgumentProblem[] {
  return [...schemasIn(schema, ['schema'])].flatMap(({ schema: inner, path }) =>
    Object.keys(inner).flatMap((key) => {
      const near = keywords.includes(key) ? undefined : nearest(key, keywords, 2, 0.4);
      return near === undefined
        ? []
        : [
            {
              severity: 'error' as const,
              code: 'unknown-keyword',
              message: `JSON Schema has no keyword ${JSON.stringify(key)}`,
              path: [...path, key],
              atKey: true as const,
              help: `did you mean ${JSON.stringify(near)}?`,
            },
          ];
    }),
  );
}

/** Warns of the expressions in a schema that likely do not do what they were written for. */
async function reportPatterns(schema: JsonValue, report: ReportProblem): Promise<void> {
  for (const { schema: inner, path } of schemasIn(schema, ['schema'])) {
    const { pattern, patternProperties } = inner;
    if (typeof pattern === 'string') await compileUserPattern(pattern, [...path, 'pattern'], report);
    for (const name of isObject(patternProperties) ? Object.keys(patternProperties) : [])
      await compileUserPattern(name, [...path, 'patternProperties', name], (problem) =>
        report({ ...problem, atKey: true }),
      );
  }
}

export const json: Kind<Args> = {
  name: 'json',
  doc: 'The answer text is JSON, and valid against a JSON Schema if one is given.',
  shape: object({
    schema: optional(
      literal(
        byType(
          { map: mapOf(anything()), flag: flag() },
          {
            doc: 'A JSON Schema (2020-12, or draft 7 if its $schema says so), or { file: path }. Formats are checked.',
            example: { type: 'object', required: ['title'] },
          },
        ),
      ),
    ),
  }) as Kind<Args>['shape'],
  example: { schema: { type: 'object', required: ['title'] } },
  fits: generating,
  fileArguments: ['schema'],
  compile: async ({ schema }, { report }): Promise<Check | undefined> => {
    let check: ((value: unknown) => string[]) | undefined;
    if (schema !== undefined) {
      const { compileSchema, SchemaError } = await import('../../lib/json-schema.ts');
      try {
        const compiled = compileSchema(schema);
        check = compiled.check;
        for (const { name, path } of compiled.unknownFormats) report(await unknownFormat(name, path));
      } catch (error) {
        if (!(error instanceof SchemaError)) throw error;
        for (const { message, path, atKey, help } of error.errors)
          report({
            severity: 'error',
            code: 'invalid-json-schema',
            message: `not a JSON Schema: ${message}`,
            path: ['schema', ...path],
            help: help ?? 'write it as JSON Schema 2020-12 has it, or draft 7 where its $schema names that',
            ...(atKey ? { atKey } : {}),
          });
        return undefined;
      }
    }
    for (const problem of misspelledKeywords(schema)) report(problem);
    if (schema !== undefined) await reportPatterns(schema, report);
    if (schema !== undefined && reportInexactInSchema(schema, ['schema'], report)) return undefined;
    return (subject) =>
      withText(subject, (text) => {
        const parsed = parseJson(text);
        if ('problem' in parsed)
          // That a text is JSON is all that {} says; of a schema nothing is known then.
          return check ? cannotTell(parsed.problem, text) : verdict(false, parsed.problem, { actual: text });
        const problems = check?.(parsed.value) ?? [];
        return problems.length > 0
          ? verdict(false, `the JSON does not fit the schema: ${problems.slice(0, 5).join('; ')}`, {
              actual: text,
            })
          : verdict(true, check ? 'the JSON fits the schema' : 'the text is JSON');
      });
  },
};
