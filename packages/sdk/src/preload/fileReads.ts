/**
 * Rewrites ES modules where Node's loader reads their files: up to 22.14 it looks `readFile` up in `fs.promises` each time.
 * That is not documented, so it is tried with a file of our own before anything relies on it. Programs that read
 * a file themselves get what is in the file: only calls from within the loader are answered with rewritten source.
 */
import promises from 'node:fs/promises';
import { rewrite } from './rewrite.ts';

type ReadFile = (this: unknown, ...args: unknown[]) => Promise<unknown>;

/** Where the loader's own calls come from. */
const LOADER_FILES = 'node:internal/modules/esm/';

const NO_PROGRAM = /\.(?:json|wasm|node)$/i;

/**
 * @param probe URL of a harmless module of our own that is not loaded yet
 * @returns whether the loader reads files by the way that is watched now; if not, everything is as it was
 */
export async function watchFileReads(probe: URL): Promise<boolean> {
  const original = promises.readFile as ReadFile;
  let wasProbeSeen = false;
  const readFile: ReadFile = function (this: unknown, ...args) {
    const answer = Reflect.apply(original, this, args);
    const [url] = args;
    if (args.length !== 1 || !(url instanceof URL) || NO_PROGRAM.test(url.pathname) || !isCalledByLoader())
      return answer;
    wasProbeSeen ||= url.href === probe.href;
    return answer.then((source) => {
      const rewritten = rewrite(source);
      return rewritten === undefined ? source : Buffer.from(rewritten);
    });
  };
  Object.defineProperty(readFile, 'name', { value: 'readFile' });
  promises.readFile = readFile as typeof promises.readFile;
  await import(probe.href);
  if (!wasProbeSeen) promises.readFile = original as typeof promises.readFile;
  return wasProbeSeen;
}

/** Asks the engine for the callers as objects, whatever a program has made of stack traces. */
function isCalledByLoader(): boolean {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 4;
    Error.prepareStackTrace = (_error, callers) =>
      callers.some((caller) => caller.getFileName()?.startsWith(LOADER_FILES) === true);
    return (new Error().stack as unknown) === true;
  } catch {
    return false;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}
