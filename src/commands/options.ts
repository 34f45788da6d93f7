import { InvalidArgumentError, Option, type Command } from 'commander';
import { bareModel, defaults, isModelName, mostShards } from '../engine/options.ts';

const collect = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value];
const collectModels = (value: string, previous: string[] | undefined): string[] =>
  collect(bareModel(value), previous);

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

/** Parses a port to listen on; 0 is any free one. */
export function port(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return Number(value);
}

/** Parses `--concurrency`: a whole number of at least 1, or `auto`. */
export function concurrency(value: string): number | 'auto' {
  return value === 'auto' ? 'auto' : wholeNumber(1, ', or auto')(value);
}

/** Parses the name of a model; gives its bare id. */
function modelName(value: string): string {
  if (!isModelName(value))
    throw new InvalidArgumentError('Expected the name of a model, for example gemini-3.8-flash.');
  return bareModel(value);
}

/** Parses a name that may not be empty. */
export function nonEmpty(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('Expected a name.');
  return value;
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
  return addChoosing(addSelecting(command))
    .option('--shard <i/n>', 'only shard I of N; assay merge joins the shards', shard)
    .option('--use-model <id>', 'use this model for every case; case ids stay the same', modelName)
    .option('--repeats <n>', 'trials per case, instead of what the suites say', wholeNumber(1));
}

/** Adds the options that choose cases by earlier results. */
export function addChoosing(command: Command): Command {
  return command
    .option('--last-failed', 'only cases that did not pass last time, or did not run')
    .option(
      '--changed',
      'only cases whose request or assertions differ from the last results, or from --baseline',
    );
}

/** Adds where a command that writes no reports finds earlier results. */
export function addResults(command: Command): Command {
  return command
    .option('--reports <dir>', 'the last results, for --last-failed and --changed', 'reports')
    .option('--baseline <dir>', 'approved results, for --changed');
}

/** Adds the options that say where calls go. */
export function addEndpoint(command: Command): Command {
  return command
    .option('--emulator', 'use the built-in emulator: no key, nothing leaves this machine')
    .option('--script <file>', 'scripted replies and failures of the emulator (needs --emulator)')
    .option('--base-url <url>', 'another endpoint, with any path prefix; also GOOGLE_GEMINI_BASE_URL');
}

/** Adds the options that compare with approved results. */
export function addBaseline(command: Command): Command {
  return command
    .option('--baseline <dir>', 'compare with the baseline; exit 1 only for new failures')
    .option('--baseline-age <days>', 'warn if the baseline is older (default: 90)', wholeNumber(1));
}

/** Adds the options of commands that write reports; each says for itself where they go. */
export function addReporting(command: Command): Command {
  const names = 'json, html, junit, ctrf, markdown, github, ./mine.mjs';
  return command.option('--reporter <list>', `reports to write: ${names}`, defaults.reporters.join(','));
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
    .addOption(new Option('--model <id>', 'only cases on this model (repeatable)').argParser(collectModels));
}

/** The names of reports in `--reporter json,./mine.mjs`. */
export function reportersOf({ reporter }: { readonly reporter: string }): string[] {
  return reporter.split(',');
}

/** Parses `--shard I/N`. */
function shard(value: string): { index: number; count: number } {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(value);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || count < 1 || count > mostShards)
    throw new InvalidArgumentError(`Expected I/N, for example 2/3, with N from 1 to ${mostShards}.`);
  if (index < 1 || index > count)
    throw new InvalidArgumentError(
      `Expected a shard from 1/${count} to ${count}/${count}: they count from 1.`,
    );
  return { index, count };
}
