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
import type { WorkShare } from '../model/workShare.ts';
import type { Audit } from '../serve/ports/audit.ts';
import type { Optimizations } from '../serve/ports/optimizations.ts';
import type { Store } from '../store/store.ts';
import { createAnswers } from './answers.ts';
import { applyPlan } from './applyPlan.ts';
import { FigureBook } from './figureBook.ts';
import { Permissions } from './permissions.ts';
import { automaticActions } from './planned.ts';
import { Planning } from './planning.ts';
import { PolicyBook } from './policyBook.ts';
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
  const planning = new Planning({ ...deps, settings, book, permissions });
  const inForce = (server: string) => book.inForce(server, clock.nowMs());
  const answers = createAnswers(inForce, 1_000 * settings.leaseSeconds);
  let isOutdated = false;
  share.onChange((changed) => {
    if (!changed.has('policy') && !changed.has('rejoined')) return;
    isOutdated = true;
    // Where the database does not answer now, the next tick tries again, and says so.
    void catchUp().catch(() => {});
  });

  /** Takes up what another collector has changed. */
  async function catchUp(): Promise<void> {
    if (!isOutdated) return;
    isOutdated = false;
    try {
      await book.load();
    } catch (error) {
      isOutdated = true;
      throw error;
    }
  }

  async function apply(plan: Plan, { by, watchSeconds }: { by: string; watchSeconds: number }): Promise<PolicyRecord> {
    const hindrance = planning.obstacle(plan);
    if (hindrance !== undefined) throw new VitalsError('forbidden', hindrance);
    const record = await applyPlan({ clock, settings, book }, { plan, by, watchSeconds });
    await settlement.recordApplied(record, automaticActions(plan));
    await watch.save(record, clock.nowMs());
    return record;
  }

  async function tick(nowMs: number): Promise<void> {
    await catchUp();
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
    plan: (request) => planning.plan(request),
    obstacle: (plan) => planning.obstacle(plan),
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
