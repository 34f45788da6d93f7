import { bareModel } from './paths.ts';
import { isObject, ownValue, setOwn, type JsonObject, type JsonValue } from '../lib/json.ts';
import { emptyMap } from '../lib/ordered-map.ts';
import { generationFields, requestFields } from './fields.ts';
import type { Method } from './methods.ts';
import type { Body, BodyValue, Conversation } from './request.ts';

/** A Content; a model turn that the model is to fill has no `parts`. */
export interface BuiltContent {
  readonly role?: string;
  readonly parts?: readonly BodyValue[];
}

export interface BuildInput {
  readonly method: Method;
  /** Rendered; with or without `models/`. */
  readonly model?: string;
  /** Rendered config fields, flat. */
  readonly fields: JsonObject;
  /** One prompt's contents; for batchEmbedContents one list a request. */
  readonly contents: readonly (readonly BuiltContent[])[];
  /** Merged last into the body, one after another, unchecked. */
  readonly extra?: readonly JsonObject[];
}

/** Builds the request of a case. */
export function buildRequest({ method, model, fields, contents, extra = [] }: BuildInput): Conversation {
  const bare = model === undefined ? undefined : bareModel(model);
  const named = bare === undefined ? '' : bare.includes('/') ? bare : `models/${bare}`;
  const first = contents[0] ?? [];
  const asks: number[] = [];
  let body: Body | undefined;
  if (method === 'generateContent' || method === 'streamGenerateContent') {
    first.forEach((content, index) => content.parts ?? asks.push(index));
    body = generationBody(first, fields);
  } else if (method === 'countTokens') {
    body = {
      generateContentRequest: {
        model: named,
        ...generationBody(
          first.filter(({ parts }) => parts),
          fields,
        ),
      },
    };
  } else if (method === 'embedContent') body = embedding(named, first, fields);
  else if (method === 'batchEmbedContents')
    body = { requests: contents.map((each) => embedding(named, each, fields)) };
  for (const each of extra) if (body) body = mergeExtra(body, each);
  return {
    method,
    asks,
    ...(bare === undefined ? {} : { model: bare }),
    ...(body === undefined ? {} : { body }),
  };
}

function generationBody(contents: readonly BuiltContent[], fields: JsonObject): Body {
  const body: Body = { contents: contents.map((content) => ({ ...content }) as BodyValue) };
  const generationConfig: Body = {};
  for (const [field, value] of Object.entries(fields)) {
    if (generationFields.includes(field)) generationConfig[field] = value;
    else if (field === 'systemInstruction')
      body[field] = typeof value === 'string' ? { parts: [{ text: value }] } : value;
    else if (field === 'safetySettings') body[field] = safetySettings(value);
    else if (field === 'tools') body[field] = Array.isArray(value) ? value : [value];
    else if (requestFields.includes(field)) body[field] = value;
  }
  if (Object.keys(generationConfig).length > 0) body.generationConfig = generationConfig;
  return body;
}

function safetySettings(value: JsonValue): JsonValue {
  return isObject(value)
    ? Object.entries(value).map(([category, threshold]) => ({ category, threshold }))
    : value;
}

function embedding(model: string, contents: readonly BuiltContent[], fields: JsonObject): Body {
  return { model, content: { parts: contents.flatMap(({ parts = [] }) => parts) }, ...fields };
}

function mergeExtra(under: Body, extra: JsonObject): Body {
  const merged = emptyMap([...Object.keys(under), ...Object.keys(extra)]) as Body;
  Object.assign(merged, under);
  for (const [key, value] of Object.entries(extra)) {
    const below = ownValue(merged, key);
    setOwn(merged, key, isObject(value) && isObject(below) ? mergeExtra(below, value) : value);
  }
  return merged;
}
