/** What is said of an incident: what was seen, and what the data shows beside it. Names, which come from outside, are not in it. */
import type { Anomaly, Deploy } from '../../model/anomaly.ts';
import { HOUR_MS, MINUTE_MS, type ResourceRollup } from '../../model/rollup.ts';
import type { Usual } from '../evidence.ts';
import { onResources } from '../recommend.ts';
import { minuteOf, readable } from '../words.ts';
import type { Reading } from './observation.ts';
import type { Sighting } from './watchedTool.ts';

/** An hour after a deployment something else is the likelier cause. */
const AFTER_DEPLOY_MS = HOUR_MS;
/** The change is dated to the minute, the deployment to its first report. */
const BEFORE_DEPLOY_MS = 5 * MINUTE_MS;

/** Versions come from outside; one that could be words is not repeated. */
const PLAIN_VERSION = /^v?\d[\w.+-]{0,30}$/;

/** The deployment that a change belongs to. */
export function deployBefore(deploy: Deploy | undefined, sinceMs: number): Deploy | null {
  if (deploy === undefined) return null;
  const afterMs = sinceMs - deploy.atMs;
  return afterMs >= -BEFORE_DEPLOY_MS && afterMs <= AFTER_DEPLOY_MS ? deploy : null;
}

export interface Circumstances {
  deploy: Deploy | null;
  /** Other tools of the same server, and other servers, that it happened to. */
  shared: { tools: number; servers: number };
  use: ResourceRollup | undefined;
  usual: Usual;
}

export function adviceOn(sighting: Sighting, circumstances: Circumstances): string[] {
  return [
    whatHappened(sighting),
    ...onDeploy(sighting, circumstances.deploy),
    ...onShared(circumstances.shared),
    ...whereToLook(sighting.type, circumstances),
  ];
}

function whatHappened({ type, reading }: Sighting): string {
  const { sinceMs, value, low, high } = reading;
  const since = `Since ${minuteOf(sinceMs)}`;
  switch (type) {
    case 'error_rate_spike':
      return `${since} ${readable(value)} % of the calls failed; up to ${readable(high)} % was expected.`;
    case 'traffic_stopped':
      return `${since} no call came; ${readable(high)} a minute came before.`;
    case 'server_silent':
      return `${since} nothing was heard of the server, which had reported every minute.`;
    case 'memory_growth':
      return `${since} memory does not fall below ${readable(value)} MB any more; in two days it had always fallen below ${readable(high)} MB.`;
    case 'metric_change':
      return `At ${minuteOf(sinceMs)} it was ${readable(value)}; in the hour before it was ${readable(low)} to ${readable(high)}, and it has never moved like this.`;
    case 'resource_spike':
      return `${since} the processor is in use to ${readable(value)} %; in two days it was never above ${readable(high)} %.`;
    default:
      return `${since} a call typically takes ${readable(value)} ms; ${readable(low)}-${readable(high)} ms was expected.`;
  }
}

function onDeploy({ type, reading }: Sighting, deploy: Deploy | null): string[] {
  if (deploy === null) return [];
  const minutes = Math.round((reading.sinceMs - deploy.atMs) / MINUTE_MS);
  const when = minutes > 0 ? `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} after` : 'in the minute that';
  const { fromVersion, toVersion } = deploy;
  const isPlain = PLAIN_VERSION.test(fromVersion) && PLAIN_VERSION.test(toVersion);
  const versions = isPlain ? `version ${toVersion} took the place of ${fromVersion}` : 'a new version appeared';
  const change = type === 'response_time_spike' ? changeOf(reading) : 'It began';
  return [`${change} ${when} ${versions}: compare the two, or go back.`];
}

function changeOf({ value, low, high }: Reading): string {
  const before = Math.sqrt(low * high);
  return `The typical duration rose ${readable(value / before)}x, from ${readable(before)} ms,`;
}

function onShared({ tools, servers }: Circumstances['shared']): string[] {
  const parts = [
    ...(tools > 0 ? [`${tools} more of this server's tools`] : []),
    ...(servers > 0 ? [`${servers} more ${servers === 1 ? 'server' : 'servers'} on the same host`] : []),
  ];
  if (parts.length === 0) return [];
  return [`The same happened to ${parts.join(' and ')} within ten minutes: look for what they share.`];
}

function whereToLook(type: Anomaly['type'], { use, usual }: Circumstances): string[] {
  switch (type) {
    case 'error_rate_spike':
      return ['The class and code of the recent errors tell more.', ...onResources(use, usual)];
    case 'traffic_stopped':
      return ['The server itself goes on reporting: look at who calls it, and at what stands in between.'];
    case 'metric_change':
      return [];
    case 'server_silent':
      return ['It ended, hangs, or cannot reach the collector: look at its process and at its log.'];
    case 'memory_growth':
      return [
        `It handles ${readable(usual.calls)} calls a minute on average: what grows while these do not is kept for nothing. A heap snapshot names it.`,
      ];
    default:
      return onResources(use, usual);
  }
}
