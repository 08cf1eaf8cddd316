/** Applies plans: what of them is permitted becomes a policy that is watched. */
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import type { Plan } from '../model/optimization/plan.ts';
import type { PolicyRecord } from '../model/optimization/policyRecord.ts';
import { HOUR_MS } from '../model/rollup.ts';
import { automaticActions, reasonOf, toolsOf } from './planned.ts';
import type { PolicyBook } from './policyBook.ts';

export interface ApplyRequest {
  plan: Plan;
  by: string;
  watchSeconds: number;
}

export interface ApplyDeps {
  clock: Pick<Clock, 'nowMs'>;
  settings: Pick<Config['optimization'], 'expiryHours'>;
  book: PolicyBook;
}

/** @throws VitalsError `conflict` while another policy of the server is being watched */
export async function applyPlan({ clock, settings, book }: ApplyDeps, request: ApplyRequest): Promise<PolicyRecord> {
  const { plan, by, watchSeconds } = request;
  const nowMs = clock.nowMs();
  const before = book.inForce(plan.server, nowMs);
  if (before?.state === 'watching') throw stillWatched(before);
  const actions = automaticActions(plan);
  return book.add(
    {
      server: plan.server,
      state: 'watching',
      tools: toolsOf(actions, before?.tools),
      strategy: plan.strategy,
      target: plan.target,
      appliedAtMs: nowMs,
      appliedBy: by,
      why: reasonOf(actions),
      watchUntilMs: nowMs + 1_000 * watchSeconds,
      expiresAtMs: nowMs + Math.max(settings.expiryHours * HOUR_MS, 1_000 * watchSeconds),
      previous: before === undefined ? null : previousOf(before),
    },
    nowMs,
  );
}

function stillWatched({ version, watchUntilMs }: PolicyRecord): VitalsError {
  const until = new Date(watchUntilMs).toISOString();
  return new VitalsError('conflict', `Policy ${version} of this server is being watched until ${until}`, {
    hint: 'Wait for the outcome, or undo it first: mcp-vitals optimize --undo SERVER.',
  });
}

function previousOf({ version, tools, expiresAtMs }: PolicyRecord): NonNullable<PolicyRecord['previous']> {
  return { version, tools, expiresAtMs };
}
