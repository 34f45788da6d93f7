/** The module `prompt-assay/emulator`: runs the emulator in the process that imports it. */
import { type Check, checkOptions, type Checks, text, wholeNumber } from '../diagnostics/check-options.ts';
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { cannotListen } from './cannot-listen.ts';
import { readScript } from './script.ts';
import { startEmulator as start, type EmulatorOptions as ServerOptions } from './server.ts';

export interface EmulatorOptions extends Omit<ServerOptions, 'script'> {
  /** A file of scripted replies and errors, relative to `cwd`. */
  readonly script?: string;
  /** Default: the working directory of the process. */
  readonly cwd?: string;
}

/** A server that answers as the Gemini API does. */
export interface Emulator {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** Stops it, and cuts off calls that hang. */
  readonly close: () => Promise<void>;
}

const name: Check = {
  expected: 'a name',
  accepts: (value) => typeof value === 'string' && value.trim() !== '',
};
const checks: Checks<EmulatorOptions> = {
  port: wholeNumber(0, 65_535),
  host: name,
  script: text,
  cwd: text,
  seed: wholeNumber(0),
  rpm: wholeNumber(1),
  tpm: wholeNumber(1),
};

/**
 * Starts the emulator. Throws a DiagnosticError with all errors of its options or of its script, or if it cannot listen.
 */
export async function startEmulator(given: EmulatorOptions = {}): Promise<Emulator> {
  const { script: file, cwd = process.cwd(), ...options } = checkOptions(checks, given);
  const found: Diagnostic[] = [];
  const script =
    file === undefined ? undefined : await readScript(file, (diagnostic) => void found.push(diagnostic), cwd);
  if (file !== undefined && !script) throw new DiagnosticError(found);
  const { host = '127.0.0.1', port = 0 } = options;
  try {
    return await start({ ...options, host, port, ...(script ? { script } : {}) });
  } catch (error) {
    throw cannotListen({ host, port }, error);
  }
}
