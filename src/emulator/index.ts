/** The module `prompt-assay/emulator`: runs the emulator in the process that imports it. */
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts';
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

/** Starts the emulator. Throws a DiagnosticError with all errors of its script. */
export async function startEmulator({
  script: file,
  cwd = process.cwd(),
  ...options
}: EmulatorOptions = {}): Promise<Emulator> {
  if (file === undefined) return start(options);
  const found: Diagnostic[] = [];
  const script = await readScript(file, (diagnostic) => void found.push(diagnostic), cwd);
  if (!script) throw new DiagnosticError(found);
  return start({ ...options, script });
}
