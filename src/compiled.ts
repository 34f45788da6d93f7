/**
 * Loads the bundle's chunks together with what V8 compiled of them at an earlier start, which is half of the time of a
 * short command. The build makes this a file of its own, `dist/compiled.js`, through which the start loads the rest.
 *
 * What was compiled lies beside the chunks, in `dist/compiled/`: whoever can write there could write the code itself. It is
 * kept by Node's version and machine, since V8 reads only its own, and by command, since each uses other functions. What
 * was made of a file that has changed since is not taken, and V8 refuses what was made with other flags. Nothing is kept
 * where the folder can't be written, or is not the user's own: its owner could not remove what another put there.
 * `NODE_DISABLE_COMPILE_CACHE` turns it off, as it does for Node's own cache, which Node 20 does not have.
 */
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';

interface Chunk {
  readonly exports: unknown;
}

/** Loads chunks by their path. */
export class CompiledChunks {
  readonly #root: string;
  readonly #require: NodeJS.Require;
  /** Where this command's compiled code is kept; undefined where none is to be. */
  readonly #kept: string | undefined;
  readonly #chunks = new Map<string, Chunk>();
  /** The scripts of which nothing is kept yet, or nothing that V8 took. */
  readonly #toKeep = new Map<string, { readonly script: vm.Script; readonly change: Buffer }>();
  /** V8's version and flags at the start: what is compiled under others would be refused at the next. */
  readonly #tag: number | undefined;

  /**
   * @param root the folder in which `compiled/` is, or is made when the process exits
   * @param command the first word of the command line
   * @param require the start's own, for what is not a chunk of the bundle
   */
  constructor(root: string, command: string | undefined, require: NodeJS.Require) {
    this.#root = root;
    this.#require = require;
    this.#kept = folderOf(root, command);
    if (!offline.has(command)) {
      keepParserSimple();
      this.#tag = v8().cachedDataVersionTag();
    }
    if (this.#kept !== undefined) process.once('exit', (code) => this.#keep(code));
  }

  /** What the chunk at an absolute path exports. */
  load(file: string): unknown {
    const loaded = this.#chunks.get(file) ?? this.#require.cache[file];
    if (loaded) return loaded.exports;
    const run = this.#compile(file).runInThisContext() as (...args: unknown[]) => void;
    const module = { exports: {} };
    const folder = path.dirname(file);
    const require = (id: string): unknown =>
      id.startsWith('.') ? this.load(path.join(folder, id)) : this.#require(id);
    // Before it runs: chunks may ask for each other.
    this.#chunks.set(file, module);
    try {
      run(module.exports, require, module, file, folder, importModule);
    } catch (error) {
      // Half of a chunk is none: who asks again is told why.
      this.#chunks.delete(file);
      throw error;
    }
    return module.exports;
  }

  #compile(file: string): vm.Script {
    // Before the source is read: what changes meanwhile is not to pass for it.
    const change = changeOf(file);
    const source = fs.readFileSync(file, 'utf8');
    const cachedData = this.#kept === undefined ? undefined : read(keptAt(this.#kept, file), change);
    const script = new vm.Script(`${head}${source}\n})`, {
      filename: file,
      columnOffset: -head.length,
      ...(cachedData && { cachedData }),
    });
    if (!cachedData || script.cachedDataRejected === true) this.#toKeep.set(file, { script, change });
    return script;
  }

  /** Keeps what this start compiled, unless the command line was wrong or asked for help: then hardly anything was used. */
  #keep(code: number): void {
    if (this.#kept === undefined || this.#toKeep.size === 0) return;
    if (code === 2 || process.argv.some((word) => word === '--help' || word === '-h')) return;
    if (this.#tag !== undefined && this.#tag !== v8().cachedDataVersionTag()) return;
    try {
      const { uid, mode } = fs.statSync(this.#root);
      if (process.getuid && process.getuid() !== uid) return;
      // Nobody may write there who may not write the code.
      fs.mkdirSync(this.#kept, { recursive: true, mode: mode & 0o755 });
      for (const [file, { script, change }] of this.#toKeep)
        write(keptAt(this.#kept, file), change, script.createCachedData(), mode & 0o644);
    } catch {
      // A folder that is not to be written, or a full disk: the next start compiles again, as this one did.
    }
  }
}

/** The commands that send nothing, nor set any of V8's flags that are not taken back. */
const offline: ReadonlySet<string | undefined> = new Set(['validate', 'compare', 'approve', 'schema']);

/** Opens a function of the names that a chunk finds: those of a CommonJS module, and the build's word for `import(…)`. */
const head = '(function(exports,require,module,__filename,__dirname,importModule){';

/** Imports what is no part of the bundle. Code that V8 has kept can't do so itself: it has forgotten where it came from. */
const importModule = (id: string): Promise<unknown> => import(id);

/**
 * Keeps V8 from compiling the HTTP client's WebAssembly parser a second time, for speed. That takes a tenth of a second
 * of a core and 35 MB, for which even the end of a run of one case would wait; a run of 10,000 cases is not faster by it.
 * Set at the start, since V8 takes what it compiled only under the same flags.
 */
function keepParserSimple(): void {
  v8().setFlagsFromString('--liftoff-only');
}

/** Loaded only where it is needed, since Node loads its streams with it. */
const v8 = () => process.getBuiltinModule('node:v8');

function folderOf(root: string, command: string | undefined): string | undefined {
  const { NODE_DISABLE_COMPILE_CACHE: isOff, NODE_V8_COVERAGE: isWatched } = process.env;
  if (isOff || isWatched || !command || !/^[a-z]{1,20}$/.test(command)) return undefined;
  return path.join(root, 'compiled', `${process.version}-${process.platform}-${process.arch}`, command);
}

const keptAt = (folder: string, file: string): string =>
  path.join(folder, `${path.basename(file, '.js')}.bin`);

/** When a chunk was last changed, as it is told of what was compiled of it. */
function changeOf(file: string): Buffer {
  const change = Buffer.alloc(8);
  change.writeDoubleLE(fs.statSync(file).mtimeMs);
  return change;
}

// V8 checks the length of the code, and little more than the head of what was compiled of it, of which a wrong byte ends the
// process. So that is written twice, and taken only if both are the same: a hash would have Node load its cryptography, for
// longer than the rest of this takes.
function read(file: string, change: Buffer): Buffer | undefined {
  try {
    const content = fs.readFileSync(file);
    const end = content.length - change.length;
    const half = end >> 1;
    return content.compare(change, 0, change.length, end) === 0 &&
      content.compare(content, half, end, 0, half) === 0
      ? content.subarray(0, half)
      : undefined;
  } catch {
    // Nothing is kept yet, or nothing that can be read.
    return undefined;
  }
}

function write(file: string, change: Buffer, data: Buffer, mode: number): void {
  const unfinished = `${file}.${process.pid}-${Date.now().toString(36)}`;
  try {
    fs.writeFileSync(unfinished, Buffer.concat([data, data, change]), { mode, flag: 'wx' });
    // In one step: another start may read it meanwhile.
    fs.renameSync(unfinished, file);
  } catch (error) {
    fs.rmSync(unfinished, { force: true });
    throw error;
  }
}
