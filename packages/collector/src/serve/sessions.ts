/**
 * How a browser proves itself. The address that the collector prints holds a code that works once; the page trades it for
 * a cookie that no script can read. The cookie is signed with the token of its scope, so it is good across restarts, and worthless
 * as soon as the token is another one. What it is limited to stands in it: a workspace, and the token that it was begun with,
 * with which it ends.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { VitalsError } from '../errors.ts';
import { WORKSPACE_PATTERN } from '../model/workspace.ts';
import type { Grant, Tokens } from './auth.ts';
import type { Scope } from './toolBackend.ts';

/** What a browser may be: one that sends batches is none. */
export type SessionScope = Exclude<Scope, 'ingest'>;

/** What a session gives. */
export interface SessionGrant extends Grant {
  scope: SessionScope;
}

const CODE_LIFE_MS = 15 * 60_000;
/** Whoever can ask for codes may read the tokens; the limit is for loops. */
const MAX_CODES = 100;
const SESSION_SECONDS = 30 * 86_400;

const COOKIE = new RegExp(
  `^(?<content>(?<scope>read|admin)\\.(?<untilSeconds>\\d{1,12})\\.[\\w-]{1,32}` +
    `(?:\\.(?<workspace>${WORKSPACE_PATTERN})\\.(?<tokenId>[0-9a-f]{0,12}))?)\\.(?<signature>[\\w-]{43})$`,
);

export interface SessionsDeps {
  tokens: Tokens;
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  /** Whether a token that can be revoked is still good. */
  isTokenGood(tokenId: string): boolean;
}

export class Sessions {
  readonly #tokens: Tokens;
  readonly #clock: SessionsDeps['clock'];
  readonly #isTokenGood: SessionsDeps['isTokenGood'];
  readonly #codes = new Map<string, { grant: SessionGrant; untilMs: number }>();
  /** Cookies know no ports: collectors on one machine must not overwrite each other's. */
  readonly #cookieName: string;

  constructor({ tokens, clock, isTokenGood }: SessionsDeps) {
    this.#tokens = tokens;
    this.#clock = clock;
    this.#isTokenGood = isTokenGood;
    this.#cookieName = `mcp_vitals_${createHash('sha256').update(tokens.read).digest('hex').slice(0, 8)}`;
  }

  /** A code that can be traded for a session once, within a quarter of an hour. */
  createCode(grant: SessionGrant): string {
    const nowMs = this.#clock.monotonicMs();
    for (const [code, { untilMs }] of this.#codes) if (untilMs <= nowMs) this.#codes.delete(code);
    if (this.#codes.size >= MAX_CODES) this.#codes.delete(this.#codes.keys().next().value!);
    const code = randomBytes(24).toString('base64url');
    this.#codes.set(code, { grant, untilMs: nowMs + CODE_LIFE_MS });
    return code;
  }

  /** @throws VitalsError `unauthorized` when it was used before, is too old or none of ours */
  redeem(code: string): SessionGrant {
    const found = this.#codes.get(code);
    this.#codes.delete(code);
    if (found === undefined || found.untilMs <= this.#clock.monotonicMs()) {
      throw new VitalsError('unauthorized', 'This link was used before, or is too old', {
        hint: '`mcp-vitals dashboard` prints a new one.',
      });
    }
    return found.grant;
  }

  /** The value of a `Set-Cookie` header that begins a session. */
  beginCookie({ scope, workspace = '', tokenId = '' }: SessionGrant): string {
    const untilSeconds = Math.floor(this.#clock.nowMs() / 1000) + SESSION_SECONDS;
    const limits = workspace === '' ? [] : [workspace, tokenId];
    const content = [scope, untilSeconds, randomBytes(9).toString('base64url'), ...limits].join('.');
    return this.#cookie(`${content}.${this.#sign(scope, content)}`, SESSION_SECONDS);
  }

  /** The value of a `Set-Cookie` header that ends it. */
  endCookie(): string {
    return this.#cookie('', 0);
  }

  /** @param header of the request, `Cookie`. @returns undefined without a session of ours that goes on */
  grantOf(header: string | undefined): SessionGrant | undefined {
    const prefix = `${this.#cookieName}=`;
    const pair = header?.split(/; */).find((one) => one.startsWith(prefix));
    const parts = COOKIE.exec(pair?.slice(prefix.length) ?? '')?.groups;
    if (parts === undefined) return undefined;
    const { content, untilSeconds, workspace, tokenId } = parts;
    const scope = parts.scope as SessionScope;
    const expected = this.#sign(scope, content!);
    if (!timingSafeEqual(Buffer.from(parts.signature!), Buffer.from(expected))) return undefined;
    if (Number(untilSeconds) * 1000 <= this.#clock.nowMs()) return undefined;
    if (tokenId && !this.#isTokenGood(tokenId)) return undefined;
    return { scope, workspace, tokenId: tokenId || undefined };
  }

  #sign(scope: SessionScope, content: string): string {
    return createHmac('sha256', `session ${this.#tokens[scope]}`).update(content).digest('base64url');
  }

  /** `SameSite=Strict`: a link from elsewhere shows the page, and the page's own requests bring the cookie. */
  #cookie(value: string, maxAgeSeconds: number): string {
    return `${this.#cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}`;
  }
}
