import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../testing/filledStore.ts';
import type { Tokens } from './auth.ts';
import { type SessionScope, Sessions } from './sessions.ts';

const NOW = Date.parse('2025-10-31T13:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const TOKENS: Tokens = { ingest: 'i'.repeat(43), read: 'r'.repeat(43), admin: 'a'.repeat(43) };

function world(tokens: Tokens = TOKENS, isTokenGood: (tokenId: string) => boolean = () => false) {
  const clock = manualClock(NOW);
  return { clock, sessions: new Sessions({ tokens, clock, isTokenGood }) };
}

/** What a browser sends after it was told to set a cookie. */
const pairOf = (setCookie: string) => setCookie.split(';', 1)[0]!;
const nameOf = (setCookie: string) => pairOf(setCookie).split('=', 1)[0]!;
const unknown = expect.objectContaining({ code: 'unauthorized' });

describe('a code', () => {
  it('begins one session of its scope', () => {
    const { sessions } = world();
    for (const scope of ['read', 'admin'] as const) {
      const code = sessions.createCode({ scope });
      expect(code).toMatch(/^[\w-]{32}$/);
      expect(sessions.redeem(code)).toEqual({ scope });
      expect(() => sessions.redeem(code)).toThrow(unknown);
    }
  });

  it('is good for a quarter of an hour', () => {
    const { sessions, clock } = world();
    const [early, late] = [sessions.createCode({ scope: 'read' }), sessions.createCode({ scope: 'read' })];
    clock.advance(15 * MINUTE_MS - 1);
    expect(sessions.redeem(early)).toEqual({ scope: 'read' });
    clock.advance(1);
    expect(() => sessions.redeem(late)).toThrow(unknown);
  });

  it('is refused in the same words, whatever is wrong about it', () => {
    const { sessions, clock } = world();
    const [used, old] = [sessions.createCode({ scope: 'read' }), sessions.createCode({ scope: 'admin' })];
    sessions.redeem(used);
    const refusals = [used, 'never made', '', '__proto__'].map((code) => refusalOf(() => sessions.redeem(code)));
    clock.advance(20 * MINUTE_MS);
    refusals.push(refusalOf(() => sessions.redeem(old)));
    expect(new Set(refusals).size).toBe(1);
    expect(refusals[0]).not.toContain('undefined');
  });

  it('pushes out the oldest of a hundred, and no other', () => {
    const { sessions } = world();
    const codes = Array.from({ length: 101 }, () => sessions.createCode({ scope: 'read' }));
    expect(() => sessions.redeem(codes[0]!)).toThrow(unknown);
    for (const code of codes.slice(1)) expect(sessions.redeem(code)).toEqual({ scope: 'read' });
  });
});

function refusalOf(refused: () => unknown): string {
  try {
    refused();
  } catch (error) {
    const { message, code, hint } = error as { message: string; code: string; hint: string };
    return JSON.stringify([code, message, hint]);
  }
  return 'nothing was refused';
}

describe('a cookie', () => {
  it('can be read by no script and is sent along from nowhere else', () => {
    const { sessions } = world();
    expect(sessions.beginCookie({ scope: 'read' })).toMatch(
      /^mcp_vitals_[\da-f]{8}=read\.\d+\.[\w-]+\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
    );
    const ended = sessions.endCookie();
    expect(ended).toMatch(/^mcp_vitals_[\da-f]{8}=; Path=\/; HttpOnly; SameSite=Strict; Max-Age=0$/);
    expect(nameOf(ended)).toBe(nameOf(sessions.beginCookie({ scope: 'admin' })));
    expect(sessions.grantOf(pairOf(ended))).toBeUndefined();
  });

  it('is good for its scope among other cookies, for thirty days', () => {
    const { sessions, clock } = world();
    for (const scope of ['read', 'admin'] as const) {
      const pair = pairOf(sessions.beginCookie({ scope }));
      expect(sessions.grantOf(pair)).toMatchObject({ scope });
      expect(sessions.grantOf(`theme=dark; ${pair}; x=mcp_vitals`)).toMatchObject({ scope });
      expect(sessions.grantOf(`x${pair}`)).toBeUndefined();
    }
    const pair = pairOf(sessions.beginCookie({ scope: 'read' }));
    clock.advance(30 * DAY_MS - 1_000);
    expect(sessions.grantOf(pair)).toMatchObject({ scope: 'read' });
    clock.advance(1_000);
    expect(sessions.grantOf(pair)?.scope).toBeUndefined();
  });

  it('is good after a restart, and worthless once its token is another one', () => {
    const cookies = (['read', 'admin'] as const).map((scope) => pairOf(world().sessions.beginCookie({ scope })));
    const scopesBy = (tokens: Tokens) => cookies.map((pair) => world(tokens).sessions.grantOf(pair)?.scope);
    expect(scopesBy(TOKENS)).toEqual(['read', 'admin']);
    expect(scopesBy({ ...TOKENS, admin: 'b'.repeat(43) })).toEqual(['read', undefined]);
    expect(scopesBy({ ...TOKENS, read: 'b'.repeat(43) })).toEqual([undefined, undefined]);
  });

  it('of another collector has another name', () => {
    const [one, other] = [world(), world({ ...TOKENS, read: 'x'.repeat(43) })];
    expect(nameOf(one.sessions.beginCookie({ scope: 'read' }))).not.toBe(
      nameOf(other.sessions.beginCookie({ scope: 'read' })),
    );
  });

  it('does not show the tokens', () => {
    const { sessions } = world();
    const shown = sessions.beginCookie({ scope: 'admin' }) + sessions.beginCookie({ scope: 'read' });
    for (const token of Object.values(TOKENS)) expect(shown).not.toContain(token);
  });

  it('is worthless when anything about it was changed', () => {
    const { sessions } = world();
    const scope = fc.constantFrom<SessionScope[]>('read', 'admin');
    const change = fc.oneof(
      fc.record({ at: fc.nat(), char: fc.constantFrom(...'aZ09-_.=; %') }),
      fc.constantFrom('cut' as const, 'double' as const, 'empty' as const),
    );
    const limit = fc.constantFrom(undefined, 'team-a');
    fc.assert(
      fc.property(scope, limit, change, (of, workspace, how) => {
        const pair = pairOf(sessions.beginCookie({ scope: of, workspace }));
        const [name, value] = pair.split('=') as [string, string];
        const changed =
          how === 'cut'
            ? value.slice(0, -1)
            : how === 'double'
              ? value + value
              : how === 'empty'
                ? ''
                : value.slice(0, how.at % value.length) + how.char + value.slice((how.at % value.length) + 1);
        fc.pre(changed !== value);
        expect(sessions.grantOf(`${name}=${changed}`)).toBeUndefined();
      }),
    );
  });

  it('cannot be given another scope or a longer life', () => {
    const { sessions } = world();
    const pair = pairOf(sessions.beginCookie({ scope: 'read' }));
    expect(sessions.grantOf(pair.replace('=read.', '=admin.'))).toBeUndefined();
    expect(sessions.grantOf(pair.replace('=read.', '=ingest.'))).toBeUndefined();
    expect(sessions.grantOf(pair.replace(/\.(\d+)\./, '.999999999999.'))).toBeUndefined();
  });

  it('holds what it is limited to, and ends with the token that it was begun with', () => {
    const good = new Set(['0123456789ab']);
    const { sessions } = world(TOKENS, (tokenId) => good.has(tokenId));
    const byHand = pairOf(sessions.beginCookie({ scope: 'read', workspace: 'team-a' }));
    expect(sessions.grantOf(byHand)).toEqual({ scope: 'read', workspace: 'team-a', tokenId: undefined });
    const grant = { scope: 'admin', workspace: 'team-a', tokenId: '0123456789ab' } as const;
    const byToken = pairOf(sessions.beginCookie(grant));
    expect(sessions.grantOf(byToken)).toEqual(grant);
    for (const [from, to] of [
      ['.team-a.', '.team-b.'],
      ['.team-a.0123456789ab', ''],
    ] as const)
      expect(sessions.grantOf(byToken.replace(from, to))).toBeUndefined();
    good.clear();
    expect(sessions.grantOf(byToken)).toBeUndefined();
    expect(sessions.grantOf(byHand)).toBeDefined();
  });

  it('of none is nobody’s', () => {
    const { sessions } = world();
    for (const header of [undefined, '', ';', '=', 'a=b', `${'x'.repeat(10_000)}=1`])
      expect(sessions.grantOf(header)).toBeUndefined();
  });
});
