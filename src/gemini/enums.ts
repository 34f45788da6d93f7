import type { JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';

const values = (first: string, others: string): readonly string[] => `${first} ${others}`.split(/\s+/);

/**
 * The values of the API's enums by the field they stand in, in the order of their numbers as far as those are known
 * ({@link numbered}): Google's description of 2025-12-18 and what was seen since (the types of @google/genai 3.3.0).
 * They grow (four new finishReasons within a year), so an unknown value may as well be new as mistyped.
 */
export const enums = {
  finishReason: values(
    'FINISH_REASON_UNSPECIFIED',
    `STOP MAX_TOKENS SAFETY RECITATION OTHER LANGUAGE BLOCKLIST PROHIBITED_CONTENT SPII MALFORMED_FUNCTION_CALL
    IMAGE_SAFETY UNEXPECTED_TOOL_CALL TOO_MANY_TOOL_CALLS IMAGE_PROHIBITED_CONTENT IMAGE_OTHER NO_IMAGE
    IMAGE_RECITATION MISSING_THOUGHT_SIGNATURE MALFORMED_RESPONSE ESCALATION CONTINUATION PUP_LIMITED_DISABLED`,
  ),
  blockReason: values(
    'BLOCK_REASON_UNSPECIFIED',
    'SAFETY OTHER BLOCKLIST PROHIBITED_CONTENT IMAGE_SAFETY MODEL_ARMOR JAILBREAK',
  ),
  harmCategory: values(
    'HARM_CATEGORY_UNSPECIFIED',
    `HARM_CATEGORY_DEROGATORY HARM_CATEGORY_TOXICITY HARM_CATEGORY_VIOLENCE HARM_CATEGORY_SEXUAL
    HARM_CATEGORY_MEDICAL HARM_CATEGORY_DANGEROUS HARM_CATEGORY_HARASSMENT HARM_CATEGORY_HATE_SPEECH
    HARM_CATEGORY_SEXUALLY_EXPLICIT HARM_CATEGORY_DANGEROUS_CONTENT HARM_CATEGORY_CIVIC_INTEGRITY
    HARM_CATEGORY_JAILBREAK`,
  ),
  harmThreshold: values(
    'HARM_BLOCK_THRESHOLD_UNSPECIFIED',
    'BLOCK_LOW_AND_ABOVE BLOCK_MEDIUM_AND_ABOVE BLOCK_ONLY_HIGH BLOCK_NONE OFF',
  ),
  harmProbability: values('HARM_PROBABILITY_UNSPECIFIED', 'NEGLIGIBLE LOW MEDIUM HIGH'),
  taskType: values(
    'TASK_TYPE_UNSPECIFIED',
    `RETRIEVAL_QUERY RETRIEVAL_DOCUMENT SEMANTIC_SIMILARITY CLASSIFICATION CLUSTERING QUESTION_ANSWERING
    FACT_VERIFICATION CODE_RETRIEVAL_QUERY`,
  ),
  thinkingLevel: values('THINKING_LEVEL_UNSPECIFIED', 'MINIMAL LOW MEDIUM HIGH XHIGH'),
  responseModality: values('MODALITY_UNSPECIFIED', 'TEXT IMAGE AUDIO VIDEO'),
  /** Of token counts. */
  modality: values('MODALITY_UNSPECIFIED', 'TEXT IMAGE VIDEO AUDIO DOCUMENT'),
  mediaResolution: values(
    'MEDIA_RESOLUTION_UNSPECIFIED',
    'MEDIA_RESOLUTION_LOW MEDIA_RESOLUTION_MEDIUM MEDIA_RESOLUTION_HIGH',
  ),
  /** Of one part, where there is one step more. */
  partMediaResolution: values(
    'MEDIA_RESOLUTION_UNSPECIFIED',
    'MEDIA_RESOLUTION_LOW MEDIA_RESOLUTION_MEDIUM MEDIA_RESOLUTION_HIGH MEDIA_RESOLUTION_ULTRA_HIGH',
  ),
  functionCallingMode: values('MODE_UNSPECIFIED', 'AUTO ANY NONE VALIDATED'),
  functionBehavior: values('UNSPECIFIED', 'BLOCKING NON_BLOCKING'),
  functionScheduling: values('SCHEDULING_UNSPECIFIED', 'SILENT WHEN_IDLE INTERRUPT'),
  schemaType: values('TYPE_UNSPECIFIED', 'STRING NUMBER INTEGER BOOLEAN ARRAY OBJECT NULL'),
  /** Lower case, unlike all others. */
  serviceTier: values('unspecified', 'flex standard priority'),
  codeLanguage: values('LANGUAGE_UNSPECIFIED', 'PYTHON'),
  codeOutcome: values('OUTCOME_UNSPECIFIED', 'OUTCOME_OK OUTCOME_FAILED OUTCOME_DEADLINE_EXCEEDED'),
  computerEnvironment: values(
    'ENVIRONMENT_UNSPECIFIED',
    'ENVIRONMENT_BROWSER ENVIRONMENT_MOBILE ENVIRONMENT_DESKTOP',
  ),
  computerPolicy: values(
    'SAFETY_POLICY_UNSPECIFIED',
    `FINANCIAL_TRANSACTIONS SENSITIVE_DATA_MODIFICATION COMMUNICATION_TOOL ACCOUNT_CREATION DATA_MODIFICATION
    USER_CONSENT_MANAGEMENT LEGAL_TERMS_AND_AGREEMENTS`,
  ),
  mediaProcessing: values('MEDIA_PROCESSING_UNSPECIFIED', 'STATIC AGENTIC'),
  dynamicRetrievalMode: values('MODE_UNSPECIFIED', 'MODE_DYNAMIC'),
  toolType: values(
    'TOOL_TYPE_UNSPECIFIED',
    'GOOGLE_SEARCH_WEB GOOGLE_SEARCH_IMAGE URL_CONTEXT GOOGLE_MAPS FILE_SEARCH MEDIA_PROCESSING',
  ),
  urlRetrievalStatus: values(
    'URL_RETRIEVAL_STATUS_UNSPECIFIED',
    `URL_RETRIEVAL_STATUS_SUCCESS URL_RETRIEVAL_STATUS_ERROR URL_RETRIEVAL_STATUS_PAYWALL
    URL_RETRIEVAL_STATUS_UNSAFE`,
  ),
  modelStage: values(
    'MODEL_STAGE_UNSPECIFIED',
    'UNSTABLE_EXPERIMENTAL EXPERIMENTAL PREVIEW STABLE LEGACY DEPRECATED RETIRED',
  ),
  /** google.rpc.Code: the status of a failed call. */
  rpcStatus: values(
    'OK',
    `CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED UNAUTHENTICATED
    RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS`,
  ),
  responseMimeType: ['text/plain', 'application/json', 'text/x.enum'],
} as const satisfies Record<string, readonly string[]>;

export type EnumName = keyof typeof enums;

/**
 * How many values of an enum are known by their numbers, where that is not all of them: the first 13 finishReasons and 6
 * blockReasons are in the client library google-ai-generativelanguage (generative_service.proto), in which LANGUAGE is 6
 * and OTHER is 5. The numbers of the thinking levels, of which some were added later in between, were not found; a mimeType has none.
 */
const numbered: Partial<Record<EnumName, number>> = {
  finishReason: 13,
  blockReason: 6,
  thinkingLevel: 1,
  responseMimeType: 0,
};

/** The name of the value with this number, where it is known. */
function enumByNumber(name: EnumName, value: number): string | undefined {
  return value < (numbered[name] ?? enums[name].length) ? enums[name][value] : undefined;
}

/**
 * A value of an enum in a reply, by its name: proxies may send numbers, as proto3 JSON allows. What has no name is given
 * as JSON, since a reason that cannot be read is not the same as none.
 */
export function enumValue(name: EnumName, value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  return (typeof value === 'number' ? enumByNumber(name, value) : undefined) ?? JSON.stringify(value);
}

/** What a value is called where the name of its enum would not be understood; the others are the API's own words. */
export const enumWords: Partial<Record<EnumName, string>> = {
  rpcStatus: 'status of an error',
  harmCategory: 'harm category',
  harmThreshold: 'block threshold',
  harmProbability: 'harm probability',
  responseModality: 'response modality',
  schemaType: 'type of a schema',
  functionBehavior: 'behavior of a function',
  functionCallingMode: 'function calling mode',
};

/** The types of schemas are read in lower case too, as Google's own examples have them; only null is not. */
const lowerTypes = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object']);

/** A value as the API spells it, written in any case or as its number; a value that is not known as it is. */
export function spelledEnum(name: EnumName, value: string): string {
  const known: readonly string[] = enums[name];
  if (known.includes(value) || (name === 'schemaType' && lowerTypes.has(value))) return value;
  const upper = value.toUpperCase();
  const named = known.find((each) => each.toUpperCase() === upper);
  return named ?? (/^\d+$/.test(value) ? enumByNumber(name, Number(value)) : undefined) ?? value;
}

/** Whether a value is known, mistyped (within two edits of a known value, or without its beginning), or unknown: it may be new. */
export function judgeEnum(name: EnumName, value: string): 'known' | { near: string } | 'unknown' {
  const known: readonly string[] = enums[name];
  const spelled = spelledEnum(name, value);
  if (known.includes(spelled) || (name === 'schemaType' && lowerTypes.has(value))) return 'known';
  const [first = ''] = known;
  // The beginning that all values have is easily left out: HARASSMENT, LOW.
  const whole = first.replace(/UNSPECIFIED$/, '') + value.toUpperCase();
  const near = known.includes(whole) ? whole : nearest(value, known, 2, 0.7);
  return near === undefined ? 'unknown' : { near };
}

/** The value of an enum that resembles an unknown one, less closely than judgeEnum asks; undefined where none does. */
export function nearestEnum(name: EnumName, value: string): string | undefined {
  return nearest(spelledEnum(name, value), enums[name]);
}
