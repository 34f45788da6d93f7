/** A text that users wrote, kept so that any offset in it can be shown with its line. */
export interface SourceFile {
  /** Path as shown to users: relative to the working directory, forward slashes. */
  readonly path: string;
  /** Absolute path on this machine; never printed. */
  readonly absolute: string;
  readonly text: string;
}

/** A range of a source file, in UTF-16 offsets; `end` is exclusive. */
export interface SourceRange {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** An error or warning for the user: a stable code, what is wrong, where, and what to do. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable, kebab-case, for example `unknown-key`. */
  readonly code: string;
  /** One sentence without a final full stop: "expected X, received Y". */
  readonly message: string;
  /** Absent only where the problem is in no file (a command-line flag, a folder). */
  readonly place?: SourceRange;
  /** A file whose text cannot be shown (missing, not UTF-8): printed as `path:line:column`, without a frame. */
  readonly path?: string;
  /** The nearest valid word, or what to do. */
  readonly help?: string;
  /** Another line whose `# assay: allow CODE` silences it: the file of its place may have no comments. */
  readonly allowAt?: SourceRange;
}

/** Thrown where work cannot go on; carries all diagnostics so far. The command prints them and exits with 2. */
export class DiagnosticError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => d.message).join('\n'));
    this.name = 'DiagnosticError';
    this.diagnostics = diagnostics;
  }
}

/** A {@link DiagnosticError} about the command line or the surroundings, without a place in a file. */
export function usageError(code: string, message: string, help?: string): DiagnosticError {
  return new DiagnosticError([{ severity: 'error', code, message, ...(help === undefined ? {} : { help }) }]);
}

/** Reports a diagnostic. Loading goes on, so that a user sees the errors of all files at once. */
export type Report = (diagnostic: Diagnostic) => void;
