/**
 * Programs of our own that run beside the collector, in a thread or a process: built, a file of its own in the package; from
 * sources, the source through the loader that runs them.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

export interface OwnProgram {
  url: URL;
  /** Options of Node that it needs. */
  execArgv: string[];
}

/**
 * @param source its file among the sources, for when they are what runs
 * @param builtName its entry in `tsdown.config.ts`
 */
export function ownProgram(source: URL, builtName: string): OwnProgram {
  if (!import.meta.url.endsWith('.ts')) return { url: new URL(`./${builtName}.mjs`, import.meta.url), execArgv: [] };
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return { url: source, execArgv: ['--conditions=@mcp-vitals/source', '--import', loader] };
}
