/** Plans and policies. */
import type { Control } from '@mcp-vitals/wire/decode';
import type { Plan, ResourceLimits, Strategy, Target } from '../../model/optimization/plan.ts';
import type { PolicyRecord } from '../../model/optimization/policyRecord.ts';

export interface OptimizationRequest {
  /** Absent: every server that has reported lately. */
  server?: string | undefined;
  tool?: string | undefined;
  /** Only these; absent: all. */
  controls?: readonly Control[] | undefined;
  strategy: Strategy;
  target: Target;
  limits: ResourceLimits;
}

/** A process whose author permits something. */
export interface ControlledInstance {
  instance: string;
  permitted: readonly Control[];
  /** Of the policy that it has in force; 0: none. */
  version: number;
  lastSeenMs: number;
}

/** What may be changed for servers, is, and was; see `docs/optimization.md`. */
export interface Optimizations {
  /** What is proposed, and changes nothing. @throws VitalsError `not_found` for a server or a tool that is not known */
  plan(request: OptimizationRequest): Promise<Plan[]>;
  /** Why a plan cannot be applied, as a sentence that says what to do; undefined when it can. */
  obstacle(plan: Plan): string | undefined;
  /** Applies what is permitted, and watches it. @throws VitalsError `forbidden`, `conflict` */
  apply(plan: Plan, how: { by: string; watchSeconds: number }): Promise<PolicyRecord>;
  /** Gives a server back what was before. @throws VitalsError `not_found`, `conflict` */
  undo(server: string, by: string): Promise<PolicyRecord>;
  /** In force, by server. */
  policies(): PolicyRecord[];
  /** All that are remembered, newest first. */
  history(filter: { server?: string | undefined; limit: number }): PolicyRecord[];
  /** Processes of a server that obey policies and report to this collector. */
  instances(server: string): ControlledInstance[];
}
