import type { Place, Report } from '../diagnostics/diagnostic.ts';
import type { SuiteFiles } from './files.ts';
import { readRowFile, RowError, type Rows, type Text } from './row-files.ts';
import type { Row, Variable } from './suite.ts';

/** Rows of a CSV file: the first line names the variables, every value is a text. Read as a stream. */
export function csvRows(
  reference: string,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<Rows | undefined> {
  return readRowFile(reference, place, files, report, csvRecords);
}

async function* csvRecords(
  text: Text,
  shown: string,
  placeOf: (line: number) => Place | undefined,
): AsyncGenerator<Row> {
  for await (const item of typeof text === 'string' ? await parseWhole(text) : parseStream(text)) {
    const { record, info } = item as { record: Record<string, string>; info: { lines: number } };
    const values = new Map(
      Object.entries(record).map(([name, value]): [string, Variable] => [name, { value, template: false }]),
    );
    const at = placeOf(info.lines);
    yield { values, assert: [], origin: `${shown}:${info.lines}`, ...(at ? { place: at } : {}) };
  }
}

const csvOptions = { columns: checkHeader, bom: true, info: true, skip_empty_lines: true } as const;

async function parseWhole(text: string): Promise<Iterable<unknown>> {
  const { parse } = await import('csv-parse/sync');
  return parse(text, csvOptions);
}

async function* parseStream(chunks: AsyncIterable<string>): AsyncGenerator {
  const [{ parse }, { pipeline, Readable }] = await Promise.all([import('csv-parse'), import('node:stream')]);
  const parser = parse(csvOptions);
  // A failed source destroys the parser, which then throws it to whoever reads.
  pipeline(Readable.from(chunks), parser, () => undefined);
  yield* parser;
}

function checkHeader(names: string[]): string[] {
  for (const [index, name] of names.entries()) {
    if (name.trim() === '') throw new RowError(`column ${index + 1} has no name`, 1);
    if (names.indexOf(name) !== index)
      throw new RowError(`two columns have the name ${JSON.stringify(name)}`, 1);
  }
  return names;
}
