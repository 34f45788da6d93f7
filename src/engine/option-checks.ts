/** What each option of a session takes. Every method checks its options before it does anything. */
import {
  boolean,
  type Check,
  type Checks,
  or,
  required,
  text,
  texts,
  wholeNumber,
} from '../diagnostics/check-options.ts';
import type { ApproveOptions } from './approve.ts';
import type { BaselineOptions } from './baseline.ts';
import type { CompareOptions } from './compare.ts';
import type { EndpointOptions } from './endpoint.ts';
import type { JudgeOptions } from './judge.ts';
import type { MergeOptions } from './merge.ts';
import type { ModelsOptions } from './models.ts';
import { isModelName, mostShards, type SelectingOptions } from './options.ts';
import type { PlanOptions, ValidateOptions } from './plan.ts';
import type { ReportOptions } from './report.ts';
import type { RunOptions } from './run.ts';

const amount: Check = {
  expected: 'an amount above 0',
  accepts: (value) => typeof value === 'number' && Number.isFinite(value) && value > 0,
};
const modelName: Check = {
  expected: 'the name of a model',
  accepts: (value) => typeof value === 'string' && isModelName(value),
};
const shard: Check = {
  expected: `{ index, count } with an index from 1 to count, and a count of at most ${mostShards},`,
  accepts: (value) => {
    const { index, count, ...others } = Object(value) as Record<string, unknown>;
    return (
      wholeNumber(1, mostShards).accepts(count) &&
      wholeNumber(1, Number(count)).accepts(index) &&
      Object.keys(others).length === 0
    );
  },
};

const selecting: Checks<SelectingOptions> = {
  filter: texts,
  tag: texts,
  test: texts,
  prompt: texts,
  config: texts,
  model: texts,
};
const endpoint: Checks<EndpointOptions> = { emulator: boolean, script: text, baseUrl: text, replay: text };
const baseline: Checks<BaselineOptions> = { baseline: text, baselineAge: wholeNumber(1) };
const reporting = { reports: text, reporters: texts };

export const validate: Checks<ValidateOptions> = {
  ...selecting,
  paths: texts,
  lastFailed: boolean,
  changed: boolean,
  reports: text,
  baseline: text,
  useModel: modelName,
  repeats: wholeNumber(1),
  shard,
  resume: boolean,
};
export const plan: Checks<PlanOptions> = {
  ...validate,
  ...endpoint,
  countTokens: boolean,
  timeout: wholeNumber(1),
};
export const run: Checks<RunOptions> = {
  ...validate,
  ...endpoint,
  ...baseline,
  ...reporting,
  concurrency: or(wholeNumber(1), '"auto"', (value) => value === 'auto'),
  retries: wholeNumber(0),
  timeout: wholeNumber(1),
  connectTimeout: wholeNumber(1),
  firstByteTimeout: wholeNumber(1),
  idleTimeout: wholeNumber(1),
  rpm: wholeNumber(1),
  tpm: wholeNumber(1),
  bail: wholeNumber(1),
  maxCost: amount,
  maxTokens: wholeNumber(1),
  record: text,
  prune: boolean,
  cache: or(text, 'true', (value) => value === true),
  cacheAge: wholeNumber(0),
  cacheAll: boolean,
};
export const judge: Checks<JudgeOptions> = {
  ...selecting,
  ...baseline,
  ...reporting,
  journal: text,
  lastFailed: boolean,
  changed: boolean,
};
export const report: Checks<ReportOptions> = { ...baseline, ...reporting, journal: text };
export const merge: Checks<MergeOptions> = { ...baseline, ...reporting, shards: required(texts) };
export const compare: Checks<CompareOptions> = {
  ...selecting,
  before: required(text),
  after: required(text),
  baselineAge: baseline.baselineAge,
};
export const approve: Checks<ApproveOptions> = {
  ...selecting,
  reports: text,
  baseline: text,
  prune: boolean,
};
export const models: Checks<ModelsOptions> = { ...endpoint, timeout: wholeNumber(1) };
