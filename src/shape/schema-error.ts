/** One error of a JSON Schema validator, as ajv gives it with `allErrors` and `verbose`. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Record<string, unknown>;
  readonly message?: string;
  readonly schema?: unknown;
  readonly parentSchema?: unknown;
  readonly data?: unknown;
  /** Set by ajv on errors inside `propertyNames`: the wrong name. */
  readonly propertyName?: string;
}
