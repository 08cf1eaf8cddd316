/** What was tried, and what is in force. */
import type { ShownBenchmark, ShownPolicy } from '../../model/analysisDashboard.ts';
import { code, subject } from '../names.ts';
import { dateTime, inUnit, milliseconds, percent } from '../numbers.ts';
import { type Block, table } from '../sections/block.ts';

export function benchmarkBlocks(benchmarks: readonly ShownBenchmark[]): Block[] {
  const rows = benchmarks.map(({ target, tool, profile, atMs, callsPerSecond, p95Ms, errorPercent, change }) => [
    ...[subject(target, tool), profile, dateTime(atMs), inUnit(callsPerSecond, '')],
    ...[p95Ms === null ? '' : milliseconds(p95Ms), percent(errorPercent), change],
  ]);
  const head = ['Target', 'Profile', 'When (UTC)', 'Calls/s', 'p95', 'Errors', 'Against its baseline'];
  return table(head, rows, 'None was run.');
}

export function policyBlocks(policies: readonly ShownPolicy[]): Block[] {
  const rows = policies.map(({ server, version, state, controls, appliedAtMs, expiresAtMs, appliedBy, why }) => [
    ...[code(server), `v${version} ${state}`, controls.map(controlText).join('; ')],
    ...[`${dateTime(appliedAtMs)} by ${code(appliedBy)}`, dateTime(expiresAtMs), why],
  ]);
  const head = ['Server', 'Policy', 'Controls', 'Since (UTC)', 'Until (UTC)', 'Why'];
  return table(head, rows, 'None: all servers behave as written.');
}

function controlText({ tool, control, settings }: ShownPolicy['controls'][number]): string {
  const values = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return `${tool === '*' ? 'other tools' : code(tool)}: ${[control, ...values].join(' ')}`;
}
