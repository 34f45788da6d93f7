/** The API methods a suite can call, by the names the suite language uses for them. */
export const methods = [
  'generateContent',
  'streamGenerateContent',
  'countTokens',
  'embedContent',
  'batchEmbedContents',
  'models.get',
  'models.list',
] as const;

/** Prompts in one call of batchEmbedContents: the API refuses more (unconfirmed, from its client libraries). */
export const mostBatched = 100;

export type Method = (typeof methods)[number];

/** What a successful call of a method returns; assertions are fitted to these. */
export type ReplyKind = 'generation' | 'count' | 'embedding' | 'model' | 'models';

const replyKinds: Record<Method, ReplyKind> = {
  generateContent: 'generation',
  streamGenerateContent: 'generation',
  countTokens: 'count',
  embedContent: 'embedding',
  batchEmbedContents: 'embedding',
  'models.get': 'model',
  'models.list': 'models',
};

export function replyKind(method: Method): ReplyKind {
  return replyKinds[method];
}

/** Whether a call is paid for by its tokens: countTokens and the listing of models are free. */
export function isBilled({ method }: { readonly method: Method }): boolean {
  return ['generation', 'embedding'].includes(replyKinds[method]);
}
