/** Refuses tools that are declared wrong or called for without being declared. */
import { checkSchema } from './check-schema.ts';
import { broken, invalid } from './fail.ts';
import type { FunctionDeclaration, GenerateRequest } from './request.ts';

const functionName = /^[A-Za-z_][\w.:-]{0,127}$/;

/** Throws the failure of the first rule that the tools break. */
export function checkTools({ tools = [], toolConfig }: GenerateRequest): void {
  const names = new Set<string>();
  for (const [index, { functionDeclarations = [] }] of tools.entries())
    for (const [place, declaration] of functionDeclarations.entries()) {
      const path = `GenerateContentRequest.tools[${index}].function_declarations[${place}]`;
      checkDeclaration(declaration, path);
      const { name = '' } = declaration;
      if (names.has(name)) throw invalid(`Duplicate function declaration found: ${name}`);
      names.add(name);
    }
  const { mode = 'AUTO', allowedFunctionNames = [] } = toolConfig?.functionCallingConfig ?? {};
  const path = 'GenerateContentRequest.tool_config.function_calling_config';
  if ((mode === 'ANY' || mode === 'VALIDATED') && names.size === 0)
    throw invalid('Function calling config is set without function_declarations.');
  if (allowedFunctionNames.length > 0 && mode !== 'ANY' && mode !== 'VALIDATED')
    throw broken(
      `${path}.allowed_function_names`,
      'allowed_function_names should only be set when the mode is ANY or VALIDATED.',
    );
  for (const [index, name] of allowedFunctionNames.entries())
    if (!names.has(name))
      throw broken(`${path}.allowed_function_names[${index}]`, `function ${name} is not declared.`);
}

function checkDeclaration(declaration: FunctionDeclaration, path: string): void {
  const { name = '', parameters, parametersJsonSchema, response, responseJsonSchema } = declaration;
  if (name === '') throw broken(`${path}.name`, '[REQUIRED_FIELD_MISSING]');
  if (!functionName.test(name))
    throw broken(
      `${path}.name`,
      '[INVALID_FUNCTION_NAME] must begin with a letter or an underscore, hold letters, digits, underscores, dots, colons and dashes only, and have at most 128 characters.',
    );
  if (parameters && parametersJsonSchema !== undefined)
    throw broken(path, 'parameters and parameters_json_schema cannot both be set.');
  if (response && responseJsonSchema !== undefined)
    throw broken(path, 'response and response_json_schema cannot both be set.');
  if (parameters) checkSchema(parameters, `${path}.parameters`);
}
