/** Who changed what: kept in order, found again, forgotten only when there is too much of it. */
import { afterEach, describe, expect, it } from 'vitest';
import type { AuditEntry, AuditedChange } from '../model/audit.ts';
import { listAudit } from '../serve/api/audit.ts';
import type { ApiServices } from '../serve/api/defineRoute.ts';
import { ROUTES } from '../serve/api/index.ts';
import type { Audit } from '../serve/ports/audit.ts';
import { ALL_TOOLS } from '../serve/tools/index.ts';
import { type FilledStore, openFilledStore } from '../testing/filledStore.ts';
import { startTestCollector } from '../testing/testCollector.ts';
import { createAuditLog } from './auditLog.ts';

const NOW = Date.parse('2025-10-31T13:00:30Z');
const EVER = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 1_000 };
const change = (n: number): AuditedChange & { by: string } => ({
  by: 'me',
  action: n % 2 === 0 ? 'threshold.set' : 'silence.added',
  server: `s${n % 3}`,
  summary: `change ${n}`,
  details: { n },
});

/** As `GET /audit` lists them, five at a time. */
async function numbersOfPages(audit: Audit): Promise<unknown[]> {
  const numbers: unknown[] = [];
  let cursor: string | undefined;
  do {
    const query = listAudit.query!.parse({ minutes: 5, limit: 5, cursor });
    const services = { audit, clock: { nowMs: () => NOW + 1 } } as ApiServices;
    const page = await listAudit.run({ query, body: {}, path: {} }, services);
    numbers.push(...page.entries.map(({ details }) => details.n));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return numbers;
}

let filled: FilledStore | undefined;
afterEach(() => filled?.close());

describe('the audit log', () => {
  it('answers newest first, by time, action and server', async () => {
    filled = await openFilledStore(NOW);
    let nowMs = NOW;
    const audit = createAuditLog({ store: filled.store, clock: { nowMs: () => nowMs++ } });
    for (let n = 0; n < 12; n++) await audit.record(change(n));
    const numbers = async (filter: object) =>
      (await audit.entries({ ...EVER, ...filter })).map(({ details }) => details.n);
    expect(await numbers({})).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(await numbers({ limit: 2 })).toEqual([11, 10]);
    expect(await numbers({ actions: ['silence.added'], server: 's0' })).toEqual([9, 3]);
    expect(await numbers({ fromMs: NOW + 10, toMs: NOW + 11 })).toEqual([10]);
  });

  it('keeps the order of what was recorded within one millisecond', async () => {
    filled = await openFilledStore(NOW);
    const audit = createAuditLog({ store: filled.store, clock: { nowMs: () => NOW } });
    for (let n = 0; n < 12; n++) await audit.record(change(n));
    const newestFirst = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];
    expect((await audit.entries(EVER)).map(({ details }) => details.n)).toEqual(newestFirst);
    expect(await numbersOfPages(audit)).toEqual(newestFirst);
  });

  it('forgets the oldest when there are too many', async () => {
    filled = await openFilledStore(NOW);
    let nowMs = NOW;
    const options = { store: filled.store, clock: { nowMs: () => nowMs++ }, keptEntries: 5 };
    const audit = createAuditLog(options);
    for (let n = 0; n < 40; n++) await audit.record(change(n));
    const kept = (await audit.entries(EVER)).map(({ details }) => details.n);
    expect(kept.length).toBeGreaterThanOrEqual(5);
    expect(kept.length).toBeLessThanOrEqual(10);
    expect(kept[0]).toBe(39);
  });

  it('has what is changed through tools and routes, and by whom, after a restart too', async () => {
    const collector = await startTestCollector();
    try {
      const threshold = { metric: 'cpu', threshold: 3, severity: 'warning' };
      await collector.app.backend.call('set_alert_threshold', threshold, { client: 'a model', scope: 'admin' });
      const silence = { server: 'x', minutes: 5, by: 'ann' };
      await collector.ask('/api/v1/silences', { method: 'POST', scope: 'admin', body: silence });
      await collector.ask('/api/v1/silences', { method: 'POST', scope: 'admin', body: { ...silence, minutes: -1 } });
      await collector.restart();
      const { entries } = (await collector.ask('/api/v1/audit', { scope: 'read' })).json() as { entries: AuditEntry[] };
      expect(entries.map(({ action, server, by }) => [action, server, by])).toEqual([
        ['silence.added', 'x', expect.stringMatching(/^admin /)],
        ['threshold.set', '', 'a model'],
      ]);
    } finally {
      await collector.stop();
    }
  });

  it('is not forgotten by anything that changes something', () => {
    const changing = [...ALL_TOOLS.map(({ name, ...rest }) => ({ name, ...rest })), ...ROUTES.map(named)].filter(
      ({ scope, name }) => scope === 'admin' && !name.startsWith('GET '),
    );
    expect(changing.filter(({ audit, name }) => audit === undefined && !AUDITED_BY_A_SERVICE.includes(name))).toEqual(
      [],
    );
    expect(changing.length).toBeGreaterThan(9);
  });
});

const named = ({ method, path, ...rest }: (typeof ROUTES)[number]) => ({ name: `${method} ${path}`, ...rest });

/** What they do takes time, and has a beginning and an end of its own. */
const AUDITED_BY_A_SERVICE: readonly string[] = ['optimize_resources', 'benchmark_tool', 'POST /optimizations/undo'];
