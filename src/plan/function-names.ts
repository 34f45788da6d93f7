import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { setPlace } from '../diagnostics/places.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { diagnosticOf } from '../suite/check-entry.ts';
import type { Body } from '../gemini/request.ts';
import type { BoundAssertion, Case } from './case.ts';
import {
  declaredIn,
  undeclaredIn,
  undeclaredInPath,
  type Declared,
  type Undeclared,
} from './declared-functions.ts';

type Path = readonly (string | number)[];

/** A functionCall among the arguments of an assertion; it may be meant for other cases where not each must hold. */
interface Asked {
  readonly args: JsonObject;
  readonly path: Path;
  readonly optional: boolean;
}

/** Finds functionCall assertions on functions and arguments that no tool of their case declares. */
export class FunctionNames {
  readonly #declared = new WeakMap<object, { readonly all: Declared | undefined }>();
  readonly #asked = new WeakMap<object, readonly Asked[]>();
  /** Assertions that need not hold of every case, by their place: undefined once the tools of a case fit. */
  readonly #doubts = new Map<string, Diagnostic | undefined>();

  /** Looks at a rendered case. */
  check({ assertions, request }: Case, report: Report): void {
    for (const assertion of assertions) {
      const asked = this.#askedIn(assertion);
      if (asked.length === 0) continue;
      const declared = this.#declaredBy(request.body);
      if (!declared) continue;
      for (const each of asked) this.#look(each, declared, assertion, report);
    }
  }

  /** Reports what fits no case; to be called if every case was looked at. */
  warn(report: Report): void {
    for (const diagnostic of this.#doubts.values()) if (diagnostic) report(diagnostic);
  }

  #look(
    { args, path, optional }: Asked,
    declared: Declared,
    { kind, args: whole, argsPlace, place }: BoundAssertion,
    report: Report,
  ): void {
    const found = undeclared(args, declared);
    const entry: JsonObject = { [kind]: whole };
    setPlace(entry, kind, argsPlace);
    const diagnostic =
      found &&
      diagnosticOf({ severity: 'error', ...found, path: [...path, ...found.path] }, kind, entry, place);
    if (!optional) {
      if (diagnostic) report(diagnostic);
      return;
    }
    const key = `${argsPlace.file.path}\0${argsPlace.start}\0${path.join('.')}\0${JSON.stringify(args)}`;
    if (!diagnostic) this.#doubts.set(key, undefined);
    else if (!this.#doubts.has(key)) this.#doubts.set(key, diagnostic);
  }

  #askedIn({ kind, args }: BoundAssertion): readonly Asked[] {
    if (typeof args !== 'object' || args === null) return [];
    let found = this.#asked.get(args);
    if (!found) this.#asked.set(args, (found = [...askedIn(kind, args)]));
    return found;
  }

  /** Undefined where not all functions are known: a cache may hold tools, too. */
  #declaredBy(body: Body | undefined): Declared | undefined {
    if (!body || body.cachedContent !== undefined) return undefined;
    const tools = body.tools as JsonValue | undefined;
    if (typeof tools !== 'object' || tools === null) return declaredIn(tools);
    let known = this.#declared.get(tools);
    if (!known) this.#declared.set(tools, (known = { all: declaredIn(tools) }));
    return known.all;
  }
}

function* askedIn(kind: string, args: JsonValue, path: Path = [], optional = false): Generator<Asked> {
  if (kind === 'functionCall') {
    if (isObject(args)) yield { args, path, optional: optional || isNever(args.count) };
    return;
  }
  const nested: [Path, JsonValue][] =
    kind === 'not'
      ? [[path, args]]
      : (kind === 'any' || kind === 'all') && Array.isArray(args)
        ? args.map((each, index) => [[...path, index], each])
        : [];
  for (const [at, entry] of nested)
    if (isObject(entry))
      for (const [key, inner] of Object.entries(entry))
        yield* askedIn(key, inner, [...at, key], optional || kind !== 'all');
}

/** `count: 0` and `count: { max: 0 }`: no such call may come. */
function isNever(count: JsonValue | undefined): boolean {
  const bound = isObject(count) ? (count.equals ?? count.max) : count;
  return bound === 0;
}

interface Wrong {
  readonly code: string;
  readonly message: string;
  readonly path: Path;
  readonly atKey?: true;
  readonly help: string;
}

function undeclared({ name, args, where }: JsonObject, declared: Declared): Wrong | undefined {
  if (typeof name === 'string' && !declared.has(name)) return unknownFunction(name, declared);
  const candidates = typeof name === 'string' ? [name] : [...declared.keys()];
  const ofArgs = inAll(candidates, (each) => undeclaredIn(args, declared.get(each)));
  if (ofArgs) return unknownArgument(ofArgs, candidates, ['args', ...ofArgs.path], true);
  const query = isObject(where) && typeof where.path === 'string' ? where.path : undefined;
  if (query === undefined) return undefined;
  const ofPath = inAll(candidates, (each) => undeclaredInPath(query, declared.get(each)));
  return ofPath && unknownArgument(ofPath, candidates, ['where', 'path']);
}

/** What no function has; undefined as soon as one has it. */
function inAll(
  names: readonly string[],
  look: (name: string) => Undeclared | undefined,
): Undeclared | undefined {
  const found = names.map(look);
  return found.every((each) => each !== undefined) ? found[0] : undefined;
}

function unknownFunction(name: string, declared: Declared): Wrong {
  const names = [...declared.keys()];
  const near = nearest(name, names);
  return {
    code: 'unknown-function',
    message: `no tool of the case declares the function ${JSON.stringify(name)}`,
    path: ['name'],
    help:
      near !== undefined
        ? `did you mean ${JSON.stringify(near)}?`
        : names.length > 0
          ? `the tools declare ${names.join(', ')}`
          : 'declare it in the config under tools, or choose configs with tools for the test',
  };
}

function unknownArgument(
  { name, known }: Undeclared,
  functions: readonly string[],
  path: Path,
  atKey?: true,
): Wrong {
  const near = nearest(name, known);
  const of = functions.length === 1 ? `the function ${JSON.stringify(functions[0])}` : 'no declared function';
  return {
    code: 'unknown-argument',
    message:
      functions.length === 1
        ? `${of} has no argument ${JSON.stringify(name)}`
        : `${of} has an argument ${JSON.stringify(name)}`,
    path,
    ...(atKey ? { atKey } : {}),
    help:
      near !== undefined
        ? `did you mean ${JSON.stringify(near)}?`
        : known.length > 0
          ? `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`
          : 'the declaration has no parameters there',
  };
}
