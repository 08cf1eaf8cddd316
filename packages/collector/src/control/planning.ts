/** Plans for servers, and why one cannot be applied. Nothing is changed here. */
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import type { PlanRequest } from '../model/optimization/evidence.ts';
import type { Plan } from '../model/optimization/plan.ts';
import { MINUTE_MS, startOfMinute } from '../model/rollup.ts';
import type { OptimizationRequest } from '../serve/ports/optimizations.ts';
import type { Store } from '../store/store.ts';
import type { Permissions } from './permissions.ts';
import { automaticActions } from './planned.ts';
import type { PolicyBook } from './policyBook.ts';
import { readEvidence } from './readEvidence.ts';

export interface PlanningDeps {
  store: Store;
  clock: Pick<Clock, 'nowMs'>;
  settings: Config['optimization'];
  book: PolicyBook;
  permissions: Permissions;
  plan(request: PlanRequest): Promise<Plan>;
}

export class Planning {
  constructor(private readonly deps: PlanningDeps) {}

  /** @throws VitalsError `not_found` */
  async plan({ server, tool, controls, ...wanted }: OptimizationRequest): Promise<Plan[]> {
    const { store, clock, settings } = this.deps;
    const nowMs = clock.nowMs();
    const fromMs = startOfMinute(nowMs) - settings.evidenceMinutes * MINUTE_MS;
    const infos = (await store.listServers()).filter((info) =>
      server === undefined ? info.lastSeenMs >= fromMs : info.name === server,
    );
    if (server !== undefined && infos.length === 0) throw unknown('server');
    const plans: Plan[] = [];
    for (const info of infos) {
      // What calls took under another policy, or none, is no evidence for what there is now.
      const sinceMs = startOfMinute(this.deps.book.lastChangeMs(info.name));
      const range = { fromMs: Math.max(fromMs, sinceMs), toMs: nowMs };
      const permitted = await this.deps.permissions.of(info.name, nowMs);
      const evidence = await readEvidence(store, { info, tool, range, permitted });
      if (tool !== undefined && evidence.tools.length === 0) throw unknown('tool');
      const plan = await this.deps.plan({ evidence, ...wanted });
      plans.push(controls === undefined ? plan : restricted(plan, controls));
    }
    return plans;
  }

  /** As a sentence that says what to do; undefined where there is none. */
  obstacle(plan: Plan): string | undefined {
    if (!this.deps.settings.autoApply)
      return 'The collector may only plan: its setting optimization.autoApply is false.';
    if (automaticActions(plan).length > 0) return undefined;
    if (plan.actions.length === 0) return 'There is nothing to apply.';
    return plan.actions.some(({ isPermitted }) => isPermitted)
      ? 'What is permitted would cost more calls than the strategy allows: a person decides.'
      : `The server permits none of it: withMonitoring(server, { controls: { ${namesOf(plan)} } }) would.`;
  }
}

function unknown(what: string): VitalsError {
  return new VitalsError('not_found', `This ${what} has reported no calls lately`, {
    hint: 'mcp-vitals query lists what has been called.',
  });
}

function restricted(plan: Plan, controls: readonly string[]): Plan {
  const actions = plan.actions.filter(({ control }) => controls.includes(control));
  const isEmptied = plan.verdict === 'actions' && actions.length === 0;
  const verdict = isEmptied ? (plan.advice.length > 0 ? 'advice' : 'nothing_to_do') : plan.verdict;
  return { ...plan, actions, verdict };
}

function namesOf({ actions }: Plan): string {
  return [...new Set(actions.map(({ control }) => `${control}: true`))].join(', ');
}
