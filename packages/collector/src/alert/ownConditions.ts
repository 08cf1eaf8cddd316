/** What the collector watches of itself: the size of its data, the disk they are on, and the ways to tell people and to forward. */
import type { Config } from '../config/schema.ts';
import type { Store } from '../store/store.ts';
import { type Breach, fingerprintOf } from './breach.ts';
import type { ConditionSource } from './conditions.ts';

/** The name under which the collector's own MCP server is monitored. */
const OWN_SERVER = 'mcp-vitals';
const BYTES_PER_MB = 2 ** 20;
/** An alert is in time as long as there is room to write it down. */
const CRITICAL_SHARE = 0.25;

export interface FailingChannel {
  name: string;
  failures: number;
  error?: string;
}

/** A destination to which nothing could be forwarded for long. */
export interface FailingDestination {
  name: string;
  failingSeconds: number;
  error?: string;
}

export function ownConditions(
  { maxDataMb, minFreeDiskMb }: Config['alerts'],
  store: Pick<Store, 'stats'>,
  failingChannels: () => readonly FailingChannel[],
  failingDestinations: () => readonly FailingDestination[] = () => [],
): ConditionSource {
  return {
    prefix: 'own:',
    async evaluate() {
      const { databaseBytes, journalBytes, freeDiskBytes } = await store.stats();
      const dataMb = (databaseBytes + journalBytes) / BYTES_PER_MB;
      const freeMb = freeDiskBytes / BYTES_PER_MB;
      return [
        ...(dataMb > maxDataMb ? [own('data_size', `data size > ${maxDataMb} MB`, dataMb, maxDataMb, 'warning')] : []),
        ...(freeMb < minFreeDiskMb
          ? [
              own(
                'free_disk',
                `free disk < ${minFreeDiskMb} MB`,
                freeMb,
                minFreeDiskMb,
                freeMb < CRITICAL_SHARE * minFreeDiskMb ? 'critical' : 'warning',
              ),
            ]
          : []),
        ...failingChannels().map(({ name, failures, error }) => ({
          ...own(`channel:${name}`, `channel "${name}" fails`, failures, 0, 'warning'),
          ...lastTime(error),
        })),
        ...failingDestinations().map(({ name, failingSeconds, error }) => ({
          ...own(`forward:${name}`, `forwarding (${name}) fails`, failingSeconds / 60, 0, 'warning'),
          ...lastTime(error),
        })),
      ];
    },
  };
}

function lastTime(error: string | undefined): Pick<Breach, 'evidence'> {
  return { evidence: error === undefined ? [] : [`The last time: ${error}.`] };
}

function own(
  subject: string,
  condition: string,
  currentValue: number,
  threshold: number,
  severity: Breach['severity'],
): Breach {
  const fingerprint = fingerprintOf(OWN_SERVER, '', `own:${subject}`);
  return { fingerprint, server: OWN_SERVER, tool: '', severity, condition, currentValue, threshold, pendingMinutes: 0 };
}
