import type { BuiltContent } from '../gemini/build.ts';
import { Media } from '../gemini/media.ts';
import { replyKind, type Method, type ReplyKind } from '../gemini/methods.ts';
import type { Conversation } from '../gemini/request.ts';
import type { NamedConfig, NamedPrompt, Row, Suite, Test } from '../suite/suite.ts';
import { judgesErrors } from './answer.ts';
import type { BoundAssertion, Case, CaseRef, ShownTurn } from './case.ts';
import { fingerprint } from './fingerprint.ts';

type Contents = readonly (readonly BuiltContent[])[];

/** A case with its templates filled in; what it has in common with its reference it reads there, since a plan may keep many. */
export class RenderedCase implements Case {
  readonly request: Conversation;
  readonly assertions: readonly BoundAssertion[];
  readonly #ref: CaseRef;
  readonly #contents: Contents;
  #fingerprint: string | undefined;

  constructor(
    ref: CaseRef,
    request: Conversation,
    contents: Contents,
    assertions: readonly BoundAssertion[],
  ) {
    this.request = request;
    this.assertions = assertions;
    this.#ref = ref;
    this.#contents = contents;
  }

  get id(): string {
    return this.#ref.id;
  }

  get suite(): Suite {
    return this.#ref.suite;
  }

  get test(): Test {
    return this.#ref.test;
  }

  get row(): Row | undefined {
    return this.#ref.row;
  }

  get rowName(): string | undefined {
    return this.#ref.rowName;
  }

  get prompt(): NamedPrompt | undefined {
    return this.#ref.prompt;
  }

  get config(): NamedConfig | undefined {
    return this.#ref.config;
  }

  get model(): string | undefined {
    return this.#ref.model;
  }

  get modelInId(): boolean {
    return this.#ref.modelInId;
  }

  get method(): Method {
    return this.#ref.method;
  }

  get repeats(): number {
    return this.#ref.repeats;
  }

  get passRate(): number {
    return this.#ref.passRate;
  }

  get skip(): string | undefined {
    return this.#ref.skip;
  }

  get replyKind(): ReplyKind {
    return replyKind(this.method);
  }

  get judgesErrors(): boolean {
    return judgesErrors(this.assertions);
  }

  /** Made when it is read: planning renders every case only to find its faults. */
  get fingerprint(): string {
    return (this.#fingerprint ??= fingerprint(this.request));
  }

  /** Made when it is read, as the fingerprint is. */
  get shown(): readonly ShownTurn[] {
    return this.#contents.flat().map(shownTurn);
  }
}

function shownTurn({ role, parts }: BuiltContent): ShownTurn {
  const shown = parts?.map((part) => {
    const value = part as { text?: string; inlineData?: { mimeType: string; data: unknown } };
    if (value.inlineData?.data instanceof Media) {
      const { mimeType, size, digest } = value.inlineData.data;
      return `[${mimeType}, ${size} bytes, sha256:${digest.slice(0, 12)}]`;
    }
    return value.text ?? JSON.stringify(part);
  });
  return { ...(role === undefined ? {} : { role }), ...(shown ? { text: shown.join('\n') } : {}) };
}
