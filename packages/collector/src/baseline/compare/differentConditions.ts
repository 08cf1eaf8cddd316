/** Two runs compare when they were made in the same way, in the same place, and undisturbed; where they were not, it is said. */
import type { Baseline } from '../baseline.ts';

/** @returns what differs, in words; strings in it are as they came */
export function differentConditions(before: Baseline, now: Baseline): string[] {
  const environment = differences(before.environment, now.environment, {
    cpu: 'processor',
    cpus: 'number of processors',
    node: 'version of Node',
    platform: 'operating system',
    arch: 'architecture',
    transport: 'transport',
  });
  const load = differences(before.load, now.load, {
    concurrency: 'concurrency',
    perSecond: 'rate',
    source: 'source of the arguments',
  });
  const servers = before.server.name === now.server.name ? [] : [words('server', before.server.name, now.server.name)];
  return [...servers, ...environment, ...load, ...disturbances(before, 'before'), ...disturbances(now, 'now')];
}

/** Processes for each processor that a run and its server do not come to by themselves. */
const BUSY = 1.5;

function disturbances({ environment: { busyProcesses, cpus } }: Baseline, when: string): string[] {
  if (busyProcesses <= BUSY * cpus) return [];
  return [`a busy machine ${when}: ${busyProcesses.toFixed(1)} processes wanted ${cpus} processors`];
}

function differences<T extends object>(before: T, now: T, names: { [Key in keyof T]?: string }): string[] {
  return (Object.keys(names) as (keyof T & string)[])
    .filter((key) => before[key] !== now[key])
    .map((key) => words(names[key]!, before[key], now[key]));
}

function words(what: string, before: unknown, now: unknown): string {
  return `another ${what}: ${String(before)} before, ${String(now)} now`;
}
