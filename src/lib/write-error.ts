/** A file could not be written: a full disk, a quota, a medium that fails. The user's affair, not a fault of ours. */
export class WriteError extends Error {
  /** Absolute. */
  readonly path: string;
  /** The system's code, such as ENOSPC. */
  readonly code: string;
  constructor(path: string, cause: Error & { readonly code: string }) {
    super(cause.message, { cause });
    this.name = 'WriteError';
    this.path = path;
    this.code = cause.code;
  }
}

/** Does work that writes a file; what the system refuses is thrown as a {@link WriteError} of this file. */
export async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asWriteError(path, error);
  }
}

/** What the system refused, as a {@link WriteError} of this file; anything else as it is. */
export function asWriteError(path: string, error: unknown): unknown {
  return isSystemError(error) ? new WriteError(path, error) : error;
}

/** Whether the system refused something. */
export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}
