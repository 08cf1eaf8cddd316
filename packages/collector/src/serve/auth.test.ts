import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkHost } from '../hostCheck.ts';
import { Authenticator, ensureTokens, readTokenOf } from './auth.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vitals-auth-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('ensureTokens', () => {
  it('makes three different tokens of 32 bytes, for the owner only, and keeps them', () => {
    expect(readTokenOf(dir, 'read')).toBeUndefined();
    const tokens = ensureTokens(dir);
    expect(new Set(Object.values(tokens)).size).toBe(3);
    for (const [scope, token] of Object.entries(tokens)) {
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
      expect(readFileSync(join(dir, 'tokens', scope), 'utf8')).toBe(`${token}\n`);
      if (process.platform !== 'win32') expect(statSync(join(dir, 'tokens', scope)).mode & 0o777).toBe(0o600);
    }
    if (process.platform !== 'win32') expect(statSync(join(dir, 'tokens')).mode & 0o777).toBe(0o700);
    expect(ensureTokens(dir)).toEqual(tokens);
    expect(readTokenOf(dir, 'read')).toBe(tokens.read);
  });

  it('takes those that are given instead, and makes the others', () => {
    const tokensDir = join(dir, 'given');
    mkdirSync(tokensDir);
    const made = ensureTokens(dir);
    writeFileSync(join(tokensDir, 'ingest'), 'given-by-the-operator\n');
    expect(ensureTokens(dir, tokensDir)).toEqual({ ...made, ingest: 'given-by-the-operator' });
    expect(readTokenOf(dir, 'ingest')).toBe('given-by-the-operator');
    if (process.platform !== 'win32') expect(statSync(join(dir, 'tokens', 'ingest')).mode & 0o777).toBe(0o600);
    expect(ensureTokens(dir)).toEqual({ ...made, ingest: 'given-by-the-operator' });
  });

  it('refuses given ones that are none, or no others than the ones of another scope', () => {
    for (const bad of ['short', 'with a space in it', 'x'.repeat(257)]) {
      writeFileSync(join(dir, 'admin'), bad);
      expect(() => ensureTokens(dir, dir)).toThrow(expect.objectContaining({ code: 'invalid' }));
      expect(() => ensureTokens(dir, dir)).not.toThrow(bad);
    }
    for (const scope of ['admin', 'ingest']) writeFileSync(join(dir, scope), 'the-same-for-both-of-them');
    expect(() => ensureTokens(dir, dir)).toThrow('The tokens have to differ');
  });
});

describe('Authenticator', () => {
  const tokens = { ingest: 'i'.repeat(43), read: 'r'.repeat(43), admin: 'a'.repeat(43) };
  const authenticator = new Authenticator(tokens);
  const bearer = (token: string) => `Bearer ${token}`;

  it('lets each scope do what lies below it and nothing above', () => {
    for (const [held, allowed] of [
      ['ingest', ['ingest']],
      ['read', ['ingest', 'read']],
      ['admin', ['ingest', 'read', 'admin']],
    ] as const) {
      for (const needed of ['ingest', 'read', 'admin'] as const) {
        const attempt = () => authenticator.require(needed, bearer(tokens[held]));
        if ((allowed as readonly string[]).includes(needed)) expect(attempt()).toEqual({ scope: held });
        else expect(attempt).toThrow(expect.objectContaining({ code: 'forbidden' }));
      }
    }
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    bearer('x'),
    bearer(tokens.admin.slice(1)),
    `Basic ${tokens.admin}`,
    bearer('a'.repeat(10_000)),
    bearer('\u0000'),
  ])('knows nobody by %j', (header) => {
    expect(() => authenticator.require('ingest', header)).toThrow(expect.objectContaining({ code: 'unauthorized' }));
  });
});

describe('checkHost', () => {
  it.each(['localhost', 'LOCALHOST:6848', '127.0.0.1:1', '[::1]:6848', 'monitor.example.org:443'])(
    'serves %s',
    (host) => {
      expect(() => checkHost(host, undefined, ['monitor.example.org'])).not.toThrow();
    },
  );

  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost:x',
    '[::1',
    'a b',
    '127.0.0.1@evil.example',
  ])('does not serve %j', (host) => {
    expect(() => checkHost(host, undefined, [])).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  it('lets pages of its own names in and no others', () => {
    for (const origin of ['http://localhost:3000', 'https://127.0.0.1', 'http://[::1]:1'])
      checkHost('localhost', origin, []);
    for (const origin of ['null', '', 'http://evil.example', 'http://localhost.evil.example', 'file://']) {
      expect(() => checkHost('localhost', origin, [])).toThrow('This Origin is not allowed');
    }
  });
});
