/**
 * Adaptive detection as a service: each minute that the store has closed goes to the watches once, what they see becomes
 * incidents, and both survive a restart. A restart goes on from what was written last, at most an hour back, and reads the
 * minutes since from the store: it comes to the same end whenever it is killed.
 */
import type { Clock } from '../../clock.ts';
import { nextTurn } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import { type Anomaly, INCIDENT_LOOKBACK_MS, type SeenDeploy } from '../../model/anomaly.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, startOfMinute } from '../../model/rollup.ts';
import type { WorkShare } from '../../model/workShare.ts';
import type { Item, Store } from '../../store/store.ts';
import { IncidentBook } from './incidentBook.ts';
import { readObservedMinutes } from './minuteReader.ts';
import { Watcher } from './watcher.ts';

export interface WatchingOptions {
  store: Pick<
    Store,
    | 'scanRollups'
    | 'readResources'
    | 'listServers'
    | 'readAnomalies'
    | 'saveAnomalies'
    | 'readWatchStates'
    | 'saveWatchStates'
    | 'deleteWatchStates'
    | 'readItems'
    | 'saveItems'
    | 'deleteItems'
  >;
  share: WorkShare;
  clock: Pick<Clock, 'nowMs'>;
  config: Pick<Config, 'detection' | 'ingest' | 'retention'>;
}

export interface Watching {
  /**
   * Observes the minutes that have closed since the last run; returns the incidents that are open after it. A run that
   * fails is taken up by the next one. Runs must not overlap.
   */
  run(): Promise<Anomaly[]>;
}

/** A run that comes this much later than the one before: the machine slept, and nobody has looked in between. */
const GAP_MS = 3 * MINUTE_MS;
/** A clock that was set back further than this makes everything that was learnt a thing of the future. */
const SET_BACK_MS = 10 * MINUTE_MS;
/** Versions are compared over what is kept of their calls. */
const KEEP_DEPLOYS_MS = 90 * DAY_MS;

export function createWatching({ store, share, clock, config }: WatchingOptions): Watching {
  const { sensitivity } = config.detection;
  let watcher: Watcher | undefined;
  let book = new IncidentBook();
  let nextMs = Number.NaN;
  let observedFromMs = Number.NaN;
  let lastRunMs = Number.NEGATIVE_INFINITY;

  // What is to be watched from now on, others have learnt of; they have written down what.
  share.onChange((changed) => {
    if (changed.has('shares')) watcher = undefined;
  });

  async function load(untilMs: number): Promise<Watcher> {
    const loaded = new Watcher(sensitivity);
    for (const state of await store.readWatchStates()) loaded.restore(state);
    book = new IncidentBook();
    book.restore(await store.readAnomalies({ fromMs: untilMs - INCIDENT_LOOKBACK_MS, toMs: untilMs }, {}));
    const earliestMs = untilMs - config.retention.minuteHours * HOUR_MS;
    nextMs = Math.max(earliestMs, loaded.untilMs ?? earliestMs);
    return loaded;
  }

  async function observe(untilMs: number, watching: Watcher): Promise<void> {
    for await (const minute of readObservedMinutes(store, { fromMs: nextMs, toMs: untilMs }, observedFromMs)) {
      for (const _turn of watching.observe(minute)) await nextTurn();
      const changed = book.update(minute.atMs, watching.sightings());
      if (changed.length > 0) await store.saveAnomalies(changed);
      const states = [...watching.dueStates(minute.atMs)];
      if (states.length > 0) await store.saveWatchStates(states);
      nextMs = minute.atMs + MINUTE_MS;
    }
  }

  async function keepDeploys(deploys: readonly SeenDeploy[]): Promise<void> {
    if (deploys.length === 0) return;
    const items = deploys.map((deploy) => ({
      key: JSON.stringify([deploy.atMs, deploy.server]),
      value: deploy,
      server: deploy.server,
    }));
    await store.saveItems('deploy', items);
    const kept = await store.readItems('deploy');
    const isOld = ({ value }: Item) => (value as SeenDeploy).atMs < clock.nowMs() - KEEP_DEPLOYS_MS;
    await store.deleteItems(
      'deploy',
      kept.filter(isOld).map(({ key }) => key),
    );
  }

  return {
    async run() {
      const nowMs = clock.nowMs();
      const untilMs = startOfMinute(nowMs - config.ingest.minuteGraceSeconds * 1000);
      if (nowMs - lastRunMs > GAP_MS || nowMs < lastRunMs) observedFromMs = startOfMinute(nowMs) + MINUTE_MS;
      lastRunMs = nowMs;
      watcher ??= await load(untilMs);
      if (nextMs - untilMs > SET_BACK_MS) {
        watcher = new Watcher(sensitivity);
        nextMs = untilMs;
      }
      await keepDeploys(watcher.meet(await store.listServers(), untilMs));
      await observe(untilMs, watcher);
      await store.deleteWatchStates(watcher.forget(untilMs));
      return book.open();
    },
  };
}
