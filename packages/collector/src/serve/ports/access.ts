/** Tokens and settings. */
import type { IssuedToken } from '../../model/issuedToken.ts';

/** Tokens that see and change one workspace only. */
export interface AccessTokens {
  /** The token itself is in this answer and nowhere else. @throws VitalsError `invalid`, `conflict` */
  create(input: Pick<IssuedToken, 'name' | 'scope' | 'workspace'>): Promise<IssuedToken & { token: string }>;
  /** Oldest first. */
  list(): Promise<IssuedToken[]>;
  /** From here on it is worth nothing, and neither are sessions that were begun with it. @throws VitalsError `not_found` */
  revoke(tokenId: string): Promise<IssuedToken>;
}

/** The settings in force, for people. */
export interface Settings {
  inForce(): ShownSetting[];
}

export interface ShownSetting {
  path: string;
  /** What JSON can hold; what may hold a secret is shown without it. */
  value: unknown;
  isDefault: boolean;
  description: string;
  /** The environment variable that sets it. */
  environment: string;
}
