import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { copyPlace, keyPlace, setPlace, valuePlace } from '../diagnostics/places.ts';
import type { Method } from '../gemini/methods.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { checkEnums } from './config-enums.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import { mapEntries, mapItems } from './map-values.ts';
import { withFieldEnums } from './message-texts.ts';
import type { NamedConfig } from './suite.ts';
import { readMap, readTools } from './tools.ts';

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
  const fields = flattened(written, report);
  for (const key of ['responseSchema', 'responseJsonSchema', 'toolConfig'] as const) {
    const reference = fileReference(fields[key]);
    if (reference === undefined) continue;
    fields[key] = await readMap(reference, fileAt(fields, key, place), { files, report });
  }
  await readInstruction(fields, place, files);
  if (fields.tools != null)
    fields.tools = await readTools(fields.tools, valuePlace(fields, 'tools') ?? place, {
      files,
      report,
    });
  if (fields.responseSchema != null && fields.responseJsonSchema != null) {
    report({
      severity: 'error',
      code: 'two-schemas',
      message: 'responseSchema and responseJsonSchema exclude each other',
      place: keyPlace(fields, 'responseJsonSchema') ?? place,
      help: 'keep one of them: the second takes JSON Schema as it is',
    });
  }
  checkEnums(fields, place, report, true);
  return withFieldEnums(fields);
}

/** The fields of a config in one map, those of a pasted generationConfig among them. */
function flattened(written: JsonObject, report: Report): JsonObject {
  const fields: JsonObject = {};
  for (const key of Object.keys(written)) {
    if (key === 'generationConfig') continue;
    fields[key] = written[key] ?? null;
    copyPlace(written, key, fields, key);
  }
  const pasted = written.generationConfig;
  if (!isObject(pasted)) return fields;
  for (const key of Object.keys(pasted)) {
    const place = keyPlace(pasted, key);
    if (Object.hasOwn(fields, key))
      report({
        severity: 'error',
        code: 'duplicate-field',
        message: `${key} stands in the config and in its generationConfig`,
        ...(place ? { place } : {}),
        help: 'both say the same: keep one',
      });
    fields[key] = pasted[key] ?? null;
    copyPlace(pasted, key, fields, key);
  }
  return fields;
}

/** A system instruction may be a file, and so may a part of one in the API’s words. */
async function readInstruction(fields: JsonObject, place: Place, files: SuiteFiles): Promise<void> {
  const value = fields.systemInstruction;
  const reference = fileReference(value);
  if (reference !== undefined) {
    const at = fileAt(fields, 'systemInstruction', place);
    const read = await files.value(reference, at);
    fields.systemInstruction = read ?? null;
    const source = typeof read === 'string' ? await files.text(reference, at) : undefined;
    // What is wrong in the text is shown there.
    if (source) setPlace(fields, 'systemInstruction', source.place, keyPlace(fields, 'systemInstruction'));
  } else if (isObject(value)) {
    fields.systemInstruction = await mapEntries(value, async (parts, key) =>
      key === 'parts' && Array.isArray(parts)
        ? mapItems(parts, (part, at) => readInstructionPart(part, at ?? place, files))
        : parts,
    );
  }
}

async function readInstructionPart(part: JsonValue, place: Place, files: SuiteFiles): Promise<JsonValue> {
  const reference = fileReference(part);
  if (reference === undefined) return part;
  const read = await files.text(reference, place);
  // That it cannot be read was told.
  if (!read) return { text: '' };
  const made: JsonObject = { text: read.text };
  setPlace(made, 'text', read.place);
  return made;
}

function fileAt(fields: JsonObject, key: string, place: Place): Place {
  const value = fields[key];
  return (isObject(value) && valuePlace(value, 'file')) || (valuePlace(fields, key) ?? place);
}
