/** Sessions of browsers: begun with a code or a token, ended, and asked about. */

import { WORKSPACE_NAME } from '@mcp-vitals/wire/decode';
import type { Context, Env, Hono } from 'hono';
import { z } from 'zod';
import { VitalsError } from '../../errors.ts';
import type { Authenticator, Grant } from '../auth.ts';
import { jsonBody } from '../jsonApi.ts';
import type { SessionGrant, Sessions } from '../sessions.ts';
import type { Scope } from '../toolBackend.ts';
import { limitOf } from '../workspaceAsked.ts';
import { parsed } from './inputs.ts';
import { API_PREFIX } from './mount.ts';

/** Exactly one of them. */
export const beginBody = z.union([
  z.strictObject({ code: z.string().max(100).describe('From the address that the collector printed') }),
  z.strictObject({ token: z.string().max(300).describe('Of scope `read` or `admin`') }),
]);

export const codeBody = z.strictObject({
  scope: z.enum(['read', 'admin']).default('admin'),
  workspace: z.string().regex(WORKSPACE_NAME).optional().describe('The only one that the session sees'),
});

export interface SessionRoutesDeps<E extends Env> {
  sessions: Sessions;
  authenticator: Authenticator;
  /** Throws when who asks may not; returns what it may. */
  requireScope(c: Context<E>, scope: Scope): Grant;
  /** Throws when a session comes with the request of a page that is not ours. */
  refuseOtherPages(c: Context<E>): void;
}

export function mountSessions<E extends Env>(
  routes: Hono<E>,
  { sessions, authenticator, requireScope, refuseOtherPages }: SessionRoutesDeps<E>,
): void {
  const path = `${API_PREFIX}/session`;
  routes.get(path, (c) => c.json(shown(requireScope(c, 'read'))));
  routes.post(path, async (c) => {
    const given = parsed(beginBody, await jsonBody(c));
    const grant = 'code' in given ? sessions.redeem(given.code) : grantOfToken(authenticator, given.token);
    c.header('set-cookie', sessions.beginCookie(grant));
    return c.json(shown(grant));
  });
  routes.delete(path, (c) => {
    refuseOtherPages(c);
    c.header('set-cookie', sessions.endCookie());
    return c.json({ ended: true });
  });
  routes.post(`${path}/codes`, async (c) => {
    const own = requireScope(c, 'admin');
    const { scope, workspace } = parsed(codeBody, await jsonBody(c));
    const grant = { scope, workspace: limitOf(own.workspace, workspace), tokenId: own.tokenId };
    return c.json({ code: sessions.createCode(grant) });
  });
}

function shown({ scope, workspace }: Pick<Grant, 'scope' | 'workspace'>): { scope: Scope; workspace: string | null } {
  return { scope, workspace: workspace ?? null };
}

function grantOfToken(authenticator: Authenticator, token: string): SessionGrant {
  const { scope, ...rest } = authenticator.require('read', `Bearer ${token}`);
  if (scope === 'ingest') throw new VitalsError('forbidden', 'This token sends measurements and shows nothing');
  return { scope, ...rest };
}
