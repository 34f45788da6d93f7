import type { CandidateResult, PartResult } from '../judge/case-record.ts';

/** A part of an answer that is no text, in words: what it is, and by what the same one is known. */
interface DisplayPart {
  readonly title: string;
  readonly text: string;
}

/** The other parts of a candidate, beside text, thoughts and function calls, in order. */
export function displayParts({ parts = [] }: Pick<CandidateResult, 'parts'>): DisplayPart[] {
  return parts.flatMap((part) => displayPart(part) ?? []);
}

function displayPart(part: PartResult): DisplayPart | undefined {
  const { type, mimeType = 'unknown type', code = [], output = [] } = part;
  const named = (title: string, name: string | undefined): string =>
    name === undefined ? title : `${title}: ${name}`;
  switch (type) {
    case 'text':
    case 'functionCall':
      return undefined;
    case 'file':
      return { title: type, text: `${mimeType}, ${part.uri ?? ''}` };
    case 'executableCode':
      return { title: named('code', part.language), text: code.join('\n') };
    case 'codeExecutionResult':
      return { title: named('code result', part.outcome), text: output.join('\n') };
    case 'other':
      return { title: 'other part', text: JSON.stringify(part.part, null, 2) };
    default:
      return { title: type, text: `${mimeType}, ${part.bytes} bytes, sha256:${part.sha256}` };
  }
}
