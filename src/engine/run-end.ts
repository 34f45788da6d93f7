import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { MinimalBudget } from '../execute/budget-message.ts';
import type { RunEnd } from '../execute/run.ts';
import type { Cause } from '../gemini/cause.ts';
import { knownModels } from '../gemini/models.ts';
import { bareModel } from '../gemini/paths.ts';
import { nearest } from '../lib/nearest.ts';
import { resumeLine } from '../lib/shell-line.ts';

const codes = {
  interrupted: 'interrupted',
  bailed: 'bailed',
  stopped: 'run-stopped',
  budget: 'budget-ended',
};

/** Why a run did not finish, what to do, and the command that continues it where that helps. */
export function endDiagnostics(
  { record, causes, minimalBudget }: RunEnd,
  commandLine: readonly string[] | undefined,
): Diagnostic[] {
  const { reason, message, stoppedModels = {} } = record;
  const models = Object.entries(stoppedModels).map(([model, why]): Diagnostic => {
    return {
      severity: 'error',
      code: 'model-stopped',
      message: `no further calls to ${model}: ${oneLine(why)}`,
      help: nextStep(commandLine, causes.get(model), model),
    };
  });
  if (reason === 'done' || (reason === 'stopped' && message === undefined)) return models;
  const help =
    reason === 'budget' && minimalBudget
      ? raise(commandLine, minimalBudget)
      : nextStep(commandLine, causes.get(''));
  return [
    ...models,
    {
      severity: reason === 'bailed' ? 'warning' : 'error',
      code: codes[reason],
      message: oneLine(message ?? 'the run was stopped'),
      ...(reason === 'bailed' ? {} : { help }),
    },
  ];
}

/** What to do first, so that the calls of a run that goes on are not refused again. */
const remedies: Readonly<Record<Exclude<Cause, 'unknownModel'>, string>> = {
  key: 'set GEMINI_API_KEY to a valid key (https://aistudio.google.com/apikey)',
  leakedKey: 'make a new key (https://aistudio.google.com/apikey) and set GEMINI_API_KEY to it',
  restrictedKey:
    'change the restrictions of the key (https://console.cloud.google.com/apis/credentials), or set GEMINI_API_KEY to another one',
  disabledApi:
    "enable the Generative Language API in the key's project (https://console.cloud.google.com/apis/library/generativelanguage.googleapis.com), wait some minutes",
  location:
    "use a region where the API is available (https://ai.google.dev/gemini-api/docs/available-regions), or enable billing for the key's project",
  credits: 'buy credits for the project (https://ai.studio/projects)',
  spendingCap: 'raise the spending cap (https://ai.studio/spend)',
  billing: "enable billing for the key's project (https://aistudio.google.com/apikey)",
  project: 'set GEMINI_API_KEY to a key of another project, or ask Google why this one is refused',
  dailyQuota: 'wait for midnight Pacific time, when the daily quota is renewed',
  noQuota: "use another model, or enable billing for the key's project (https://aistudio.google.com/apikey)",
};

function nextStep(commandLine: readonly string[] | undefined, cause: Cause | undefined, model = ''): string {
  if (cause === 'unknownModel') return otherModel(model);
  const first = cause === undefined ? '' : `${remedies[cause]}, then `;
  return `replies so far are kept; ${first}${howToContinue(commandLine)}`;
}

/** How to continue: a command line if a command started the run, otherwise the name of the option. */
function howToContinue(commandLine: readonly string[] | undefined): string {
  return commandLine ? `continue with: assay ${resumeLine(commandLine)}` : 'continue with the option resume';
}

/** For an unknown model, resuming would not help. */
function otherModel(model: string): string {
  const list = 'list the models with: assay models';
  const bare = bareModel(model);
  const known = knownModels(new Date().toISOString());
  if (known.includes(bare)) return `this key may not use it, or not for this method; ${list}`;
  const near = nearestFew(bare, known);
  return near.length === 0
    ? list
    : `did you mean ${near.map((each) => JSON.stringify(each)).join(' or ')}? Or ${list}`;
}

function nearestFew(word: string, known: readonly string[]): string[] {
  const found: string[] = [];
  while (found.length < mostNear) {
    const near = nearest(
      word,
      known.filter((each) => !found.includes(each)),
      Math.min(mostEdits, Math.floor(word.length / 2)),
    );
    if (near === undefined) break;
    found.push(near);
  }
  return found;
}

const mostNear = 3;
/** Between generations of a model lie more edits than in a typing error. */
const mostEdits = 6;

function raise(commandLine: readonly string[] | undefined, { option, value }: MinimalBudget): string {
  const raised = commandLine && withOption(commandLine, option, value);
  return `replies so far are kept; this call needs ${option} ${value} or more: raise it, and ${howToContinue(raised)}`;
}

/** The words of a command line with another value of an option that is among them. */
function withOption(commandLine: readonly string[], option: string, value: string): string[] {
  return commandLine.map((word, index) => {
    if (word.startsWith(`${option}=`)) return `${option}=${value}`;
    return commandLine[index - 1] === option ? value : word;
  });
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
