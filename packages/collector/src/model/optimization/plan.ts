/** What is proposed for a server, and why: the answer to "what would it take, and can you just do it?". */
import type { Control, ToolPolicy } from '@mcp-vitals/wire/decode';

export const STRATEGIES = ['conservative', 'balanced', 'aggressive'] as const;
export type Strategy = (typeof STRATEGIES)[number];

export const TARGETS = ['throughput', 'latency', 'efficiency'] as const;
/** What is to get better: answered calls, their durations, or the processor time that one costs. */
export type Target = (typeof TARGETS)[number];

export interface ResourceLimits {
  /** Per cent of one core, of each process of the server. */
  maxCpuPercent?: number | undefined;
  /** Resident memory of each process. */
  maxMemoryMb?: number | undefined;
}

/** What is expected to change, in per cent of what it is. */
export interface Effect {
  metric: 'p99' | 'goodput' | 'cpu';
  /** Null where the evidence does not tell. */
  changePercent: number | null;
  /** Between what the change lies with 95 % confidence; null where it cannot be computed. */
  interval: readonly [low: number, high: number] | null;
  /** What it was told from, or why it could not be. */
  basis: string;
}

/** One control for the calls of one tool. */
export interface PlannedAction {
  tool: string;
  control: Control;
  /** What a policy would say; of one control. */
  settings: ToolPolicy;
  /** Whether the server's author permits this control. */
  isPermitted: boolean;
  /** Whether the collector may do it by itself; else a person decides, for the reason that `why` names. */
  isAutomatic: boolean;
  /** One sentence, without texts from outside. */
  why: string;
  evidence: Readonly<Record<string, number>>;
  effects: readonly Effect[];
}

/** What no control can do, and a person could. */
export interface Advice {
  /** Empty: the server. */
  tool: string;
  what: string;
  evidence: Readonly<Record<string, number>>;
}

export interface Plan {
  server: string;
  strategy: Strategy;
  target: Target;
  fromMs: number;
  toMs: number;
  /** Calls it was told from. */
  calls: number;
  /** `too_little`: too few calls to say anything. */
  verdict: 'actions' | 'advice' | 'nothing_to_do' | 'too_little';
  actions: readonly PlannedAction[];
  advice: readonly Advice[];
}
