/** The hook for ES modules where Node has no `module.registerHooks`: it runs in a thread of its own, so it stays small. */
import type { LoadHook } from 'node:module';
import { rewrite } from './rewrite.ts';

export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  const source = loaded.format === 'json' ? undefined : rewrite(loaded.source);
  return source === undefined ? loaded : { ...loaded, source };
};
