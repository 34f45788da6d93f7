import type { Report } from '../diagnostics/diagnostic.ts';
import { isMapNode, SourceNode } from '../diagnostics/source-node.ts';
import { spelledEnum } from '../gemini/enums.ts';
import { enumFields } from '../gemini/messages.ts';
import type { JsonObject } from '../lib/json.ts';
import { checkEnum } from './check-enum.ts';
import { checkMessages } from './config-messages.ts';

/**
 * Looks at the enum values of a config: a typo is an error, what resembles no known value a warning. So are the keys of
 * what is written in the API's words, unless they were looked at before.
 */
export function checkEnums(fields: SourceNode<JsonObject>, report: Report, keys = false): void {
  checkMessages(fields, { report, keys });
  checkSafety(fields.at('safetySettings'), report);
  for (const [field, name] of Object.entries(enumFields)) checkEnum(name, fields.at(field), report);
}

/** Reads a map of settings; a list of settings is read as messages. */
function checkSafety(settings: SourceNode, report: Report): void {
  if (!isMapNode(settings)) return;
  const known = new Set<string>();
  for (const [category, threshold] of settings.entries()) {
    const place = threshold.keyPlace;
    checkEnum('harmCategory', new SourceNode(category, { place, keyPlace: place }), report);
    checkEnum('harmThreshold', threshold, report);
    const spelled = spelledEnum('harmCategory', category);
    if (known.has(spelled))
      report({
        severity: 'error',
        code: 'duplicate-field',
        message: `${spelled} is set twice, in two spellings`,
        place,
        help: 'keep one of them',
      });
    known.add(spelled);
  }
}
