/** Refuses tools that are declared wrong, do not go together, or are called for without being declared. */
import { schemaFaults } from './check-schema.ts';
import { formatOf, notEnabled } from './check-config.ts';
import { broken, invalid, refuseAll, type Slip } from './fail.ts';
import { textIn, type EmulatedModel } from './models.ts';
import type { FunctionDeclaration, GenerateRequest } from './request.ts';

const functionName = /^[A-Za-z_][\w.:-]{0,63}$/;
/** Tools that the service runs by itself. */
const ownTools = ['googleSearch', 'googleSearchRetrieval', 'codeExecution', 'urlContext', 'googleMaps'];

/** Throws the failure of the first rule that the tools break. */
export function checkTools(request: GenerateRequest, model: EmulatedModel): void {
  const { tools = [] } = request;
  if (model.needsComputer && !tools.some(({ computerUse }) => computerUse))
    throw invalid('This model requires the use of the Computer Use tool.');
  const names = new Set<string>();
  const slips: Slip[] = [];
  for (const [index, { functionDeclarations = [] }] of tools.entries())
    for (const [place, declaration] of functionDeclarations.entries()) {
      const path = `GenerateContentRequest.tools[${index}].function_declarations[${place}]`;
      slips.push(...declarationFaults(declaration, path));
      const { name = '' } = declaration;
      if (names.has(name)) throw invalid(`Duplicate function declaration found: ${name}`);
      names.add(name);
    }
  refuseAll(slips);
  checkCalling(request, names);
  if (names.size > 0 && !textIn(model)) throw notEnabled('Function calling', model);
  if (names.size > 0) checkTogether(request, model);
}

function checkCalling({ toolConfig }: GenerateRequest, names: ReadonlySet<string>): void {
  const { mode, allowedFunctionNames = [] } = toolConfig?.functionCallingConfig ?? {};
  const path = 'GenerateContentRequest.tool_config.function_calling_config';
  const calling = mode === 'AUTO' || mode === 'ANY' || mode === 'VALIDATED';
  if (calling && names.size === 0)
    throw invalid('Function calling config is set without function_declarations.');
  if (allowedFunctionNames.length > 0 && mode !== 'ANY' && mode !== 'VALIDATED')
    throw broken(
      `${path}.allowed_function_names`,
      'allowed_function_names should only be set when the mode is ANY or VALIDATED.',
    );
  refuseAll(
    [...allowedFunctionNames.entries()].flatMap(([index, name]) =>
      names.has(name)
        ? []
        : [[`${path}.allowed_function_names[${index}]`, `function ${name} is not declared.`] as const],
    ),
  );
}

/** Before Gemini 3 functions stand alone: no JSON beside them, no tool of the service's own. */
function checkTogether(
  { tools = [], toolConfig, generationConfig }: GenerateRequest,
  model: EmulatedModel,
): void {
  const { mimeType } = formatOf(generationConfig ?? {});
  const mixed = tools.some((tool) => ownTools.some((name) => Object.hasOwn(tool, name)));
  const circulates = toolConfig?.includeServerSideToolInvocations === true;
  if (model.third) {
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

function declarationFaults(declaration: FunctionDeclaration, path: string): Slip[] {
  const { name = '', parameters, parametersJsonSchema, response, responseJsonSchema } = declaration;
  const slips: Slip[] = [];
  if (!functionName.test(name))
    slips.push([
      `${path}.name`,
      'Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.',
    ]);
  if (parameters && parametersJsonSchema !== undefined)
    slips.push([path, 'parameters and parameters_json_schema cannot both be set.']);
  if (response && responseJsonSchema !== undefined)
    slips.push([path, 'response and response_json_schema cannot both be set.']);
  if (parameters) slips.push(...schemaFaults(parameters, `${path}.parameters`));
  return slips;
}
