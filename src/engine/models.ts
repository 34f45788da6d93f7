import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { bareModel } from '../gemini/paths.ts';
import { readExchange } from '../gemini/call-result.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import type { Context } from './context.ts';
import { checkEndpoint, openEndpoint, type EndpointOptions, transportOf } from './endpoint.ts';
import { defaults } from './options.ts';

/** A model as the endpoint describes it; what it does not say is empty. */
export interface ModelsOptions extends EndpointOptions {
  /** Of the call, in ms. */
  readonly timeout?: number;
}

export interface ListedModel {
  readonly model: string;
  readonly inputLimit: string;
  readonly outputLimit: string;
  readonly thinks: boolean;
  readonly methods: readonly string[];
}

/** The models of the endpoint, all pages, or why they could not be listed. */
export async function listModels(
  context: Context,
  options: ModelsOptions,
): Promise<readonly ListedModel[] | Diagnostic> {
  const { timeout = defaults.shortTimeout } = options;
  const endpoint = await openEndpoint(context, options, checkEndpoint(context, options));
  const transport = await transportOf(context, endpoint, { timeout });
  try {
    const { reply } = readExchange('models.list', await transport.call({ method: 'models.list' }));
    if (reply.outcome !== 'answered') {
      const { status, transport: failed, message } = reply.error ?? {};
      return {
        severity: 'error',
        code: 'models-not-listed',
        message: `the models could not be listed: ${printable(message ?? reply.problem ?? reply.outcome)}`,
        help: reply.error
          ? `check the key, the base URL and the network (error: ${status ?? failed ?? 'unknown'})`
          : 'what answered may not be the Gemini API: check the base URL',
      };
    }
    const listed = isObject(reply.raw) && Array.isArray(reply.raw.models) ? reply.raw.models : [];
    return listed.flatMap((model) => (isObject(model) ? [listedModel(model)] : []));
  } finally {
    await transport.close();
    await endpoint.close();
  }
}

function listedModel(model: Record<string, JsonValue>): ListedModel {
  const text = (value: JsonValue | undefined): string =>
    typeof value === 'string' || typeof value === 'number' ? printable(String(value)) : '';
  const methods = Array.isArray(model.supportedGenerationMethods) ? model.supportedGenerationMethods : [];
  return {
    model: bareModel(text(model.name)),
    inputLimit: text(model.inputTokenLimit),
    outputLimit: text(model.outputTokenLimit),
    thinks: model.thinking === true,
    methods: methods.map(text),
  };
}

/** A server's words must not drive the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
