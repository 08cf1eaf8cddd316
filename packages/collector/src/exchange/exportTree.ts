/**
 * Writes a store as the JSONL tree of the specification:
 *
 *     metrics/DATE/SERVER/TOOL.jsonl     a line per minute (or single call) of a series
 *     resources/DATE/SERVER.jsonl        a line per minute and process
 *     aggregates/hourly/DATE-HH.json     an array: series, servers and everything, then the servers' resources
 *     aggregates/daily/DATE.json
 *     anomalies/DATE.jsonl
 *     alerts/active-alerts.json          an array; what is resolved: alerts/history/DATE.jsonl
 *     config/thresholds.json             an array
 */
import { mkdir, readdir } from 'node:fs/promises';
import { VitalsError } from '../errors.ts';
import type { RollupLevel, Store, StoredResources, StoredRollup, TimeRange } from '../store/store.ts';
import { metricJson } from './metricLine.ts';
import { pathName } from './pathNames.ts';
import { alertJson, anomalyJson, thresholdJson } from './recordJson.ts';
import { resourcesJson, rollupJson } from './rollupJson.ts';
import { LineWriter, writeArray } from './treeFiles.ts';

/**
 * Exports what is stored within the range; minutes that are not over yet are still in memory and left out.
 * @param onRows called with the number of rows written so far; how many there will be is not known
 * @throws VitalsError `conflict` when the directory has something in it: lines would be there twice
 */
export async function exportTree(
  store: Store,
  root: string,
  range: TimeRange,
  onRows: (rows: number) => void = () => {},
): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  if ((await readdir(root)).length > 0) {
    throw new VitalsError('conflict', `${root} is not empty.`, { hint: 'Name a new directory.' });
  }
  const counted = countingRows(store, onRows);
  for (const level of ['minute', 'hour', 'day'] as const) await exportLevel(counted, root, level, range);
  await exportAnomalies(store, root, range);
  await exportAlerts(store, root, range);
  await writeArray(root, 'config/thresholds.json', (await store.listThresholds()).map(thresholdJson));
}

type RowSource = Pick<Store, 'scanRollups' | 'scanResources'>;

/** The same rows; says how many went through. */
function countingRows(store: RowSource, onRows: (rows: number) => void): RowSource {
  let rows = 0;
  async function* counted<Page extends readonly unknown[]>(pages: AsyncIterable<Page>): AsyncIterable<Page> {
    for await (const page of pages) {
      rows += page.length;
      onRows(rows);
      yield page;
    }
  }
  return {
    scanRollups: (level, range) => counted(store.scanRollups(level, range)),
    scanResources: (level, range) => counted(store.scanResources(level, range)),
  };
}

/** Writes the rows of one level into a tree, which may exist. */
export async function exportLevel(store: RowSource, root: string, level: RollupLevel, range: TimeRange): Promise<void> {
  return level === 'minute' ? exportMinutes(store, root, range) : exportAggregates(store, root, level, range);
}

async function exportMinutes(store: RowSource, root: string, range: TimeRange): Promise<void> {
  const lines = new LineWriter(root);
  for await (const page of store.scanRollups('minute', range)) {
    for (const row of page) {
      if (row.scope !== 'series') continue;
      await lines.write(metricPath(row), metricJson(row));
    }
  }
  for await (const page of store.scanResources('minute', range)) {
    for (const row of page)
      await lines.write(`resources/${date(row.startMs)}/${pathName(row.server)}.jsonl`, resourcesJson(row));
  }
  await lines.flush();
}

/** One file per hour or day, each whole: a file that is there from an interrupted run is replaced. */
async function exportAggregates(
  store: RowSource,
  root: string,
  level: 'hour' | 'day',
  range: TimeRange,
): Promise<void> {
  let startMs = Number.NaN;
  let rows: StoredRollup[] = [];
  const writeSpan = async () => {
    if (rows.length === 0) return;
    const resources: StoredResources[] = [];
    for await (const page of store.scanResources(level, { fromMs: startMs, toMs: startMs + 1 }))
      resources.push(...page);
    await writeArray(root, aggregatePath(level, startMs), [
      ...rows.sort(byName).map(rollupJson),
      ...resources.map(resourcesJson),
    ]);
  };
  for await (const page of store.scanRollups(level, range)) {
    for (const row of page) {
      if (row.startMs !== startMs) {
        await writeSpan();
        rows = [];
        startMs = row.startMs;
      }
      rows.push(row);
    }
  }
  await writeSpan();
}

async function exportAnomalies(store: Store, root: string, range: TimeRange): Promise<void> {
  const lines = new LineWriter(root);
  for (const anomaly of (await store.readAnomalies(range, {})).reverse()) {
    await lines.write(`anomalies/${date(anomaly.atMs)}.jsonl`, anomalyJson(anomaly));
  }
  await lines.flush();
}

async function exportAlerts(store: Store, root: string, range: TimeRange): Promise<void> {
  const alerts = (await store.readAlerts({ createdWithin: range })).reverse();
  const lines = new LineWriter(root);
  for (const alert of alerts.filter(({ status }) => status === 'resolved')) {
    await lines.write(`alerts/history/${date(alert.createdAtMs)}.jsonl`, alertJson(alert));
  }
  await lines.flush();
  const open = alerts.filter(({ status }) => status !== 'resolved');
  await writeArray(root, 'alerts/active-alerts.json', open.map(alertJson));
}

/** A tool's file has its name; `+`, which no encoded name contains, sets a prompt of the same name apart. */
function metricPath({ startMs, series: { server, kind, name } }: StoredRollup): string {
  const file = kind === 'tool' ? pathName(name) : `${kind}+${pathName(name)}`;
  return `metrics/${date(startMs)}/${pathName(server)}/${file}.jsonl`;
}

const SCOPES = ['all', 'server', 'series'];

/** The store's own order depends on which series it met first. */
function byName(a: StoredRollup, b: StoredRollup): number {
  const keyOf = ({ scope, series }: StoredRollup) =>
    JSON.stringify([SCOPES.indexOf(scope), series.server, series.kind, series.name]);
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

function aggregatePath(level: 'hour' | 'day', startMs: number): string {
  const time = new Date(startMs).toISOString();
  const day = time.slice(0, 10);
  return level === 'day' ? `aggregates/daily/${day}.json` : `aggregates/hourly/${day}-${time.slice(11, 13)}.json`;
}

function date(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
