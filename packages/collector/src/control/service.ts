/**
 * The control plane: what may be changed for servers whose authors permit it, what is in force, and what becomes of it. A policy
 * reaches a server in the answer to its batches, holds for a lease, and is nothing without this process.
 */
import type { Batch } from '@mcp-vitals/wire/decode';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import type { PlanRequest } from '../model/optimization/evidence.ts';
import type { Judgement, JudgeRequest } from '../model/optimization/judgement.ts';
import type { Plan, Strategy } from '../model/optimization/plan.ts';
import type { PolicyRecord } from '../model/optimization/policyRecord.ts';
import { HOUR_MS, MINUTE_MS, startOfMinute } from '../model/rollup.ts';
import type { WorkShare } from '../model/workShare.ts';
import type { Audit, OptimizationRequest, Optimizations } from '../serve/services.ts';
import type { Store } from '../store/store.ts';
import { createAnswers } from './answers.ts';
import { FigureBook } from './figureBook.ts';
import { Permissions } from './permissions.ts';
import { automaticActions, reasonOf, toolsOf } from './planned.ts';
import { PolicyBook } from './policyBook.ts';
import { readEvidence } from './readEvidence.ts';
import { Settlement } from './settlement.ts';
import { neededFromMs, Watch } from './watch.ts';

/** Figures of servers without a policy that is watched: what one that comes would be compared with. */
const KEPT_FIGURES_MS = 600_000;

export interface OptimizationDeps {
  store: Store;
  share: WorkShare;
  clock: Pick<Clock, 'nowMs'>;
  config: Pick<Config, 'optimization'>;
  audit: Audit;
  plan(request: PlanRequest): Promise<Plan>;
  judge(request: JudgeRequest): Promise<Judgement>;
  goodputLossPercent(strategy: Strategy): number;
}

export interface OptimizationService extends Optimizations {
  /** Takes up what was saved. */
  load(): Promise<void>;
  observe(batch: Batch, skewMs: number): void;
  /** Of the answer to a batch, as a JSON array. */
  policiesFor(batch: Batch): string | undefined;
  /** Judges what is watched, ends what has expired. */
  tick(nowMs: number): Promise<void>;
}

export function createOptimizations(deps: OptimizationDeps): OptimizationService {
  const { store, share, clock, config, audit } = deps;
  const settings = config.optimization;
  const book = new PolicyBook(store);
  const permissions = new Permissions(store);
  const figures = new FigureBook();
  const watch = new Watch({ ...deps, figures });
  const settlement = new Settlement({ book, watch, audit, clock });
  const inForce = (server: string) => book.inForce(server, clock.nowMs());
  const answers = createAnswers(inForce, 1_000 * settings.leaseSeconds);
  share.onChange((changed) => {
    if (changed.has('policy') || changed.has('rejoined')) void book.load().catch(() => {});
  });

  async function planFor(request: OptimizationRequest): Promise<Plan[]> {
    const nowMs = clock.nowMs();
    const { server, tool, controls, strategy, target, limits } = request;
    const fromMs = startOfMinute(nowMs) - settings.evidenceMinutes * MINUTE_MS;
    const infos = (await store.listServers()).filter((info) =>
      server === undefined ? info.lastSeenMs >= fromMs : info.name === server,
    );
    if (server !== undefined && infos.length === 0) throw unknown('server');
    const plans: Plan[] = [];
    for (const info of infos) {
      const range = { fromMs: Math.max(fromMs, startOfMinute(book.lastChangeMs(info.name))), toMs: nowMs };
      const permitted = await permissions.of(info.name, nowMs);
      const evidence = await readEvidence(store, { info, tool, range, permitted });
      if (tool !== undefined && evidence.tools.length === 0) throw unknown('tool');
      const plan = await deps.plan({ evidence, strategy, target, limits });
      plans.push(controls === undefined ? plan : restricted(plan, controls));
    }
    return plans;
  }

  function obstacle(plan: Plan): string | undefined {
    if (!settings.autoApply) return 'The collector may only plan: its setting optimization.autoApply is false.';
    if (automaticActions(plan).length > 0) return undefined;
    if (plan.actions.length === 0) return 'There is nothing to apply.';
    return plan.actions.some(({ isPermitted }) => isPermitted)
      ? 'What is permitted would cost more calls than the strategy allows: a person decides.'
      : `The server permits none of it: withMonitoring(server, { controls: { ${namesOf(plan)} } }) would.`;
  }

  async function apply(plan: Plan, { by, watchSeconds }: { by: string; watchSeconds: number }): Promise<PolicyRecord> {
    const hindrance = obstacle(plan);
    if (hindrance !== undefined) throw new VitalsError('forbidden', hindrance);
    const before = inForce(plan.server);
    if (before?.state === 'watching') throw stillWatched(before);
    const nowMs = clock.nowMs();
    const actions = automaticActions(plan);
    const record = await book.add(
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
    await settlement.recordApplied(record, actions);
    await watch.save(record, nowMs);
    return record;
  }

  async function tick(nowMs: number): Promise<void> {
    const watched = book.records().filter(({ state }) => state === 'watching');
    for (const record of watched) await watch.save(record, nowMs);
    const keptFrom = new Map(watched.map((record) => [record.server, neededFromMs(record)]));
    figures.forget((server) => Math.min(nowMs - KEPT_FIGURES_MS, keptFrom.get(server) ?? nowMs), nowMs);
    await permissions.tell(nowMs);
    if (!share.isLive()) return;
    await settlement.settleDue(
      nowMs,
      (server) => share.owns(server),
      (server) => permissions.instances(server, nowMs),
    );
    if (watched.length > 0) await watch.forget(book.records().filter(({ state }) => state === 'watching'));
  }

  return {
    load: () => book.load(),
    observe(batch, skewMs) {
      const permitting = batch.controls?.filter(({ permitted }) => permitted.length > 0) ?? [];
      if (permitting.length === 0) return;
      const nowMs = clock.nowMs();
      permissions.observe(batch, nowMs);
      figures.observe(batch, new Set(permitting.map(({ server }) => server)), skewMs, nowMs);
    },
    policiesFor: answers.policiesFor,
    tick,
    plan: planFor,
    obstacle,
    apply,
    async undo(server, by) {
      const record = inForce(server);
      if (record === undefined) throw new VitalsError('not_found', 'This server has no policy in force');
      return settlement.undo(record, { by, reason: 'Undone by hand.' });
    },
    policies: () => book.records().filter(({ server, version }) => inForce(server)?.version === version),
    history: ({ server, limit }) =>
      book
        .records()
        .filter((record) => server === undefined || record.server === server)
        .slice(0, limit),
    instances: (server) => permissions.instances(server, clock.nowMs()),
  };
}

function unknown(what: string): VitalsError {
  return new VitalsError('not_found', `This ${what} has reported no calls lately`, {
    hint: 'mcp-vitals query lists what has been called.',
  });
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

function restricted(plan: Plan, controls: readonly string[]): Plan {
  const actions = plan.actions.filter(({ control }) => controls.includes(control));
  const isEmptied = plan.verdict === 'actions' && actions.length === 0;
  const verdict = isEmptied ? (plan.advice.length > 0 ? 'advice' : 'nothing_to_do') : plan.verdict;
  return { ...plan, actions, verdict };
}

function namesOf({ actions }: Plan): string {
  return [...new Set(actions.map(({ control }) => `${control}: true`))].join(', ');
}
