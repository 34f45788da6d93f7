/** Log probabilities of a text's tokens, drawn from the text. */
import type { JsonObject } from '../lib/json.ts';
import { digest } from './chance.ts';
import { tokenize } from './tokens.ts';

const rounded = (value: number): number => Number(value.toFixed(6));

/** `avgLogprobs` and `logprobsResult` of a candidate; `top` is how many alternatives each token shows. */
export function logprobsOf(text: string, top: number): JsonObject {
  const tokens = tokenize(text);
  if (tokens.length === 0) return {};
  const chosen = tokens.map((token, index) => likelihood(token, digest(token, String(index))));
  const sum = chosen.reduce((total, { logProbability }) => total + logProbability, 0);
  return {
    avgLogprobs: rounded(sum / tokens.length),
    logprobsResult: {
      ...(top > 0
        ? { topCandidates: chosen.map((each) => ({ candidates: [each, ...alternatives(each, top - 1)] })) }
        : {}),
      chosenCandidates: chosen,
      logProbabilitySum: rounded(sum),
    },
  };
}

function likelihood(
  token: string,
  bytes: Buffer,
): { token: string; tokenId: number; logProbability: number } {
  return { token, tokenId: bytes.readUInt16BE(0), logProbability: rounded(-(bytes[2] ?? 0) / 512 - 0.001) };
}

function alternatives(
  { token, logProbability }: { token: string; logProbability: number },
  count: number,
): JsonObject[] {
  return Array.from({ length: count }, (_, index) => {
    const other = `${token.startsWith(' ') ? ' ' : ''}other${index + 1}`;
    const { tokenId } = likelihood(other, digest(token, other));
    return { token: other, tokenId, logProbability: rounded(logProbability - index - 1) };
  });
}
