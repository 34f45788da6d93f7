/** What a model with the code tool does when a prompt asks it to compute: a small program, its output, and a sentence. */
import type { JsonObject } from '../lib/json.ts';
import type { GenerateRequest } from './request.ts';

const asks = /\b(?:python|code|comput|calculat|execut|sum|run)/i;

/** The parts of such an answer; undefined where the tool is not declared or the prompt does not ask for it. */
export function runCode(request: GenerateRequest, prompt: string): JsonObject[] | undefined {
  if (!request.tools?.some((tool) => tool.codeExecution) || !asks.test(prompt)) return undefined;
  const numbers = (prompt.match(/-?\d+/g) ?? []).map(Number);
  const output = String(numbers.reduce((sum, each) => sum + each, 0));
  return [
    { executableCode: { language: 'PYTHON', code: `print(sum([${numbers.join(', ')}]))\n` } },
    { codeExecutionResult: { outcome: 'OUTCOME_OK', output: `${output}\n` } },
    { text: `The result is ${output}.` },
  ];
}
