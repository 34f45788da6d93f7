/** A reporter is one file and one line of the registry; what others must know of it follows. */
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addReporting } from '../../src/commands/options.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { reporters, reportFiles } from '../../src/report/registry.ts';
import { checkSuiteName } from '../../src/suite/suite-name.ts';
import { place } from './fake.ts';

test('a suite cannot have the name of a report', () => {
  const names = reportFiles([]).map((file) => file.replace(/\.\w+$/, ''));
  for (const name of names) {
    const found: Diagnostic[] = [];
    checkSuiteName(name, place(), new Map(), (diagnostic) => found.push(diagnostic));
    expect(
      found.map(({ code }) => code),
      name,
    ).toEqual(['reserved-name']);
  }
});

test('the help of --reporter lists every reporter', () => {
  const help = addReporting(new Command()).helpInformation();
  for (const name of Object.keys(reporters)) expect(help).toContain(name);
});
