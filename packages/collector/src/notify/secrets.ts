/** Secrets of channels: read from where the settings say, and kept out of everything that is printed. */
import { readFileSync } from 'node:fs';
import { VitalsError } from '../errors.ts';

/** Shorter ones would be found by chance in ordinary words. */
const MIN_REDACTED = 6;

export class Secrets {
  readonly #read = new Set<string>();

  constructor(private readonly environment: NodeJS.ProcessEnv = process.env) {}

  /**
   * @param text the secret itself, `env:NAME` or `file:PATH`
   * @throws VitalsError `invalid` when there is none, without saying what was read
   */
  resolve(text: string): string {
    const secret = this.#resolve(text);
    if (secret.length >= MIN_REDACTED) this.#read.add(secret);
    return secret;
  }

  /** The text with every secret replaced. */
  redact(text: string): string {
    let redacted = text;
    for (const secret of this.#read) redacted = redacted.replaceAll(secret, '(secret)');
    return redacted;
  }

  #resolve(text: string): string {
    if (text.startsWith('env:')) {
      const value = this.environment[text.slice(4)];
      if (!value)
        throw new VitalsError('invalid', `The environment variable ${text.slice(4)} is not set`, {
          hint: `A setting says \`${text}\`: give it to the collector where that is started, or change the setting.`,
        });
      return value;
    }
    if (!text.startsWith('file:')) return text;
    const path = text.slice(5);
    try {
      return readFileSync(path, 'utf8').trim();
    } catch (error) {
      throw new VitalsError(
        'invalid',
        `The secret in ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
      );
    }
  }
}
