import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { enumValue } from './enums.ts';
import { countOf, objectsOf, textOf } from './json-readers.ts';
import type { Usage } from './reply.ts';

/**
 * Token counts of a usageMetadata. The total is the server's; where it is missing it is the sum that the API
 * documents (prompt + tool use + thoughts + candidates; the prompt includes what was cached). Where one count is
 * invalid (below zero, not finite), all of it is unknown: the others do not say what is paid for.
 */
export function readUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value) || Object.keys(value).length === 0 || hasInvalidCount(value)) return undefined;
  const prompt = countOf(value.promptTokenCount);
  const candidates = countOf(value.candidatesTokenCount);
  const thoughts = countOf(value.thoughtsTokenCount);
  const toolUse = countOf(value.toolUsePromptTokenCount);
  const sum =
    prompt === undefined ? undefined : countOf(prompt + (toolUse ?? 0) + (thoughts ?? 0) + (candidates ?? 0));
  return {
    prompt,
    candidates,
    thoughts,
    cached: countOf(value.cachedContentTokenCount),
    toolUse,
    total: countOf(value.totalTokenCount) ?? sum,
    // Embeddings name the same list in the singular.
    promptByModality: readDetails(value.promptTokensDetails ?? value.promptTokenDetails),
    cachedByModality: readDetails(value.cacheTokensDetails),
    tier: textOf(value.serviceTier),
  };
}

/** Whether a count is invalid, of the whole or of a modality. */
function hasInvalidCount(usage: JsonObject): boolean {
  const isInvalid = (value: JsonValue | undefined): boolean =>
    typeof value === 'number' && countOf(value) === undefined;
  for (const key in usage) {
    const value = usage[key];
    if (isInvalid(value) || objectsOf(value).some(({ tokenCount }) => isInvalid(tokenCount))) return true;
  }
  return false;
}

function readDetails(value: JsonValue | undefined): Record<string, number> | undefined {
  if (value === undefined) return undefined;
  const counts = new Map<string, number>();
  for (const entry of objectsOf(value)) {
    const count = countOf(entry.tokenCount);
    const modality = enumValue('modality', entry.modality);
    if (modality !== undefined && count !== undefined)
      counts.set(modality, (counts.get(modality) ?? 0) + count);
  }
  return counts.size > 0 ? Object.fromEntries(counts) : undefined;
}

/** The counts of a countTokens response; undefined if it has no total. */
export function countUsage(body: JsonObject): Usage | undefined {
  const total = countOf(body.totalTokens);
  if (total === undefined) return undefined;
  return { cached: countOf(body.cachedContentTokenCount), total };
}
