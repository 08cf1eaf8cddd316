/** Kinds by their number on the wire. Append only. */
import type { SeriesKind } from './types.ts';

export const KINDS: readonly SeriesKind[] = ['tool', 'resource', 'prompt', 'method', 'custom'];
