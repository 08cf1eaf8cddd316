/**
 * Who may do what. Three tokens of growing scope lie as files in the data directory, readable by its owner only: being
 * able to read the file is the right it gives.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VitalsError } from '../errors.ts';
import type { IssuedToken } from '../model/issuedToken.ts';
import type { Scope } from './toolBackend.ts';

/** In growing order: each may all that those before it may. */
export const SCOPES = ['ingest', 'read', 'admin'] as const satisfies readonly Scope[];

export type Tokens = Record<Scope, string>;

const TOKEN_BYTES = 32;

/** Whether a token of scope `held` may do what needs `needed`. */
export function allows(held: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(held) >= SCOPES.indexOf(needed);
}

function readToken(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written whole before it has its name; only the owner of the data directory makes tokens, so nobody races. */
function writeToken(path: string, token: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, `${token}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** Long enough not to be guessed, and of letters that a header can carry. */
const GOOD_TOKEN = /^[\w-]{16,256}$/;

/** @throws VitalsError `invalid` for one that is none, without showing it */
function givenToken(tokensDir: string, scope: Scope): string | undefined {
  if (tokensDir === '') return undefined;
  const path = join(tokensDir, scope);
  const token = readToken(path);
  if (token === undefined || GOOD_TOKEN.test(token)) return token;
  throw new VitalsError('invalid', `The token in ${path} is none`, {
    hint: 'It has to be 16 to 256 letters, digits, dashes and underscores.',
  });
}

/** Reads one token; undefined when it has not been created. */
export function readTokenOf(dataDir: string, scope: Scope): string | undefined {
  return readToken(join(dataDir, 'tokens', scope));
}

/**
 * Reads the three tokens of a data directory, creating what is absent.
 * @param tokensDir where tokens come from that take their place; empty: from nowhere
 * @throws VitalsError `invalid` for one from there that is none
 */
export function ensureTokens(dataDir: string, tokensDir = ''): Tokens {
  const directory = join(dataDir, 'tokens');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  const token = (scope: Scope): string => {
    const path = join(directory, scope);
    const before = readToken(path);
    const wanted = givenToken(tokensDir, scope) ?? before ?? randomBytes(TOKEN_BYTES).toString('base64url');
    if (wanted !== before) writeToken(path, wanted);
    return wanted;
  };
  const tokens = { ingest: token('ingest'), read: token('read'), admin: token('admin') };
  if (new Set(Object.values(tokens)).size < SCOPES.length)
    throw new VitalsError('invalid', 'The tokens have to differ: who has one would have the rights of another');
  return tokens;
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** What a token gives. */
export interface Grant {
  scope: Scope;
  /** The only workspace that it is good for; undefined: all. */
  workspace?: string | undefined;
  /** Of a token that can be revoked. */
  tokenId?: string | undefined;
}

/** Finds tokens that are limited to a workspace. */
export type FindIssued = (token: string) => IssuedToken | undefined;

/** Turns an `Authorization` header into what it proves. */
export class Authenticator {
  readonly #digests: (readonly [Scope, Buffer])[];

  constructor(
    tokens: Tokens,
    private readonly findIssued: FindIssued = () => undefined,
  ) {
    this.#digests = SCOPES.map((scope) => [scope, digestOf(tokens[scope])] as const);
  }

  /** @returns undefined when there is no token or none of ours */
  grantOf(authorization: string | undefined): Grant | undefined {
    const given = /^Bearer +([\w-]{1,256})$/i.exec(authorization ?? '')?.[1];
    if (given === undefined) return undefined;
    const digest = digestOf(given);
    let found: Scope | undefined;
    for (const [scope, expected] of this.#digests) if (timingSafeEqual(digest, expected)) found = scope;
    if (found !== undefined) return { scope: found };
    return this.findIssued(given);
  }

  /** @throws VitalsError `unauthorized` or `forbidden` */
  require(needed: Scope, authorization: string | undefined): Grant {
    const grant = this.grantOf(authorization);
    if (grant === undefined) {
      throw new VitalsError('unauthorized', 'A valid token is needed: Authorization: Bearer <token>', {
        hint: `Tokens are files in the data directory: tokens/${needed}`,
      });
    }
    if (!allows(grant.scope, needed)) {
      throw new VitalsError(
        'forbidden',
        `This needs a token of scope ${needed}; the one given is of scope ${grant.scope}`,
      );
    }
    return grant;
  }
}
