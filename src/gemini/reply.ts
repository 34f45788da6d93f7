import type { JsonObject, JsonValue } from '../lib/json.ts';
import type { ReplyKind } from './methods.ts';

/** What kind of reply a trial got, in the order in which they are decided (first that fits). */
export const outcomes = [
  'apiError',
  'malformed',
  'promptBlocked',
  'answerBlocked',
  'recited',
  'truncated',
  'aborted',
  'calledTool',
  'answered',
  'empty',
] as const;
export type Outcome = (typeof outcomes)[number];

/** A safety rating as the API gives it; every field may be missing. */
export interface SafetyRating {
  readonly category?: string;
  readonly probability?: string;
  readonly blocked?: boolean;
}

export interface FunctionCall {
  readonly name: string;
  readonly args: JsonObject;
  readonly id?: string;
}

/** One part of an answer. */
export type AnswerPart = {
  /** Set for what the model thought: it belongs to no answer. */
  readonly thought?: true;
} & (
  | { readonly kind: 'text'; readonly text: string }
  /** `inlineData`: the data is base64, and may be empty. */
  | { readonly kind: 'media'; readonly mimeType?: string; readonly data: string }
  /** `fileData`. */
  | { readonly kind: 'file'; readonly mimeType?: string; readonly uri: string }
  | ({ readonly kind: 'call' } & FunctionCall)
  | { readonly kind: 'code'; readonly language?: string; readonly code: string }
  | { readonly kind: 'codeResult'; readonly outcome?: string; readonly output: string }
  /** Any other part, in the API's shape, without its thought signature. */
  | { readonly kind: 'other'; readonly part: JsonObject }
);

/** What an answer was grounded on. */
export interface Grounding {
  /** Searches that were made, in order. */
  readonly queries: readonly string[];
  /** The addresses of the chunks, in order; chunks without one are left out. */
  readonly uris: readonly string[];
}

/** One candidate, read leniently: only fields of the reply are set. */
export interface Candidate {
  readonly outcome: Outcome;
  /** By its name; a number that has none is here as its digits. */
  readonly finishReason?: string | undefined;
  readonly finishMessage?: string | undefined;
  /** Every part in the order in which they came, thoughts among them. */
  readonly parts: readonly AnswerPart[];
  /** The non-thought text parts, joined; absent when there is no such part. */
  readonly text?: string | undefined;
  /** The thought text parts, joined. */
  readonly thoughts?: string | undefined;
  readonly functionCalls: readonly FunctionCall[];
  readonly safetyRatings?: readonly SafetyRating[] | undefined;
  readonly citations?: readonly JsonObject[] | undefined;
  readonly grounding?: Grounding | undefined;
  readonly avgLogprobs?: number | undefined;
  /** The content as given, to be sent back as a model turn. */
  readonly content?: JsonObject | undefined;
}

/** Every token count there is, in the order in which reports show them. */
export const tokenCounts = ['prompt', 'candidates', 'thoughts', 'cached', 'toolUse', 'total'] as const;

/** Token counts as the API gives them; none is invented. */
export type TokenCounts = { readonly [K in (typeof tokenCounts)[number]]?: number | undefined };

/** What a reply says was used. */
export interface Usage extends TokenCounts {
  /** Prompt and cached tokens by what they carry (`TEXT`, `IMAGE`, `AUDIO`, …), where the reply lists them; they need not add up. */
  readonly promptByModality?: Readonly<Record<string, number>> | undefined;
  readonly cachedByModality?: Readonly<Record<string, number>> | undefined;
  /** The service tier that answered, in the API's words. */
  readonly tier?: string | undefined;
}

/** A failed call, from google.rpc.Status or from the transport. */
export interface ApiError {
  /** HTTP status; absent when no response arrived. */
  readonly code?: number;
  /** google.rpc code name, for example `INVALID_ARGUMENT`. */
  readonly status?: string;
  /** ErrorInfo.reason, for example `API_KEY_INVALID`. */
  readonly reason?: string;
  readonly message: string;
  /** Set when no HTTP reply was usable: the transport failure's kind. */
  readonly transport?: string;
}

/** The decoded reply of one exchange, for assertions. */
export interface Reply {
  readonly kind: ReplyKind;
  readonly outcome: Outcome;
  /** Set exactly when outcome is `apiError`. */
  readonly error?: ApiError | undefined;
  /** Why the outcome is `malformed`. */
  readonly problem?: string | undefined;
  readonly candidates: readonly Candidate[];
  readonly blockReason?: string | undefined;
  readonly promptSafetyRatings?: readonly SafetyRating[] | undefined;
  readonly usage?: Usage | undefined;
  readonly modelVersion?: string | undefined;
  readonly responseId?: string | undefined;
  /** embedContent: one vector; batchEmbedContents: one for each request. */
  readonly vectors?: readonly (readonly number[])[] | undefined;
  /** The response body as given. */
  readonly raw?: JsonValue | undefined;
  readonly latency: { readonly totalMs: number; readonly firstTokenMs?: number | undefined };
  readonly chunks?: number | undefined;
}
