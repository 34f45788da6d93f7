import type { Report } from '../diagnostics/diagnostic.ts';
import {
  isListNode,
  isMapNode,
  mapEntries,
  mapItems,
  mapNode,
  SourceNode,
} from '../diagnostics/source-node.ts';
import type { Method } from '../gemini/methods.ts';
import type { JsonObject } from '../lib/json.ts';
import { checkEnums } from './config-enums.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import { withFieldEnums } from './message-texts.ts';
import type { NamedConfig } from './suite.ts';
import { readMap, readTools } from './tools.ts';

/** Reads a config: generationConfig flattened, files resolved, enum values checked. */
export async function readConfig(
  name: string,
  node: SourceNode,
  files: SuiteFiles,
  report: Report,
): Promise<NamedConfig> {
  const [method, model, extra] = [node.at('method').value, node.at('model'), node.at('extra')];
  const own = node.entries().filter(([key]) => !['method', 'model', 'extra'].includes(key));
  const at = { place: node.keyPlace, keyPlace: node.keyPlace };
  return {
    name,
    place: node.keyPlace,
    fields: await readFields(mapNode(own, at), files, report),
    ...(typeof method === 'string' ? { method: method as Method } : {}),
    ...(typeof model.value === 'string' ? { model: { value: model.value, place: model.place } } : {}),
    ...(isMapNode(extra) ? { extra } : {}),
  };
}

/** Flattens a pasted generationConfig, resolves files, and checks enum values. */
export async function readFields(
  written: SourceNode,
  files: SuiteFiles,
  report: Report,
): Promise<SourceNode<JsonObject>> {
  const entries: [string, SourceNode][] = [];
  for (const [key, node] of flattened(written, report))
    entries.push([key, await readField(key, node, files, report)]);
  const fields = mapNode(entries, written);
  if (fields.value.responseSchema != null && fields.value.responseJsonSchema != null) {
    report({
      severity: 'error',
      code: 'two-schemas',
      message: 'responseSchema and responseJsonSchema exclude each other',
      place: fields.at('responseJsonSchema').keyPlace,
      help: 'keep one of them: the second takes JSON Schema as it is',
    });
  }
  checkEnums(fields, report, true);
  return withFieldEnums(fields);
}

/** The fields of a config by name, those of a pasted generationConfig among them. */
function flattened(written: SourceNode, report: Report): Map<string, SourceNode> {
  const fields = new Map(written.entries().filter(([key]) => key !== 'generationConfig'));
  for (const [key, node] of written.at('generationConfig').entries()) {
    if (fields.has(key))
      report({
        severity: 'error',
        code: 'duplicate-field',
        message: `${key} is set in the config and in its generationConfig`,
        place: node.keyPlace,
        help: 'remove one of them',
      });
    fields.set(key, node);
  }
  return fields;
}

/** A field with its files resolved. */
async function readField(
  field: string,
  node: SourceNode,
  files: SuiteFiles,
  report: Report,
): Promise<SourceNode> {
  if (field === 'systemInstruction') return readInstruction(node, files);
  if (field === 'tools' && node.value !== null)
    return (await readTools(node, { files, report })).movedTo(node);
  const mayBeFile = ['responseSchema', 'responseJsonSchema', 'toolConfig'].includes(field);
  if (!mayBeFile || fileReference(node) === undefined) return node;
  return (await readMap(node, { files, report })).movedTo(node);
}

/** A system instruction may be a file, and so may a part of one in the API’s words. */
async function readInstruction(node: SourceNode, files: SuiteFiles): Promise<SourceNode> {
  const reference = fileReference(node);
  if (reference !== undefined) {
    const read = (await files.value(reference, node.at('file').place)) ?? node.with(null);
    // Errors in a text are reported there.
    const place = typeof read.value === 'string' ? read.place : node.place;
    return read.movedTo({ place, keyPlace: node.keyPlace });
  }
  if (!isMapNode(node)) return node;
  return mapEntries(node, (parts, key) =>
    key === 'parts' && isListNode(parts)
      ? mapItems(parts, (part) => readInstructionPart(part, files))
      : parts,
  );
}

async function readInstructionPart(part: SourceNode, files: SuiteFiles): Promise<SourceNode> {
  const reference = fileReference(part);
  const read = reference === undefined ? undefined : await files.text(reference, part.place);
  if (!read) return part;
  const text = new SourceNode(read.text, { place: read.place, keyPlace: read.place });
  return mapNode([['text', text]], part);
}
