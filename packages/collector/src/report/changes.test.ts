/** What a report says of who changed what. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditAction } from '../model/audit.ts';
import { HOUR_MS } from '../model/rollup.ts';
import { type FilledStore, openFilledStore } from '../testing/filledStore.ts';
import { createReports } from './service.ts';

const NOW_MS = Date.parse('2025-10-31T07:00:00Z');
const HOSTILE = '<img src=x onerror=alert(1)>|`a\u202Eb';

let filled: FilledStore;
beforeEach(async () => {
  filled = await openFilledStore(NOW_MS);
});
afterEach(() => filled.close());

function change(action: AuditAction, server = '', details: Record<string, string> = {}) {
  return filled.audit.record({ by: 'ann', action, server, summary: `It was ${action}.`, details });
}

async function reportOf(server?: string) {
  filled.clock.advance(1);
  const reports = createReports(filled);
  const toMs = filled.clock.nowMs();
  const range = { fromMs: toMs - HOUR_MS, toMs };
  const report = await reports.build(range, { server, includeRecommendations: false, includeOtherKinds: false });
  const [markdown, html, mail] = [
    reports.render(report, 'markdown'),
    reports.render(report, 'html'),
    reports.renderMail(report),
  ];
  return { report, markdown, html, mail, json: JSON.parse(reports.render(report, 'json')) };
}

describe('the changes of a period', () => {
  it('are left out where there are none', async () => {
    await change('silence.added');
    filled.clock.advance(2 * HOUR_MS);
    await change('monitor.started');
    await change('benchmark.started');
    const { markdown, html, mail, json } = await reportOf();
    for (const text of [markdown, html, mail]) expect(text).not.toContain('Changes in This Period');
    expect(json).not.toHaveProperty('changes');
  });

  it('are newest first, within the period, and of the kinds that matter', async () => {
    await change('silence.added', 'shop');
    filled.clock.advance(2 * HOUR_MS);
    await change('policy.applied', 'shop');
    await change('monitor.started', 'shop');
    await change('benchmark.ended', '', { target: 'shop-http', tool: 'search' });
    const { markdown, html, mail, json } = await reportOf();
    for (const text of [html, mail]) expect(text).toContain('Changes in This Period');
    const section = markdown.split('## ').find((each) => each.startsWith('Changes in This Period'))!;
    expect(section.match(/(?<=\| )\w+\.\w+(?= \|)/g)).toEqual(['benchmark.ended', 'policy.applied']);
    expect(section).toContain('| `search` of `shop-http` | `ann` | It was benchmark.ended. |');
    expect(json.changes).toMatchObject({
      newest: [{ action: 'benchmark.ended', at: '2025-10-31T09:00:00.000Z', by: 'ann' }, { action: 'policy.applied' }],
      more: 0,
    });
  });

  it('are those of a server where the report is of one', async () => {
    for (const server of ['shop', 'files', '']) await change('threshold.set', server);
    const { report } = await reportOf('shop');
    expect(report.changes?.newest.map(({ server }) => server)).toEqual(['shop']);
  });

  it('are no more than fit, and how many more there are', async () => {
    for (let n = 0; n < 25; n++) await change('threshold.set', `s${n}`);
    const { report, markdown, html } = await reportOf();
    expect(report.changes).toMatchObject({ more: 5 });
    expect(report.changes?.newest.map(({ server }) => server)).toEqual(
      Array.from({ length: 20 }, (_, i) => `s${24 - i}`),
    );
    for (const text of [markdown, html]) expect(text).toContain('And 5 more; mcp-vitals audit has all.');
  });

  it('name strangers as data', async () => {
    await filled.audit.record({
      ...{ by: HOSTILE, action: 'silence.added', server: HOSTILE, summary: 'Nothing is sent.' },
      details: { tool: HOSTILE },
    });
    const { markdown, html, mail } = await reportOf();
    for (const text of [html, mail]) expect(text).not.toContain('<img');
    for (const text of [markdown, html, mail]) expect(text).not.toContain('\u202e');
    const row = markdown.split('\n').find((line) => line.includes('silence.added'))!;
    expect(row.match(/\|/g)).toHaveLength(6);
    expect(row.match(/`/g)).toHaveLength(6);
  });
});
