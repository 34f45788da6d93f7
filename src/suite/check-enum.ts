import type { Report } from '../diagnostics/diagnostic.ts';
import type { SourceNode } from '../diagnostics/source-node.ts';
import { enumWords, judgeEnum, type EnumName } from '../gemini/enums.ts';

/** Reports a value, or one of a list, that an enum does not have. Numbers are looked up; others than texts are of no enum. */
export function checkEnum(name: EnumName, node: SourceNode, report: Report): void {
  for (const item of node.items()) checkEnum(name, item, report);
  const { value, place } = node;
  if ((typeof value !== 'string' && typeof value !== 'number') || String(value).includes('{{')) return;
  const known = judgeEnum(name, String(value));
  if (known === 'known') return;
  const word = enumWords[name] ?? name;
  if (known === 'unknown')
    report({
      severity: 'warning',
      code: 'unknown-enum-value',
      message: `unknown ${word} ${JSON.stringify(value)}; it is sent unchanged`,
      place,
    });
  else
    report({
      severity: 'error',
      code: 'unknown-enum-value',
      message: `unknown ${word} ${JSON.stringify(value)}`,
      place,
      help: `did you mean ${JSON.stringify(known.near)}?`,
    });
}
