import { isObject } from '../lib/json.ts';
import { modelTurn } from './decode.ts';
import type { FunctionCall, Reply } from './reply.ts';
import { stopsOf } from './request-facts.ts';
import type { BodyValue, Conversation, GeminiRequest } from './request.ts';

/** The requests of a trial's calls; in a conversation the reply of one call is part of the next request. */
export interface Turns {
  /** The request of a call, counted from 0: the turns before it, as far as they are filled. */
  readonly request: (call: number) => GeminiRequest;
  /** Fills the model's turn with the reply of a call. */
  readonly fill: (call: number, reply: Reply) => void;
}

/** Opens the turns of a request; an ordinary one has one call and none to fill. */
export function openTurns(request: Conversation): Turns {
  const stops = stopsOf(request);
  const contents = [request.body?.contents ?? []].flat();
  return {
    request: (call) => {
      const stop = stops[call];
      if (stop === undefined) return request;
      return { ...request, body: { ...request.body, contents: contents.slice(0, stop) } };
    },
    fill: (call, reply) => {
      const stop = stops[call];
      const turn = modelTurn(reply);
      if (stop === undefined || turn === undefined) return;
      contents[stop] = turn as BodyValue;
      const next = contents[stop + 1];
      if (next !== undefined)
        contents[stop + 1] = withCallIds(next, reply.candidates[0]?.functionCalls ?? []);
    },
  };
}

/** A turn whose function responses have the ids of the calls that they respond to, by name and in order; an id that is written stays. */
function withCallIds(turn: BodyValue, calls: readonly FunctionCall[]): BodyValue {
  if (!isObject(turn) || !Array.isArray(turn.parts)) return turn;
  const left = [...calls];
  const parts = turn.parts.map((part) => {
    if (!isObject(part) || !isObject(part.functionResponse)) return part;
    const response = part.functionResponse;
    const at = left.findIndex(({ name }) => name === response.name);
    const [called] = at < 0 ? [] : left.splice(at, 1);
    return called?.id === undefined ? part : { ...part, functionResponse: { id: called.id, ...response } };
  });
  return { ...turn, parts };
}
