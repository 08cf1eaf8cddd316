/**
 * The ingest token: configured, or the one that a local collector left in the data directory. The file is read when a
 * batch is sent, not before, and again after the collector refused the token, because a new collector writes a new one.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export class TokenSource {
  #cached: string | undefined;

  constructor(
    readonly configured: string | undefined,
    readonly dataDir: string,
  ) {}

  /** The token, or undefined where there is none yet. */
  async get(): Promise<string | undefined> {
    if (this.configured !== undefined) return this.configured;
    this.#cached ??= await readToken(join(this.dataDir, 'tokens', 'ingest'));
    return this.#cached;
  }

  /** The collector refused it: the next `get` reads the file again. */
  forget(): void {
    this.#cached = undefined;
  }
}

async function readToken(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    // Anything else in a header would be an injection, or an error of the HTTP client at best.
    return /^[\x21-\x7e]{1,1000}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
