/** Reads the query parameters that every method takes, and refuses those that none does. */
import { unreadable } from './fail.ts';

/** How an answer shall be written. */
export interface Writing {
  readonly pretty: boolean;
  /** Server-sent events: streams only. */
  readonly sse: boolean;
}

const everywhere = new Set(
  'alt prettyPrint fields key access_token oauth_token quotaUser callback xgafv .xgafv uploadType upload_protocol upload_type httpHeaders req unique ct apiKey'.split(
    ' ',
  ),
);

/** Reads them; `own` are the method's own parameters. Throws the API's 400. */
export function readQuery(query: URLSearchParams, own: readonly string[] = []): Writing {
  const read = (name: string): string | undefined => query.get(name) ?? query.get(`$${name}`) ?? undefined;
  const strangers = [...new Set(query.keys())].filter(
    (name) => !everywhere.has(name.replace(/^\$/, '')) && !own.includes(name),
  );
  if (strangers.length > 0)
    throw unreadable(
      strangers.map((name) => ({
        description: `Invalid JSON payload received. Unknown name ${JSON.stringify(name)}: Cannot bind query parameter. Field '${name}' could not be found in request message.`,
      })),
    );
  const alt = (read('alt') ?? 'json').split(';')[0] ?? '';
  // Protocol buffers are spoken by no client that this emulator is for.
  if (!['', 'json', 'sse', 'media'].includes(alt))
    throw unreadable([{ field: 'alt', description: `Invalid value at 'alt', ${JSON.stringify(alt)}` }]);
  return {
    pretty: !['false', '0'].includes(read('prettyPrint') ?? ''),
    sse: alt === 'sse',
  };
}
