/** Every fault of a suite that a command case shows says what to do about it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const cases = path.join(import.meta.dirname, 'cases');
/** A slip on the command line: the message itself says what the option takes. */
const needNone = ['usage'];

/** The faults of a text of stderr, each with all its lines. */
function faults(text: string): string[] {
  return text.split(/^(?=(?:error|warning)\[)/m).filter((piece) => piece.startsWith('error['));
}

test('every error says what to do', () => {
  const told = readdirSync(cases)
    .map((name) => path.join(cases, name, 'stderr'))
    .filter((file) => existsSync(file))
    .flatMap((file) => faults(readFileSync(file, 'utf8')));
  expect(told.length).toBeGreaterThan(200);
  const without = told.filter(
    (fault) => !/^ *= help: \S/m.test(fault) && !needNone.some((code) => fault.startsWith(`error[${code}]`)),
  );
  expect(without).toEqual([]);
});
