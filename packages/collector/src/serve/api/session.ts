/** Sessions of browsers: begun with a code or a token, ended, and asked about. */
import type { Context, Env, Hono } from 'hono';
import { z } from 'zod';
import { VitalsError } from '../../errors.ts';
import type { Authenticator } from '../auth.ts';
import { jsonBody } from '../jsonApi.ts';
import type { SessionScope, Sessions } from '../sessions.ts';
import type { Scope } from '../toolBackend.ts';
import { parsed } from './inputs.ts';
import { API_PREFIX } from './mount.ts';

/** Exactly one of them. */
export const beginBody = z.union([
  z.strictObject({ code: z.string().max(100).describe('From the address that the collector printed') }),
  z.strictObject({ token: z.string().max(300).describe('Of scope `read` or `admin`') }),
]);

export const codeBody = z.strictObject({ scope: z.enum(['read', 'admin']).default('admin') });

export interface SessionRoutesDeps<E extends Env> {
  sessions: Sessions;
  authenticator: Authenticator;
  /** Throws when who asks may not; returns what it may. */
  requireScope(c: Context<E>, scope: Scope): Scope;
  /** Throws when a session comes with the request of a page that is not ours. */
  refuseOtherPages(c: Context<E>): void;
}

export function mountSessions<E extends Env>(
  routes: Hono<E>,
  { sessions, authenticator, requireScope, refuseOtherPages }: SessionRoutesDeps<E>,
): void {
  const path = `${API_PREFIX}/session`;
  routes.get(path, (c) => c.json({ scope: requireScope(c, 'read') }));
  routes.post(path, async (c) => {
    const given = parsed(beginBody, await jsonBody(c));
    const scope = 'code' in given ? sessions.redeem(given.code) : scopeOfToken(authenticator, given.token);
    c.header('set-cookie', sessions.beginCookie(scope));
    return c.json({ scope });
  });
  routes.delete(path, (c) => {
    refuseOtherPages(c);
    c.header('set-cookie', sessions.endCookie());
    return c.json({ ended: true });
  });
  routes.post(`${path}/codes`, async (c) => {
    requireScope(c, 'admin');
    return c.json({ code: sessions.createCode(parsed(codeBody, await jsonBody(c)).scope) });
  });
}

function scopeOfToken(authenticator: Authenticator, token: string): SessionScope {
  const scope = authenticator.require('read', `Bearer ${token}`);
  if (scope === 'ingest') throw new VitalsError('forbidden', 'This token sends measurements and shows nothing');
  return scope;
}
