/** The tokens that are limited to a workspace. */
import { createAccessTokens } from '../serve/accessTokens.ts';
import type { Context } from './context.ts';

/** Tokens that are limited to a workspace; another collector may make and revoke them as well. */
export async function joinAccessTokens({ deps: { clock }, opened: { store, share }, onError }: Context) {
  const accessTokens = createAccessTokens({ store, clock });
  await accessTokens.load();
  share.onChange((changed) => {
    if (changed.has('token') || changed.has('rejoined')) accessTokens.load().catch(onError);
  });
  return accessTokens;
}
