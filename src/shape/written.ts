import type { JsonValue } from '../lib/json.ts';

type OptionalKeys<T> = { [K in keyof T]-?: T extends Record<K, T[K]> ? never : K }[keyof T];

/** A value about to be written as JSON: as `T`, but read-only, and a key that may be left out may be undefined. */
export type Written<T> = JsonValue extends T
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Written<Item>[]
    : T extends object
      ? {
          readonly [K in keyof T]: K extends OptionalKeys<T> ? Written<T[K]> | undefined : Written<T[K]>;
        }
      : T;
