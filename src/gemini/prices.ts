import type { Price } from './model-table.ts';
import { endedBy, idIn, modelFacts } from './models.ts';
import type { Usage } from './reply.ts';

export type { Price } from './model-table.ts';

/** Prices by model id, in place of the table's or beside them. */
export type PriceOverrides = Readonly<Record<string, Price>>;

/**
 * What a model's tokens cost on a day (ISO 8601, UTC): the suite's own price, else that of the table, of the model
 * that answers in its place where that is known. Undefined where no price is known.
 */
export function priceOf(model: string, date: string, overrides: PriceOverrides = {}): Price | undefined {
  const own = idIn(overrides, model);
  if (own !== undefined) return overrides[own];
  const target = endedBy(model, date)?.routedTo;
  if (target !== undefined) return priceOf(target, date, overrides);
  const day = date.slice(0, 10);
  return modelFacts(model)?.prices?.findLast(({ from }) => from === undefined || day >= from);
}

/**
 * USD of one call, to 12 decimals; undefined where the usage or one of the prices it needs is not known.
 *
 * `(prompt − cached)·input + cached·cachedInput + (candidates + thoughts)·output + toolUse·input`, since the prompt
 * counts what was cached, candidates exclude thoughts, and thoughts are billed as output
 * (ai.google.dev/gemini-api/docs/pricing, and /tokens for the counts). A prompt over the bound puts the whole request
 * in the long tier. Of tokens alone: searches and the storage of caches are billed beside them.
 */
export function costOf(
  usage: Usage | undefined,
  model: string,
  date: string,
  overrides: PriceOverrides = {},
): number | undefined {
  const listed = priceOf(model, date, overrides);
  if (usage?.prompt === undefined || !listed) return undefined;
  // Other tiers have other prices, which the table does not have; a suite's own price is that of its tier.
  if (/flex|priority|batch/i.test(usage.tier ?? '') && idIn(overrides, model) === undefined) return undefined;
  const { prompt, cached = 0, candidates = 0, thoughts = 0, toolUse = 0 } = usage;
  const price = tierOf(listed, prompt);
  const parts = [
    ...inputParts(prompt - cached, cached, usage, price),
    { tokens: toolUse, rate: price.input },
    { tokens: candidates + thoughts, rate: price.output },
  ];
  return sum(parts);
}

/**
 * The model at whose price a call is billed: the one that answered. A suite's own price for the
 * requested model holds whichever model answers, unless the suite has a price for that one too.
 */
export function billedAs(
  requested: string,
  answered: string | undefined,
  overrides: PriceOverrides = {},
): string {
  if (answered === undefined) return requested;
  const own = idIn(overrides, answered) === undefined && idIn(overrides, requested) !== undefined;
  return own ? requested : answered;
}

/** USD of several calls; undefined where it is not known of one. Each at the price of {@link billedAs}. */
export function spentOn(
  calls: readonly { readonly usage?: Usage | undefined; readonly modelVersion?: string | undefined }[],
  requested: string,
  date: string,
  overrides?: PriceOverrides,
): number | undefined {
  let total = 0;
  for (const { usage, modelVersion } of calls) {
    const paid = costOf(usage, billedAs(requested, modelVersion, overrides), date, overrides);
    if (paid === undefined) return undefined;
    total += paid;
  }
  return Number(total.toFixed(12));
}

/**
 * The most that a call can cost in USD: all its input at the dearest rate that any of it can have (or, given by
 * modality, at each one's), all its output at the output's. Undefined where a price it needs is not known.
 */
export function worstCost(
  inputTokens: number | Readonly<Record<string, number>>,
  outputTokens: number,
  listed: Price,
): number | undefined {
  const byModality = typeof inputTokens === 'number' ? undefined : Object.entries(inputTokens);
  const total = byModality?.reduce((all, [, tokens]) => all + tokens, 0) ?? Number(inputTokens);
  // A short prompt may only be bounded by a long one: the dearer of the two tiers is the bound.
  const tiers = total > (listed.long?.above ?? Infinity) ? [listed, tierOf(listed, total)] : [listed];
  const rate = (pick: (price: Price) => number | undefined): number | undefined => dearest(tiers.map(pick));
  const input = byModality
    ? byModality.map(([modality, tokens]) => ({
        tokens,
        rate: rate((price) => dearest([rateOf(modality, price), price.cached ?? 0])),
      }))
    : [{ tokens: total, rate: rate((price) => dearest(inputRates(price))) }];
  return sum([...input, { tokens: outputTokens, rate: rate(({ output }) => output) }]);
}

interface Part {
  readonly tokens: number;
  readonly rate: number | undefined;
}

/** Tokens of modalities with prices of their own are counted apart, as far as the reply lists them. */
function inputParts(fresh: number, cached: number, usage: Usage, price: Price): Part[] {
  const parts: Part[] = [];
  let freshLeft = Math.max(0, fresh);
  let cachedLeft = cached;
  const cachedCounts = new Map(Object.entries(usage.cachedByModality ?? {}));
  for (const [modality, all] of Object.entries(usage.promptByModality ?? {})) {
    const stored = Math.min(cachedCounts.get(modality) ?? 0, all, cachedLeft);
    const given = Math.min(all - stored, freshLeft);
    parts.push({ tokens: given, rate: rateOf(modality, price) });
    if (modality === 'AUDIO' && price.cachedAudio !== undefined) {
      parts.push({ tokens: stored, rate: price.cachedAudio });
      cachedLeft -= stored;
    }
    freshLeft -= given;
  }
  return [...parts, { tokens: freshLeft, rate: price.input }, { tokens: cachedLeft, rate: price.cached }];
}

function tierOf(price: Price, promptTokens: number): Price {
  const { long } = price;
  if (!long || promptTokens <= long.above) return price;
  const { above: _above, ...dearer } = long;
  return { ...price, ...dearer };
}

function rateOf(modality: string, price: Price): number {
  const { input, audio, image, video } = price;
  switch (modality) {
    case 'AUDIO':
      return audio ?? input;
    case 'IMAGE':
      return image ?? input;
    case 'VIDEO':
      return video ?? input;
    default:
      return input;
  }
}

function inputRates({ input, cached, audio, cachedAudio, image, video }: Price): number[] {
  return [input, cached, audio, cachedAudio, image, video].filter((rate) => rate !== undefined);
}

function dearest(rates: readonly (number | undefined)[]): number | undefined {
  return rates.reduce((most, rate) =>
    most === undefined || rate === undefined ? undefined : Math.max(most, rate),
  );
}

/** Decimals beyond the twelfth are noise of the arithmetic, which must not break a bound. */
function sum(parts: readonly Part[]): number | undefined {
  let total = 0;
  for (const { tokens, rate } of parts) {
    if (tokens === 0) continue;
    if (rate === undefined) return undefined;
    total += (tokens * rate) / 1_000_000;
  }
  return Number(total.toFixed(12));
}
