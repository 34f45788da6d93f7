/** Refuses turns in an order that the model does not take: calls and their answers, and who speaks last. */
import { invalid } from './fail.ts';
import type { EmulatedModel } from './models.ts';
import type { Content, FunctionCall, FunctionResponse, Part } from './request.ts';

const callsOf = (content: Content | undefined): FunctionCall[] =>
  (content?.parts ?? []).flatMap(({ functionCall }) => (functionCall ? [functionCall] : []));
const answersOf = (content: Content): FunctionResponse[] =>
  (content.parts ?? []).flatMap(({ functionResponse }) => (functionResponse ? [functionResponse] : []));

const unequal =
  'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.';

/** Throws the failure of the first turn out of order. */
export function checkTurns(contents: readonly Content[], model: EmulatedModel): void {
  if (model.ignoresSampling && contents.at(-1)?.role === 'model')
    throw invalid('Please ensure that multiturn requests end with a user role or a function response.');
  for (const [index, content] of contents.entries()) {
    const [before, after] = [contents[index - 1], contents[index + 1]];
    const answers = answersOf(content);
    if (answers.length > 0) checkAnswers(answers, callsOf(before), model);
    if (callsOf(content).length === 0) continue;
    if (!before || before.role === 'model')
      throw invalid(
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      );
    if (!after || answersOf(after).length === 0) throw invalid(unequal);
  }
  checkSignatures(contents, model);
}

function checkAnswers(
  answers: readonly FunctionResponse[],
  calls: readonly FunctionCall[],
  { matchesIds }: EmulatedModel,
): void {
  if (calls.length === 0)
    throw invalid('Please ensure that function response turn comes immediately after a function call turn.');
  if (calls.length !== answers.length) throw invalid(unequal);
  // An answer names its call. From 3.5-flash on an id that is given must be the call's; one that is left out is not missed,
  // since Google's own Python library sends none.
  const left = [...calls];
  for (const { id = '', name } of answers) {
    const at = left.findIndex(
      (call) => call.name === name && (!matchesIds || id === '' || id === (call.id ?? '')),
    );
    if (at < 0) throw invalid();
    left.splice(at, 1);
  }
}

/** Gemini 3 wants back the signature of the first call of every step since the user last spoke. */
function checkSignatures(contents: readonly Content[], { third }: EmulatedModel): void {
  if (!third) return;
  const spoken = contents.findLastIndex(
    (content) => content.role !== 'model' && answersOf(content).length === 0,
  );
  for (const [index, content] of contents.entries()) {
    if (index <= spoken || content.role !== 'model') continue;
    const first = (content.parts ?? []).find((part: Part) => part.functionCall);
    if (first && !first.thoughtSignature)
      throw invalid(
        `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`${first.functionCall?.name ?? ''}\` , position ${index + 1}.`,
      );
  }
}
