import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Selection } from '../plan/case.ts';

/** What selects cases, as commander hands it over. */
export interface SelectingFlags {
  readonly filter?: string[];
  readonly tag?: string[];
  readonly test?: string[];
  readonly prompt?: string[];
  readonly config?: string[];
  readonly model?: string[];
}

/** What narrows or overrides a plan. */
export interface NarrowingFlags extends SelectingFlags {
  readonly useModel?: string;
  readonly repeats?: number;
}

const collect = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value];

/** Parses a whole number of at least `min` from a flag; `or` names what else the flag takes. */
export function wholeNumber(min: number, or = ''): (value: string) => number {
  return (value) => {
    const parsed = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(parsed) || parsed < min) {
      throw new InvalidArgumentError(`Expected a whole number of at least ${min}${or}.`);
    }
    return parsed;
  };
}

/** Parses `--concurrency`: a whole number of at least 1, or `auto`. */
export function concurrency(value: string): number | 'auto' {
  return value === 'auto' ? 'auto' : wholeNumber(1, ', or auto')(value);
}

/** Parses an amount of money above nothing. */
export function amount(value: string): number {
  const parsed = Number(value);
  if (!/^\d*\.?\d+$/.test(value) || !(parsed > 0))
    throw new InvalidArgumentError('Expected an amount above 0, for example 0.50.');
  return parsed;
}

/** Adds the options that narrow or override a plan: the same for run, plan and validate. */
export function addNarrowing(command: Command): Command {
  return addSelecting(command)
    .option('--use-model <id>', 'run everything on this model instead; case ids stay the same')
    .option('--repeats <n>', 'trials per case, over what the suites say', wholeNumber(1));
}

/** Adds the options that select cases of a plan, or of results. */
export function addSelecting(command: Command): Command {
  return command
    .addOption(
      new Option('--filter <text>', 'only cases whose id contains TEXT (any case; repeatable)').argParser(
        collect,
      ),
    )
    .addOption(new Option('--tag <tag>', 'only tests with this tag (repeatable)').argParser(collect))
    .addOption(new Option('--test <name>', 'only this test (repeatable)').argParser(collect))
    .addOption(new Option('--prompt <name>', 'only this prompt (repeatable)').argParser(collect))
    .addOption(new Option('--config <name>', 'only this config (repeatable)').argParser(collect))
    .addOption(new Option('--model <id>', 'only cases on this model (repeatable)').argParser(collect));
}

/** The selection that the flags ask for. */
export function selectionOf(flags: SelectingFlags): Selection {
  const { filter, tag, test, prompt, config, model } = flags;
  return {
    ...(filter ? { filter } : {}),
    ...(tag ? { tag } : {}),
    ...(test ? { test } : {}),
    ...(prompt ? { prompt } : {}),
    ...(config ? { config } : {}),
    ...(model ? { model } : {}),
  };
}
