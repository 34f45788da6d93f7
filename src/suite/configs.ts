import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { copyPlace, keyPlace, valuePlace } from '../diagnostics/places.ts';
import type { Method } from '../gemini/methods.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { checkEnums } from './config-enums.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import type { NamedConfig } from './suite.ts';

/** Reads a config: generationConfig flattened, files resolved, enums looked at. */
export async function readConfig(
  name: string,
  value: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<NamedConfig> {
  const { method, model, extra, ...written } = isObject(value) ? value : {};
  const own: JsonObject = written;
  if (isObject(value)) for (const key of Object.keys(own)) copyPlace(value, key, own, key);
  const modelPlace = isObject(value) ? valuePlace(value, 'model') : undefined;
  return {
    name,
    place,
    fields: await readFields(own, place, files, report),
    ...(typeof method === 'string' ? { method: method as Method } : {}),
    ...(typeof model === 'string' ? { model: { value: model, place: modelPlace ?? place } } : {}),
    ...(isObject(extra) ? { extra } : {}),
  };
}

/** Flattens a pasted generationConfig, resolves files, and checks enum values. */
export async function readFields(
  written: JsonObject,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<JsonObject> {
  const fields: JsonObject = {};
  const put = (from: JsonObject, key: string): void => {
    fields[key] = from[key] ?? null;
    copyPlace(from, key, fields, key);
  };
  for (const [key, value] of Object.entries(written)) {
    if (key !== 'generationConfig') put(written, key);
    else if (isObject(value)) for (const inner of Object.keys(value)) put(value, inner);
  }
  for (const key of ['systemInstruction', 'responseSchema', 'responseJsonSchema', 'toolConfig'] as const) {
    const reference = fileReference(fields[key]);
    if (reference !== undefined)
      fields[key] = (await files.value(reference, valuePlace(fields, key) ?? place)) ?? null;
  }
  if (Array.isArray(fields.tools)) {
    const tools = fields.tools;
    fields.tools = await Promise.all(
      tools.map(async (tool, index) => {
        const reference = fileReference(tool);
        return reference === undefined
          ? tool
          : ((await files.value(reference, valuePlace(tools, index) ?? place)) ?? {});
      }),
    );
  }
  if (fields.responseSchema != null && fields.responseJsonSchema != null) {
    report({
      severity: 'error',
      code: 'two-schemas',
      message: 'responseSchema and responseJsonSchema exclude each other',
      place: keyPlace(fields, 'responseJsonSchema') ?? place,
    });
  }
  checkEnums(fields, place, report);
  return fields;
}
