/** A file could not be written: a full disk, a quota, a medium that fails. */
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

/** The code of an error that the system or Node names (ENOENT, ERR_FS_FILE_TOO_LARGE); undefined for any other. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'the system lets nobody write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is too large for the file system',
  EIO: 'the disk reports an error',
  EISDIR: 'there is a folder of this name',
  ENOTDIR: 'part of its path is a file',
  ENOENT: 'no folder can be made there',
};

/** Why nothing could be written, in words: `the disk is full (ENOSPC)`. */
export function writeProblem(code: string): string {
  const reason = reasons[code];
  return reason === undefined ? code : `${reason} (${code})`;
}

/** Whether the system refused something. */
export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}
