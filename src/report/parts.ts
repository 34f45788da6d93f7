import type { CandidateResult, PartResult, TrialResult } from '../judge/results.ts';

/** A part of an answer that is no text, in words: what it is, and by what the same one is known. */
interface ShownPart {
  readonly title: string;
  readonly text: string;
}

/** What a candidate holds beside its text, thoughts and function calls, in order. */
export function shownParts({ parts = [] }: CandidateResult): ShownPart[] {
  return parts.flatMap((part) => shownPart(part) ?? []);
}

function shownPart(part: PartResult): ShownPart | undefined {
  switch (part.type) {
    case 'text':
    case 'functionCall':
      return undefined;
    case 'file':
      return { title: 'file', text: `${part.mimeType ?? 'unknown type'}, ${part.uri}` };
    case 'executableCode':
      return { title: `code${part.language === undefined ? '' : `: ${part.language}`}`, text: part.code };
    case 'codeExecutionResult':
      return {
        title: `code result${part.outcome === undefined ? '' : `: ${part.outcome}`}`,
        text: part.output,
      };
    case 'other':
      return { title: 'other part', text: JSON.stringify(part.part, null, 2) };
    default:
      return {
        title: part.type,
        text: `${part.mimeType ?? 'unknown type'}, ${part.bytes} bytes, sha256:${part.sha256}`,
      };
  }
}

/** `OTHER: the model stopped`: how a candidate ended, in the API's words; undefined where it says nothing but STOP. */
function endInWords({ finishReason, finishMessage }: CandidateResult): string | undefined {
  if ((finishReason ?? 'STOP') === 'STOP' && finishMessage === undefined) return undefined;
  return [finishReason ?? 'no finishReason', finishMessage].filter((each) => each !== undefined).join(': ');
}

/** How the candidates of a trial, and the turns before them, ended where that is not just STOP; each once. */
export function endsOf({ turns = [], candidates }: TrialResult): string[] {
  const earlier = turns.slice(0, -1).flatMap((turn, index) => {
    const end = endInWords(turn);
    return end === undefined ? [] : [`turn ${index + 1}: ${end}`];
  });
  return [...new Set([...earlier, ...candidates.flatMap((each) => endInWords(each) ?? [])])];
}
