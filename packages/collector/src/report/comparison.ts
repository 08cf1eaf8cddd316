/** Reads the two sides of a comparison from the store: environments by the names of their servers, versions by when they ran. */
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import type { SeenDeploy } from '../model/anomaly.ts';
import type { Comparison } from '../model/comparison.ts';
import { mergeBy } from '../model/mergeRollups.ts';
import { MINUTE_MS, newestMinutes, type Rollup } from '../model/rollup.ts';
import { matchesAnyServer } from '../model/workspace.ts';
import type { ComparisonRequest } from '../serve/ports/reports.ts';
import type { Store, TimeRange } from '../store/store.ts';
import { compare } from './compare.ts';

export interface ComparisonDeps {
  store: Pick<Store, 'readRollups' | 'readItems'>;
  clock: Pick<Clock, 'nowMs'>;
  config: Pick<Config, 'environments'>;
}

/** @throws VitalsError `invalid` for an unknown environment, `not_found` for a version that was not seen */
export async function compareSides(deps: ComparisonDeps, request: ComparisonRequest): Promise<Comparison> {
  const { from, to, server } = request;
  const read = (side: string) =>
    server === undefined
      ? readEnvironment(deps, side, request.minutes)
      : readVersion(deps, server, side, request.minutes);
  const [fromTools, toTools] = await Promise.all([read(from), read(to)]);
  return compare(from, to, fromTools, toTools);
}

async function readEnvironment(
  { store, clock, config }: ComparisonDeps,
  name: string,
  minutes: number,
): Promise<Map<string, Rollup>> {
  const patterns = config.environments[name];
  if (patterns === undefined) {
    const known = Object.keys(config.environments).join(', ') || 'none';
    throw new VitalsError('invalid', 'There is no environment of this name', {
      hint: `Configured: ${known}. The setting environments lists servers by environment.`,
    });
  }
  const range = newestMinutes(clock.nowMs(), minutes);
  return readTools(store, range, undefined, (server) => matchesAnyServer(patterns, server));
}

async function readVersion(
  { store, clock }: ComparisonDeps,
  server: string,
  version: string,
  minutes: number,
): Promise<Map<string, Rollup>> {
  const deploys = (await store.readItems('deploy'))
    .map(({ value }) => value as SeenDeploy)
    .filter((deploy) => deploy.server === server)
    .sort((a, b) => a.atMs - b.atMs);
  const began = deploys.findLast(({ toVersion }) => toVersion === version)?.atMs ?? Number.NEGATIVE_INFINITY;
  const ended = deploys.find(({ fromVersion, atMs }) => fromVersion === version && atMs > began)?.atMs;
  if (began === Number.NEGATIVE_INFINITY && ended === undefined) {
    const known = [...new Set(deploys.flatMap(({ fromVersion, toVersion }) => [fromVersion, toVersion]))].join(', ');
    throw new VitalsError('not_found', 'The server was not seen changing to or from this version', {
      hint: `Seen: ${known || 'no change of version'}.`,
    });
  }
  const toMs = ended ?? newestMinutes(clock.nowMs(), minutes).toMs;
  return readTools(store, { fromMs: Math.max(began, toMs - minutes * MINUTE_MS), toMs }, server, () => true);
}

async function readTools(
  store: Pick<Store, 'readRollups'>,
  range: TimeRange,
  server: string | undefined,
  isWanted: (server: string) => boolean,
): Promise<Map<string, Rollup>> {
  const { rollups } = await store.readRollups({ ...range, filter: { server }, scope: 'series', digests: true });
  const wanted = rollups.filter((rollup) => isWanted(rollup.series.server));
  return mergeBy(wanted, ({ series }) => series.name);
}
