/**
 * What becomes of a policy: kept, undone or expired, each with a line in the audit log. One that replaced another gives it back,
 * as a new version, because versions only grow.
 */
import type { Clock } from '../clock.ts';
import { VitalsError } from '../errors.ts';
import type { Judgement, MeasuredChange } from '../model/optimization/judgement.ts';
import type { PlannedAction } from '../model/optimization/plan.ts';
import { isInForce, type PolicyRecord } from '../model/optimization/policyRecord.ts';
import type { Audit } from '../serve/ports/audit.ts';
import type { ControlledInstance } from '../serve/ports/optimizations.ts';
import type { PolicyBook } from './policyBook.ts';
import type { Finding, Watch } from './watch.ts';

/** What the audit log calls this process. */
const COLLECTOR = 'mcp-vitals';

export interface SettlementDeps {
  book: PolicyBook;
  watch: Watch;
  audit: Pick<Audit, 'record'>;
  clock: Pick<Clock, 'nowMs'>;
}

interface Cause {
  by: string;
  reason: string;
  judgement?: Judgement | undefined;
}

export class Settlement {
  constructor(private readonly deps: SettlementDeps) {}

  async recordApplied(record: PolicyRecord, actions: readonly PlannedAction[]): Promise<void> {
    const controls = actions.map(({ control }) => control).join(', ');
    await this.deps.audit.record({
      by: record.appliedBy,
      action: 'policy.applied',
      server: record.server,
      summary: `Policy ${record.version} was applied: ${controls}.`,
      details: {
        version: record.version,
        strategy: record.strategy,
        target: record.target,
        tools: JSON.stringify(record.tools),
        watchUntil: new Date(record.watchUntilMs).toISOString(),
        expiresAt: new Date(record.expiresAtMs).toISOString(),
      },
    });
  }

  /** Looks at what is watched, and at what has expired, of the servers that are this collector's. */
  async settleDue(
    nowMs: number,
    owns: (server: string) => boolean,
    instancesOf: (server: string) => ControlledInstance[],
  ): Promise<void> {
    const { book, watch } = this.deps;
    const open = book
      .records()
      .filter(({ state, server }) => (state === 'watching' || state === 'kept') && owns(server));
    for (const record of open) {
      try {
        const finding = record.state === 'watching' ? await watch.look(record, nowMs) : undefined;
        if (finding !== undefined) await this.#conclude(record, finding, instancesOf(record.server));
        else if (!isInForce(record, nowMs)) await this.#expire(record);
      } catch (error) {
        // Somebody else was quicker, and has decided.
        if (!(error instanceof VitalsError && error.code === 'conflict')) throw error;
      }
    }
  }

  /** @throws VitalsError `conflict` when somebody else was quicker */
  async undo(record: PolicyRecord, cause: Cause): Promise<PolicyRecord> {
    const nowMs = this.deps.clock.nowMs();
    const undone = await this.deps.book.settle(record, { state: 'undone', outcome: { atMs: nowMs, ...cause } });
    const restored = await this.#restore(record, cause.by, nowMs);
    const gives =
      restored === undefined
        ? 'The server behaves as written.'
        : `As ${restored.version}, what was before is in force.`;
    await this.#record(undone, 'policy.undone', `Policy ${record.version} was undone. ${cause.reason} ${gives}`, cause);
    return undone;
  }

  async #restore({ previous, ...record }: PolicyRecord, by: string, nowMs: number): Promise<PolicyRecord | undefined> {
    if (previous === null || previous.expiresAtMs <= nowMs) return undefined;
    return this.deps.book.add(
      {
        ...record,
        state: 'kept',
        tools: previous.tools,
        expiresAtMs: previous.expiresAtMs,
        appliedAtMs: nowMs,
        appliedBy: by,
        watchUntilMs: nowMs,
        why: `What policy ${previous.version} said, given back.`,
        previous: null,
      },
      nowMs,
    );
  }

  async #conclude(
    record: PolicyRecord,
    { kind, judgement }: Finding,
    instances: readonly ControlledInstance[],
  ): Promise<void> {
    const { verdict } = judgement;
    if (verdict === 'worse') {
      const when = kind === 'early' ? 'clearly, and early' : 'by the end of its time';
      await this.undo(record, { by: COLLECTOR, reason: `It made things worse, ${when}.`, judgement });
    } else if (verdict === 'unknown') {
      const isObeyed = instances.some(({ version }) => version === record.version);
      const reason = isObeyed
        ? 'Whether it did any good cannot be told: too few calls, or of another load than before.'
        : 'No process had it in force.';
      await this.undo(record, { by: COLLECTOR, reason, judgement });
    } else {
      const reason = verdict === 'better' ? 'It made things better.' : 'It made nothing worse.';
      const cause = { by: COLLECTOR, reason, judgement };
      const kept = await this.deps.book.settle(record, {
        state: 'kept',
        outcome: { atMs: this.deps.clock.nowMs(), ...cause },
      });
      await this.#record(kept, 'policy.kept', `Policy ${record.version} was kept. ${reason}`, cause);
    }
  }

  async #expire(record: PolicyRecord): Promise<void> {
    const cause = { by: COLLECTOR, reason: 'Its time was over.' };
    const expired = await this.deps.book.settle(record, {
      state: 'expired',
      outcome: { atMs: this.deps.clock.nowMs(), ...cause },
    });
    await this.#record(expired, 'policy.expired', `Policy ${record.version} has expired.`, cause);
  }

  async #record(
    record: PolicyRecord,
    action: 'policy.undone' | 'policy.kept' | 'policy.expired',
    summary: string,
    { by, judgement }: Cause,
  ): Promise<void> {
    await this.deps.audit.record({
      by,
      action,
      server: record.server,
      summary,
      details: { version: record.version, ...figuresOf(judgement?.changes ?? []) },
    });
  }
}

/** E.g. `p99 before` of a tool; of several tools their number tells them apart, because names are a stranger's. */
function figuresOf(changes: readonly MeasuredChange[]): Record<string, number | string> {
  return Object.fromEntries(
    changes.flatMap(({ metric, tool, before, after, changePercent, verdict }, i) => {
      const name = `${i + 1}.${metric}`;
      return [
        [`${name}.tool`, tool],
        [`${name}.before`, before],
        [`${name}.after`, after],
        [`${name}.changePercent`, changePercent],
        [`${name}.verdict`, verdict],
      ];
    }),
  );
}
