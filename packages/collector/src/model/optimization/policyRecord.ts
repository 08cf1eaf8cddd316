/** A policy as the collector keeps it: what it says, since when, why, until when, and what was before. */
import type { ToolPolicy } from '@mcp-vitals/wire/decode';
import type { Judgement, SliceFigures } from './judgement.ts';
import type { Strategy, Target } from './plan.ts';

/**
 * `watching`: applied, and compared with before; `kept`: nothing speaks against it; `undone`: by a person, or because it made
 * things worse or nobody could tell; `expired`: its time was over; `replaced`: by a newer one.
 */
export const POLICY_STATES = ['watching', 'kept', 'undone', 'expired', 'replaced'] as const;
export type PolicyState = (typeof POLICY_STATES)[number];

export type PolicyTools = Readonly<Record<string, ToolPolicy>>;

export interface PolicyRecord {
  server: string;
  /** Grows with each change, and is never used twice for a server. */
  version: number;
  state: PolicyState;
  /** As a policy says it; `*` for tools that are not named. */
  tools: PolicyTools;
  strategy: Strategy;
  target: Target;
  appliedAtMs: number;
  appliedBy: string;
  /** Sentences, without texts from outside. */
  why: string;
  /** Until when it is compared with before. */
  watchUntilMs: number;
  expiresAtMs: number;
  /** What was in force before, for undoing; null: nothing was. */
  previous: { version: number; tools: PolicyTools; expiresAtMs: number } | null;
  /** Absent while it is being watched. */
  outcome?: { atMs: number; by: string; reason: string; judgement?: Judgement | undefined } | undefined;
}

/** Figures of a policy that is watched, as one collector has seen them; by tool, with an empty name the whole server. */
export interface PolicyFigures {
  server: string;
  version: number;
  before: Readonly<Record<string, readonly SliceFigures[]>>;
  after: Readonly<Record<string, readonly SliceFigures[]>>;
}

/** Whether servers are told of it. */
export function isInForce({ state, expiresAtMs }: Pick<PolicyRecord, 'state' | 'expiresAtMs'>, nowMs: number): boolean {
  return (state === 'watching' || state === 'kept') && expiresAtMs > nowMs;
}
