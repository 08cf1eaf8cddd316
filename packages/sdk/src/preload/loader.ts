/** The hook for ES modules that runs in Node's thread of hooks; it is loaded there, so it stays small. */
import type { LoadHook } from 'node:module';
import { isProgram, rewrite } from './rewrite.ts';

export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  const source = isProgram(loaded.format) ? rewrite(loaded.source) : undefined;
  return source === undefined ? loaded : { ...loaded, source };
};
