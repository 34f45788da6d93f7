/**
 * Loads the bundle's chunks together with what V8 compiled of them at an earlier start, which is half of the time of a
 * short command. The build makes this a file of its own, `dist/compiled.js`, through which the start loads the rest.
 *
 * What was compiled lies beside the chunks, in `dist/compiled/`: whoever can write there could write the code itself. It is
 * kept by Node's version and machine, since V8 reads only its own, and by command, since each uses other functions. V8
 * refuses what was made of other code or with other flags. Where the folder can't be written, nothing is kept.
 * `NODE_DISABLE_COMPILE_CACHE` turns it off, as it does for Node's own cache, which Node 20 does not have.
 */
import fs from 'node:fs';
import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';

interface Chunk {
  readonly exports: unknown;
}

/** Loads chunks by their path. */
export class CompiledChunks {
  readonly #require: NodeJS.Require;
  /** Where this command's compiled code is kept; undefined where none is to be. */
  readonly #kept: string | undefined;
  readonly #chunks = new Map<string, Chunk>();
  /** The scripts of which nothing is kept yet, or nothing that V8 took. */
  readonly #toKeep = new Map<string, vm.Script>();
  /** V8's version and flags at the start: what is compiled under others would be refused at the next. */
  readonly #tag: number;

  /**
   * @param root the folder in which `compiled/` is, or is made when the process exits
   * @param command the first word of the command line
   * @param require the start's own, for what is not a chunk of the bundle
   */
  constructor(root: string, command: string | undefined, require: NodeJS.Require) {
    keepParserSimple();
    this.#require = require;
    this.#kept = folderOf(root, command);
    this.#tag = this.#kept === undefined ? 0 : v8.cachedDataVersionTag();
    if (this.#kept !== undefined) process.once('exit', (code) => this.#keep(code));
  }

  /** What the chunk at an absolute path exports. */
  load(file: string): unknown {
    const loaded = this.#chunks.get(file) ?? this.#require.cache[file];
    if (loaded) return loaded.exports;
    const module = { exports: {} };
    this.#chunks.set(file, module);
    const run = this.#compile(file).runInThisContext() as (...args: unknown[]) => void;
    const folder = path.dirname(file);
    const require = (id: string): unknown =>
      id.startsWith('.') ? this.load(path.join(folder, id)) : this.#require(id);
    run(module.exports, require, module, file, folder, importModule);
    return module.exports;
  }

  #compile(file: string): vm.Script {
    const source = fs.readFileSync(file, 'utf8');
    const cachedData = this.#kept === undefined ? undefined : read(keptAt(this.#kept, file));
    const script = new vm.Script(`${head}${source}\n})`, {
      filename: file,
      columnOffset: -head.length,
      ...(cachedData && { cachedData }),
    });
    if (!cachedData || script.cachedDataRejected === true) this.#toKeep.set(file, script);
    return script;
  }

  /** Keeps what this start compiled, unless the command line was wrong: then hardly anything was used. */
  #keep(code: number): void {
    if (this.#kept === undefined || code === 2 || this.#tag !== v8.cachedDataVersionTag()) return;
    try {
      fs.mkdirSync(this.#kept, { recursive: true });
      for (const [file, script] of this.#toKeep) write(keptAt(this.#kept, file), script.createCachedData());
    } catch {
      // A folder that is not to be written, or a full disk: the next start compiles again, as this one did.
    }
  }
}

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
  v8.setFlagsFromString('--liftoff-only');
}

function folderOf(root: string, command: string | undefined): string | undefined {
  const { NODE_DISABLE_COMPILE_CACHE: isOff, NODE_V8_COVERAGE: isWatched } = process.env;
  if (isOff || isWatched || !command || !/^[a-z]{1,20}$/.test(command)) return undefined;
  return path.join(root, 'compiled', `${process.version}-${process.platform}-${process.arch}`, command);
}

const keptAt = (folder: string, file: string): string =>
  path.join(folder, `${path.basename(file, '.js')}.bin`);

// V8 checks little more than the head of what it is given, and a wrong byte ends the process. So all is written twice, and
// taken only if both are the same: a hash would have Node load its cryptography, for longer than the rest of this takes.
function read(file: string): Buffer | undefined {
  try {
    const content = fs.readFileSync(file);
    const length = content.length >> 1;
    return content.compare(content, length, content.length, 0, length) === 0
      ? content.subarray(0, length)
      : undefined;
  } catch {
    // Nothing is kept yet, or nothing that can be read.
    return undefined;
  }
}

function write(file: string, data: Buffer): void {
  const unfinished = `${file}.${process.pid}`;
  try {
    fs.writeFileSync(unfinished, Buffer.concat([data, data]));
    // In one step: another start may read it meanwhile.
    fs.renameSync(unfinished, file);
  } catch (error) {
    fs.rmSync(unfinished, { force: true });
    throw error;
  }
}
