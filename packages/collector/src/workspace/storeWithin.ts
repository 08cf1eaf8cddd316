/**
 * The store as those see it who see one workspace only. Whatever is built over this one knows of no other workspace: it need
 * not know that there are any. Rows of everything, which the real store has merged beforehand, are merged of the workspace's
 * servers here. Nothing is written through it.
 */
import { VitalsError } from '../errors.ts';
import type { Anomaly, Incident } from '../model/anomaly.ts';
import { groupBy } from '../model/groupBy.ts';
import { mergeRollups } from '../model/mergeRollups.ts';
import type { SeriesRollup } from '../model/rollup.ts';
import { nameWithin, workspaceOf } from '../model/workspace.ts';
import type { Item, RollupAnswer, RollupQuery, Store } from '../store/store.ts';

/** Who reads what somebody asks for. */
type Reading = Pick<
  Store,
  | 'readRollups'
  | 'readMinutes'
  | 'readResources'
  | 'listServers'
  | 'listSeries'
  | 'readRecentErrors'
  | 'readInFlight'
  | 'readAnomalies'
  | 'readItems'
  | 'listThresholds'
  | 'getAlert'
  | 'readAlerts'
  | 'scanRollups'
>;

interface NamesServer {
  server?: string | undefined;
}

export function storeWithin(store: Store, workspace: string): Store {
  const isWithin = (server: string) => server !== '' && workspaceOf(server) === workspace;
  const only = <Row extends { server: string }>(rows: readonly Row[]) => rows.filter(({ server }) => isWithin(server));

  /** What is asked, of this workspace; undefined where it is of another one, of which nothing is known here. */
  function within<Filter extends NamesServer>(filter: Filter): (Filter & { workspace: string }) | undefined {
    const server = filter.server === undefined ? undefined : nameWithin(workspace, filter.server);
    return filter.server !== undefined && server === undefined ? undefined : { ...filter, server, workspace };
  }

  const reading: Reading = {
    async readRollups(query) {
      const filter = within(query.filter);
      if (filter === undefined) return { rollups: [], usedRange: query };
      if (query.scope !== 'all') return store.readRollups({ ...query, filter });
      return mergedToOne(await store.readRollups({ ...query, filter, scope: 'server' }), query);
    },
    async readMinutes(range, filter) {
      const own = within(filter);
      return own === undefined ? [] : store.readMinutes(range, own);
    },
    async readResources(range, server, groupBy) {
      const own = within({ server });
      return own === undefined ? [] : only(await store.readResources(range, own.server, groupBy));
    },
    listServers: async () => (await store.listServers()).filter(({ name }) => isWithin(name)),
    async listSeries(filter) {
      const own = within(filter);
      return own === undefined ? [] : store.listSeries(own);
    },
    async readRecentErrors(filter, limit) {
      const own = within(filter);
      return own === undefined ? [] : store.readRecentErrors(own, limit);
    },
    async readInFlight(filter) {
      const own = within(filter);
      return own === undefined ? [] : store.readInFlight(own);
    },
    async readAnomalies(range, filter) {
      const own = within(filter);
      if (own === undefined) return [];
      const anomalies = await store.readAnomalies(range, { server: own.server, tool: own.tool });
      return only(anomalies).map((anomaly) => withoutOthers(anomaly, only));
    },
    readItems: async (kind, keys) => (await store.readItems(kind, keys)).filter((item) => isWithin(serverOf(item))),
    /** Those for all servers are in force here as well. */
    listThresholds: async () =>
      (await store.listThresholds()).filter(({ server }) => server === '' || isWithin(server)),
    async getAlert(alertId) {
      const alert = await store.getAlert(alertId);
      return alert !== undefined && isWithin(alert.server) ? alert : undefined;
    },
    async readAlerts(filter) {
      const own = within(filter);
      if (own === undefined) return [];
      const { workspace: _, ...asked } = own;
      return only(await store.readAlerts(asked));
    },
    async *scanRollups(level, range) {
      for await (const page of store.scanRollups(level, range)) {
        yield page.filter(({ series }) => isWithin(series.server));
      }
    },
  };
  return { ...NOTHING_ELSE, ...reading };
}

/** An incident that was imported may name servers of other workspaces; those found here never do. */
function withoutOthers(anomaly: Anomaly, only: (rows: Incident['alsoAffects']) => Incident['alsoAffects']): Anomaly {
  const { incident } = anomaly;
  return incident === undefined
    ? anomaly
    : { ...anomaly, incident: { ...incident, alsoAffects: only(incident.alsoAffects) } };
}

/** One row for everything, or one for each group of time. */
function mergedToOne({ rollups, usedRange }: RollupAnswer, { digests }: RollupQuery): RollupAnswer {
  const byStart = [...groupBy(rollups, ({ startMs }) => startMs)].sort(([a], [b]) => a - b);
  const merged = byStart.map(([startMs, rows]): SeriesRollup => {
    const { digest, ...sums } = mergeRollups(rows);
    const series = { server: '', kind: 'tool', name: '' } as const;
    return { ...sums, digest: digests ? digest : undefined, series, startMs };
  });
  return { rollups: merged, usedRange };
}

/** Of an item whose value says what server it is about; others are nobody's but the collector's. */
function serverOf({ value }: Item): string {
  const server = (value as NamesServer | null)?.server;
  return typeof server === 'string' ? server : '';
}

function refuse(): never {
  throw new VitalsError('forbidden', 'This belongs to the whole collector, not to one workspace');
}

const NOTHING_ELSE: Omit<Store, keyof Reading> = {
  append: async () => refuse(),
  saveAnomalies: async () => refuse(),
  saveWatchStates: async () => refuse(),
  readWatchStates: async () => refuse(),
  deleteWatchStates: async () => refuse(),
  saveItems: async () => refuse(),
  deleteItems: async () => refuse(),
  keepLate: refuse,
  saveThreshold: async () => refuse(),
  deleteThreshold: async () => refuse(),
  saveAlert: async () => refuse(),
  deleteAlert: async () => refuse(),
  nextNumber: async () => refuse(),
  closeMinutes: async () => refuse(),
  rollUp: async () => refuse(),
  applyRetention: async () => refuse(),
  scanResources: refuse,
  importRollups: async () => refuse(),
  importResources: async () => refuse(),
  readSenders: async () => refuse(),
  importSenders: async () => refuse(),
  finishImport: async () => refuse(),
  stats: async () => refuse(),
  close: async () => refuse(),
};
