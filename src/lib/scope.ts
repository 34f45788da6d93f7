import { AsyncLocalStorage } from 'node:async_hooks';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What belongs to one session and is needed deep in the code: what must not be shown, script workers, caches. Code that
 * runs in a scope, and all that it awaits, finds the scope's own values.
 */
export interface Scope {
  readonly run: <T>(work: () => T) => T;
  /** Has something done when the scope ends. */
  readonly atEnd: (work: () => unknown) => void;
  /** Does all of it, also if some throws; then rejects with the first error. */
  readonly end: () => Promise<void>;
}

interface State {
  readonly env: Env;
  readonly ending: (() => unknown)[];
}

const storage = new AsyncLocalStorage<State>();
/** Where no scope was entered: in tests of single functions. */
const outside: State = { env: {}, ending: [] };

const current = (): State => storage.getStore() ?? outside;

/** Makes a scope; its code sees this environment. */
export function createScope(env: Env = {}): Scope {
  const state: State = { env, ending: [] };
  return {
    run: (work) => storage.run(state, work),
    atEnd: (work) => void state.ending.push(work),
    end: async () => {
      const errors: unknown[] = [];
      for (const work of state.ending.splice(0)) {
        try {
          await work();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}

/** A value that each scope has of its own, made when it is first needed. */
export function scoped<T extends object>(create: () => T, end?: (value: T) => unknown): () => T {
  const values = new WeakMap<State, T>();
  return () => {
    const state = current();
    let value = values.get(state);
    if (!value) {
      const made = create();
      value = made;
      values.set(state, made);
      if (end) state.ending.push(() => end(made));
    }
    return value;
  };
}

/** The environment of the scope. */
export function scopeEnv(): Env {
  return current().env;
}
