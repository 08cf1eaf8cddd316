/**
 * The hooks where Node has no `module.registerHooks`. CommonJS is rewritten where it is compiled. For ES modules these Nodes
 * have `module.register`, whose thread costs 44 ms and each module's way through it some tenths more: a server that
 * loads 175 modules starts 70 ms later. So ES modules are rewritten where their files are read (`fileReads.ts`) as
 * long as that is known to work, and the thread is started when it is not, or when it exists anyway.
 */
import module, { syncBuiltinESMExports } from 'node:module';
import { watchFileReads } from './fileReads.ts';
import { rewrite } from './rewrite.ts';

const LOADER = './preload/loader.mjs';

interface CompilingModule {
  _compile(this: unknown, source: string, filename: string, format?: unknown): unknown;
}

/** @param baseUrl of the entry of the package, from which the loader is found */
export async function registerOlderHooks(baseUrl: string): Promise<void> {
  const startThread = once(() => module.register(LOADER, baseUrl));
  rewriteCommonJs(startThread);
  if (!(await watchFileReads(new URL(LOADER, baseUrl)))) startThread();
  else startThreadWithOthers(startThread);
}

/** An ES module that is required has its imports read by a way that nobody can watch: the thread is needed then. */
function rewriteCommonJs(startThread: () => void): void {
  const { prototype } = module as unknown as { prototype: CompilingModule };
  const compile = prototype._compile;
  prototype._compile = function _compile(source, filename, format) {
    if (format === 'module' || format === true) startThread();
    return compile.call(this, rewrite(source) ?? source, filename, format);
  };
}

/** Once anybody's hooks run in the thread, files are read there. */
function startThreadWithOthers(startThread: () => void): void {
  const { register } = module;
  const registerAfterOurs = (...args: unknown[]): unknown => {
    module.register = register;
    syncBuiltinESMExports();
    startThread();
    return Reflect.apply(register, module, args);
  };
  module.register = registerAfterOurs as typeof register;
  syncBuiltinESMExports();
}

/** Runs at most once; when it fails, the program goes on without. */
function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    try {
      run();
    } catch (error) {
      process.stderr.write(`mcp-vitals: ES modules are not monitored: ${String(error)}\n`);
    }
  };
}
