import { bareModel } from '../gemini/paths.ts';
import { decodeReply } from '../gemini/decode.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import { renderTable } from '../report/terminal/table.ts';
import { lookOf, printDiagnostics, type Context } from './context.ts';
import { checkEndpoint, openEndpoint, type EndpointFlags } from './endpoint.ts';
import { transportOf } from './transport.ts';

/** `assay models`: the models of the endpoint, all pages, as a table. */
export async function models(
  context: Context,
  flags: EndpointFlags & { readonly timeout: number },
): Promise<number> {
  const endpoint = await openEndpoint(context, flags, checkEndpoint(context, flags));
  if (!endpoint) return 2;
  const transport = await transportOf(context, endpoint, flags);
  try {
    const reply = decodeReply('models.list', await transport.call({ method: 'models.list' }));
    if (reply.outcome !== 'answered') {
      const { status, transport: failed, message } = reply.error ?? {};
      await printDiagnostics(context, [
        {
          severity: 'error',
          code: 'models-not-listed',
          message: `the models could not be listed: ${printable(message ?? reply.problem ?? reply.outcome)}`,
          help: reply.error
            ? `the call failed with ${status ?? failed ?? 'an error'}: check the key, the base URL and the network`
            : 'what answered may not be the Gemini API: check the base URL',
        },
      ]);
      return 3;
    }
    const listed = isObject(reply.raw) && Array.isArray(reply.raw.models) ? reply.raw.models : [];
    const head = ['model', 'input limit', 'output limit', 'thinks', 'methods'];
    const rows = listed.flatMap((model) => (isObject(model) ? [rowOf(model)] : []));
    const table = await renderTable(
      head,
      rows,
      ['input limit', 'output limit'],
      lookOf(context, context.out),
    );
    context.out.write(`${table}\n`);
    return 0;
  } finally {
    await transport.close();
    await endpoint.close();
  }
}

function rowOf(model: Record<string, JsonValue>): string[] {
  const shown = (value: JsonValue | undefined): string =>
    typeof value === 'string' || typeof value === 'number' ? printable(String(value)) : '';
  const methods = Array.isArray(model.supportedGenerationMethods) ? model.supportedGenerationMethods : [];
  return [
    bareModel(shown(model.name)),
    shown(model.inputTokenLimit),
    shown(model.outputTokenLimit),
    model.thinking === true ? 'yes' : '',
    methods.map(shown).join(', '),
  ];
}

/** A server's words must not drive the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
