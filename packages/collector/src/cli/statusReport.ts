/** What `mcp-vitals status` prints. Names are a stranger's, and escaped here. */
import { visibleText } from '../model/visibleText.ts';
import type { ServerAnswer } from '../serve/api/shapes.ts';
import type { ForwardingStatus } from '../serve/ports/outgoing.ts';
import type { Coverage } from '../setup/coverage.ts';
import type { StoreStats } from '../store/store.ts';
import type { Status } from './status.ts';
import { bytes } from './terminal/figures.ts';

const MAX_NAME = 60;
const MAX_ERROR = 200;

export function describeStatus({ url, health, servers, coverage }: Status, nowMs: number): string {
  const newestFirst = [...servers].sort((a, b) => (a.lastSeenAt < b.lastSeenAt ? 1 : -1));
  return [
    describeCollector(url, health),
    '',
    servers.length === 0 ? 'No server has reported yet.' : 'Servers that have reported',
    ...newestFirst.map((server) => `  ${describeServer(server, nowMs)}`),
    '',
    ...describeForwarding(health.forwarding ?? []),
    ...describeCoverage(coverage),
  ].join('\n');
}

function describeCollector(url: string, { ok, version, pid, uptimeSeconds, store }: Status['health']): string {
  const first = [`${url} ${ok ? 'ok' : 'not ok'}`, `version ${version}`];
  if (pid !== undefined) first.push(`pid ${pid}`);
  if (uptimeSeconds !== undefined) first.push(`up for ${describeSpan(uptimeSeconds * 1_000)}`);
  return [first.join(', '), ...(store === undefined ? [] : [`  store: ${describeStore(store)}`])].join('\n');
}

/** Sizes that the store cannot know, e.g. of a database on another machine, come as null. */
function describeStore({ databaseBytes, journalEntries, freeDiskBytes, conditions }: StoreStats): string {
  const sizes = [
    ...sized(databaseBytes, ''),
    ...(journalEntries > 0 ? [`${journalEntries} batches not yet in it`] : []),
    ...sized(freeDiskBytes, ' free'),
  ];
  return [...conditions.map((condition) => visibleText(condition, MAX_NAME)), ...sizes].join(', ') || 'ok';
}

function sized(size: number | null, what: string): string[] {
  return size === null ? [] : [`${bytes(size)}${what}`];
}

function describeForwarding(destinations: readonly ForwardingStatus[]): string[] {
  if (destinations.length === 0) return [];
  return ['Forwarding', ...destinations.map((destination) => `  ${describeDestination(destination)}`), ''];
}

function describeDestination({ name, forwardedUntil, lagMinutes, failures, error, counts }: ForwardingStatus): string {
  const where =
    forwardedUntil === undefined ? 'nothing to forward yet' : `up to ${forwardedUntil}, ${lagMinutes} min behind`;
  const lost = Object.entries({ refused: counts.refusedPoints ?? 0, 'not taken': counts.rejectedPoints ?? 0 })
    .filter(([, points]) => points > 0)
    .map(([what, points]) => `, ${points} points ${what}`);
  const gone = (counts.lostMinutes ?? 0) > 0 ? `, ${counts.lostMinutes} minutes lost` : '';
  const failing = failures === 0 ? '' : `, failing: ${visibleText(error ?? '', MAX_ERROR)}`;
  return `${name}: ${where}${lost.join('')}${gone}${failing}`;
}

function describeServer({ name, version, lastSeenAt, liveInstances, dropped }: ServerAnswer, nowMs: number): string {
  const who = visibleText(version === '' ? name : `${name} ${version}`, MAX_NAME);
  const now = liveInstances === 0 ? 'not running' : `${liveInstances} running`;
  const lost = Object.entries(dropped).filter(([, samples]) => samples > 0);
  const reasons = lost.map(
    ([reason, samples]) => `${samples} ${LOST_BECAUSE[reason] ?? visibleText(reason, MAX_NAME)}`,
  );
  const loss = reasons.length === 0 ? '' : `, measurements lost: ${reasons.join(', ')}`;
  return `${who}: ${now}, last seen ${describeAgo(nowMs - Date.parse(lastSeenAt))}${loss}`;
}

/** Reasons as the SDK sends them. */
const LOST_BECAUSE: Readonly<Record<string, string>> = {
  queue_full: 'because the collector was away for too long',
  rejected: 'because the collector refused them',
  encode_failed: 'because they could not be written down',
};

function describeAgo(ms: number): string {
  return `${describeSpan(ms)} ago`;
}

function describeSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}

function describeCoverage({ servers, monitored, share }: Coverage): string[] {
  if (share === undefined) return ['MCP clients of this user: no server that could be monitored is configured.'];
  const percent = Math.round(share * 100);
  const left = servers.filter(({ monitoring }) => monitoring === 'not');
  return [
    `MCP clients of this user: ${monitored} of ${servers.length} servers are set up to be monitored (${percent} %).`,
    ...left.map(({ name, path }) => `  not set up: ${visibleText(name, MAX_NAME)}, in ${visibleText(path, 300)}`),
    ...(left.length === 0 ? [] : ['  `mcp-vitals init` shows how that would change.']),
  ];
}
