/** The rules of a script, as they are read. */
import type { JsonObject, JsonValue } from '../lib/json.ts';
import type { Pattern } from '../lib/pattern.ts';

/** What a text must be; every condition given must hold. */
export interface TextMatch {
  readonly contains?: string;
  readonly equals?: string;
  readonly matches?: Pattern;
}

/** What a rule looks at. */
export interface When {
  readonly prompt?: TextMatch;
  readonly model?: TextMatch;
  readonly method?: TextMatch;
}

/** What a model shall answer; a field left out is as the emulator would have it. */
interface Reply {
  readonly text?: string;
  readonly thoughts?: string | string[];
  readonly parts?: JsonObject[];
  readonly functionCall?: JsonObject;
  readonly functionCalls?: JsonObject[];
  readonly finishReason?: string;
  readonly finishMessage?: string;
  readonly safetyRatings?: JsonValue;
  readonly usageMetadata?: JsonObject;
  readonly citationMetadata?: JsonObject;
  readonly groundingMetadata?: JsonObject;
  readonly urlContextMetadata?: JsonObject;
  readonly avgLogprobs?: number;
  readonly logprobsResult?: JsonObject;
  readonly tokenCount?: number;
  readonly continuationToken?: string;
  readonly modelStatus?: JsonObject;
  readonly modelVersion?: string;
  readonly responseId?: string;
}

/** An error on demand: before the answer, or after some events of a stream. */
export interface ScriptedError {
  readonly code?: number;
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly retryDelay?: string;
  readonly quota?: 'perMinute' | 'perDay' | 'inputTokens' | 'burst';
  readonly limit?: number;
  readonly details?: JsonObject[];
  /** How many events of a stream come first. */
  readonly afterChunks?: number;
  /** As a `data:` event, the way proxies pass it on, where the service writes it raw. */
  readonly framed?: boolean;
}

/** One rule: when it fits, how often, and what it answers. Exactly one of reply, block, response, error, fault. */
export interface Rule {
  readonly when: When;
  readonly times?: number;
  readonly probability?: number;
  readonly delay: number;
  readonly chunks?: number;
  readonly chunkDelay: number;
  readonly reply?: Reply;
  readonly block?: JsonValue;
  readonly response?: JsonValue;
  readonly error?: ScriptedError;
  readonly fault?: string;
}
