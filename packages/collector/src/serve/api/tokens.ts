/** Tokens that see and change one workspace only. Who may make them sees all of them. */
import { WORKSPACE_NAME } from '@mcp-vitals/wire/decode';
import { z } from 'zod';
import type { IssuedToken } from '../../model/issuedToken.ts';
import { isoTime } from '../params.ts';
import { defineRoute } from './defineRoute.ts';
import { named, time } from './shapes.ts';

const fields = {
  name: z.string().min(1).max(200).describe('For people: who has it, or what for'),
  scope: z.enum(['ingest', 'read', 'admin']),
  workspace: z.string().regex(WORKSPACE_NAME),
};

const issued = named('IssuedToken', z.object({ tokenId: z.string(), ...fields, createdAt: time }));

export type IssuedTokenAnswer = z.output<typeof issued>;

function presented({ createdAtMs, ...rest }: IssuedToken): z.input<typeof issued> {
  return { ...rest, createdAt: isoTime(createdAtMs) };
}

export const listTokens = defineRoute({
  method: 'GET',
  path: '/tokens',
  summary: 'Tokens that are limited to a workspace, oldest first',
  group: 'Workspaces',
  scope: 'admin',
  answer: z.object({ tokens: z.array(issued) }),
  run: async (_input, { accessTokens }) => ({ tokens: (await accessTokens.list()).map(presented) }),
});

export const createToken = defineRoute({
  method: 'POST',
  path: '/tokens',
  summary: 'Make a token that is limited to a workspace',
  group: 'Workspaces',
  scope: 'admin',
  body: z.strictObject(fields),
  answer: z.object({ issued, token: z.string().describe('Shown once, and kept nowhere') }),
  audit: (_input, { issued }) => ({
    action: 'token.created',
    server: '',
    summary: 'A token that is limited to a workspace was made',
    details: { ...issued },
  }),
  async run({ body }, { accessTokens }) {
    const { token, ...made } = await accessTokens.create(body);
    return { issued: presented(made), token };
  },
});

export const revokeToken = defineRoute({
  method: 'DELETE',
  path: '/tokens/{id}',
  summary: 'Revoke a token; sessions that were begun with it end',
  group: 'Workspaces',
  scope: 'admin',
  answer: z.object({ revoked: issued }),
  audit: (_input, { revoked }) => ({
    action: 'token.revoked',
    server: '',
    summary: 'A token that is limited to a workspace was revoked',
    details: { ...revoked },
  }),
  run: async ({ path }, { accessTokens }) => ({ revoked: presented(await accessTokens.revoke(path.id!)) }),
});
