/**
 * Tokens that see and change one workspace only. They lie in the store, so that one that is made or revoked counts at once, in
 * each of several collectors that share it; what is kept of a token is its hash, which nobody can turn back.
 *
 * A token is `<id>_<secret>`: the id, which is no secret, finds the entry, and the hash of the whole is then compared in a time
 * that tells nothing.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { VitalsError } from '../errors.ts';
import type { IssuedToken } from '../model/issuedToken.ts';
import { isWorkspaceName } from '../model/workspace.ts';
import type { Store } from '../store/store.ts';
import type { AccessTokens } from './ports/access.ts';

const KIND = 'token';
const MAX_TOKENS = 1_000;
const ID_BYTES = 6;
const SECRET_BYTES = 32;
const TOKEN = /^([0-9a-f]{12})_[\w-]{43}$/;

/** The value of an item. */
interface KeptToken extends IssuedToken {
  /** SHA-256 of the token in hexadecimal: with 256 random bits in it, nothing slower is needed. */
  hash: string;
}

export interface AccessTokenBook extends AccessTokens {
  /** Takes up what the store has, at the start and when another collector has changed it. */
  load(): Promise<void>;
  /** What a token proves; undefined when it is none of these. */
  find(token: string): IssuedToken | undefined;
  /** For sessions of browsers, which end with the token they were begun with. */
  findById(tokenId: string): IssuedToken | undefined;
}

export interface AccessTokensDeps {
  store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems'>;
  clock: Pick<Clock, 'nowMs'>;
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

export function createAccessTokens({ store, clock }: AccessTokensDeps): AccessTokenBook {
  let byId = new Map<string, KeptToken>();

  async function load(): Promise<void> {
    const items = await store.readItems(KIND);
    byId = new Map(items.map(({ key, value }) => [key, value as KeptToken]));
  }

  return {
    load,
    find(token) {
      const kept = byId.get(TOKEN.exec(token)?.[1] ?? '');
      if (kept === undefined || !timingSafeEqual(hashOf(token), Buffer.from(kept.hash, 'hex'))) return undefined;
      return shown(kept);
    },
    findById(tokenId) {
      const kept = byId.get(tokenId);
      return kept && shown(kept);
    },
    async create({ name, scope, workspace }) {
      if (!isWorkspaceName(workspace)) throw notAWorkspace(workspace);
      await load();
      if (byId.size >= MAX_TOKENS) throw new VitalsError('conflict', `There are ${MAX_TOKENS} tokens`);
      const tokenId = randomBytes(ID_BYTES).toString('hex');
      const token = `${tokenId}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
      const issued: IssuedToken = { tokenId, name, scope, workspace, createdAtMs: clock.nowMs() };
      const kept: KeptToken = { ...issued, hash: hashOf(token).toString('hex') };
      await store.saveItems(KIND, [{ key: tokenId, value: kept }]);
      byId.set(tokenId, kept);
      return { ...issued, token };
    },
    async list() {
      await load();
      return [...byId.values()].map(shown).sort((a, b) => a.createdAtMs - b.createdAtMs);
    },
    async revoke(tokenId) {
      await load();
      const revoked = byId.get(tokenId);
      if (revoked === undefined) throw new VitalsError('not_found', 'There is no token with this id');
      await store.deleteItems(KIND, [tokenId]);
      byId.delete(tokenId);
      return shown(revoked);
    },
  };
}

function shown({ hash: _, ...issued }: KeptToken): IssuedToken {
  return issued;
}

export function notAWorkspace(text: string): VitalsError {
  return new VitalsError('invalid', `${JSON.stringify(text.slice(0, 60))} is no name of a workspace`, {
    hint: 'It has 1 to 39 lower-case letters, digits and dashes, and does not begin with a dash.',
  });
}
