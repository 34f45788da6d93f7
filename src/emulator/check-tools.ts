/** Refuses tools that are declared wrongly, do not go together, or are named without a declaration; and calls in the wrong order. */
import { formatOf, notEnabled, schemaErrors } from './check-config.ts';
import { invalidField, invalid, throwAll, type FieldError } from './errors.ts';
import { answersInText, type Model } from './models.ts';
import type {
  Content,
  FunctionCall,
  FunctionDeclaration,
  FunctionResponse,
  GenerateRequest,
  Part,
} from './request.ts';

const functionName = /^[A-Za-z_][\w.:-]{0,63}$/;
/** Tools that the service runs itself. */
const ownTools = ['googleSearch', 'googleSearchRetrieval', 'codeExecution', 'urlContext', 'googleMaps'];

/** Throws the 400 of the first rule that the tools break. */
export function checkTools(request: GenerateRequest, model: Model): void {
  const { tools = [] } = request;
  if (model.needsComputer && !tools.some(({ computerUse }) => computerUse))
    throw invalid('This model requires the use of the Computer Use tool.');
  const names = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, { functionDeclarations = [] }] of tools.entries())
    for (const [place, declaration] of functionDeclarations.entries()) {
      const path = `GenerateContentRequest.tools[${index}].function_declarations[${place}]`;
      errors.push(...declarationErrors(declaration, path));
      const { name = '' } = declaration;
      if (names.has(name)) throw invalid(`Duplicate function declaration found: ${name}`);
      names.add(name);
    }
  throwAll(errors);
  checkCalling(request, names);
  if (names.size > 0 && !answersInText(model)) throw notEnabled('Function calling', model);
  if (names.size > 0) checkTogether(request, model);
}

function checkCalling({ toolConfig }: GenerateRequest, names: ReadonlySet<string>): void {
  const { mode, allowedFunctionNames = [] } = toolConfig?.functionCallingConfig ?? {};
  const path = 'GenerateContentRequest.tool_config.function_calling_config';
  const calling = mode === 'AUTO' || mode === 'ANY' || mode === 'VALIDATED';
  if (calling && names.size === 0)
    throw invalid('Function calling config is set without function_declarations.');
  if (allowedFunctionNames.length > 0 && mode !== 'ANY' && mode !== 'VALIDATED')
    throw invalidField(
      `${path}.allowed_function_names`,
      'allowed_function_names should only be set when the mode is ANY or VALIDATED.',
    );
  throwAll(
    [...allowedFunctionNames.entries()].flatMap(([index, name]) =>
      names.has(name)
        ? []
        : [[`${path}.allowed_function_names[${index}]`, `function ${name} is not declared.`] as const],
    ),
  );
}

/** Before Gemini 3, functions exclude JSON answers and the service's own tools. */
function checkTogether({ tools = [], toolConfig, generationConfig }: GenerateRequest, model: Model): void {
  const { mimeType } = formatOf(generationConfig ?? {});
  const mixed = tools.some((tool) => ownTools.some((name) => Object.hasOwn(tool, name)));
  const circulates = toolConfig?.includeServerSideToolInvocations === true;
  if (model.fromGemini3) {
    if (mixed && !circulates)
      throw invalid(
        'Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling.',
      );
    return;
  }
  if (circulates) throw invalid(`Tool call context circulation is not enabled for models/${model.id}`);
  if (mixed) throw invalid('Tool use with function calling is unsupported');
  if (mimeType !== 'text/plain')
    throw invalid(`Function calling with a response mime type: '${mimeType}' is unsupported`);
}

function declarationErrors(declaration: FunctionDeclaration, path: string): FieldError[] {
  const { name = '', parameters, parametersJsonSchema, response, responseJsonSchema } = declaration;
  const errors: FieldError[] = [];
  if (!functionName.test(name))
    errors.push([
      `${path}.name`,
      'Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.',
    ]);
  if (parameters && parametersJsonSchema !== undefined)
    errors.push([path, 'parameters and parameters_json_schema cannot both be set.']);
  if (response && responseJsonSchema !== undefined)
    errors.push([path, 'response and response_json_schema cannot both be set.']);
  if (parameters) errors.push(...schemaErrors(parameters, `${path}.parameters`));
  return errors;
}

const callsOf = (content: Content | undefined): FunctionCall[] =>
  (content?.parts ?? []).flatMap(({ functionCall }) => (functionCall ? [functionCall] : []));
const answersOf = (content: Content): FunctionResponse[] =>
  (content.parts ?? []).flatMap(({ functionResponse }) => (functionResponse ? [functionResponse] : []));

const unequal =
  'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.';

/** Refuses turns in the wrong order: a call, its response, and who speaks last. Throws the 400 of the first. */
export function checkTurns(contents: readonly Content[], model: Model): void {
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
  { matchesIds }: Model,
): void {
  if (calls.length === 0)
    throw invalid('Please ensure that function response turn comes immediately after a function call turn.');
  if (calls.length !== answers.length) throw invalid(unequal);
  // A response names its call. An id, where the model checks it, must be that of the call; it may be missing, since Google's
  // Python library sends none.
  const left = [...calls];
  for (const { id = '', name } of answers) {
    const at = left.findIndex(
      (call) => call.name === name && (!matchesIds || id === '' || id === (call.id ?? '')),
    );
    if (at < 0) throw invalid();
    left.splice(at, 1);
  }
}

/** Gemini 3 requires the signature of the first call of every step since the user last spoke. */
function checkSignatures(contents: readonly Content[], { fromGemini3 }: Model): void {
  if (!fromGemini3) return;
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
