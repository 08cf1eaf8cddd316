/**
 * Calls of one client take longer than those of the others, of the same tool, in the same process, at the same time: what it
 * asks for is different, or the way that it goes. Compared at the same time, because a client that calls only while all is
 * slow is no reason for it.
 */
import type { Bottleneck } from '../../../model/bottleneck.ts';
import { median } from '../../../model/median.ts';
import { clarity, clarityOfCount, confidenceOf } from '../clarity.ts';
import type { ClientColumns } from '../evidence/sight.ts';
import { sum } from '../picture/numbers.ts';
import type { Picture } from '../picture/picture.ts';
import { evidence, known, severityOfLoss } from './candidate.ts';

/** Times what calls of the others take. */
const MIN_RATIO = 1.5;

/** A difference that nobody feels. */
const MIN_DIFFERENCE_MS = 5;

/**
 * Standard deviations. What the strata say is added up and divided by the root of the sum of its squares, so that one call
 * that took a minute says no more than one that took a second: at least 13 strata have to agree. There may be hundreds of
 * pairs of a tool and a client.
 */
const MIN_DEVIATIONS = 3.5;

/** In a stratum, of the client and of the others. */
const MIN_CALLS = 2;

/** Seconds are put together until there are calls to compare, and not for longer. */
const MAX_STRATUM_MS = 60_000;

/** @param pictures of one server, one per process, or one of them all */
export function slowForClients(pictures: readonly Picture[]): Bottleneck[] {
  const columns = pictures.flatMap(({ tools }) => tools.flatMap(({ clients }) => clients));
  const clients = [...new Set(columns.map(({ client }) => client))];
  return clients.flatMap((client) => {
    const slower = slowerTools(pictures, client);
    return slower.length === 0 ? [] : [finding(pictures, client, slower)];
  });
}

interface SlowerTool {
  tool: string;
  calls: number;
  /** Of the calls of the client, and of those of the others at the same time. */
  meanMs: number;
  othersMeanMs: number;
  p95Ms: number;
  /** Half of the other clients have less. */
  othersP95Ms: number;
  /** By which it is not chance. */
  deviations: number;
  extraMs: number;
}

/** Those that cost most first. */
function slowerTools(pictures: readonly Picture[], client: string): SlowerTool[] {
  const tools = [...new Set(pictures.flatMap((picture) => picture.tools.map(({ tool }) => tool)))];
  return tools
    .map((tool) => comparison(pictures, tool, client))
    .filter(
      ({ meanMs, othersMeanMs, deviations }) =>
        meanMs >= MIN_RATIO * othersMeanMs &&
        meanMs - othersMeanMs >= MIN_DIFFERENCE_MS &&
        deviations >= MIN_DEVIATIONS,
    )
    .sort((a, b) => b.extraMs - a.extraMs);
}

function comparison(pictures: readonly Picture[], tool: string, client: string): SlowerTool {
  const compared = { calls: 0, ms: 0, othersMs: 0, squares: 0 };
  const total = { calls: 0, ms: 0 };
  const [p95s, othersP95s]: [number[], number[]] = [[], []];
  for (const picture of pictures) {
    const columns = picture.tools.find((one) => one.tool === tool)?.clients ?? [];
    const own = columns.filter((one) => one.client === client);
    const others = columns.filter((one) => one.client !== client);
    p95s.push(...own.map(({ p95Ms }) => p95Ms));
    othersP95s.push(...others.map(({ p95Ms }) => p95Ms));
    total.calls += sum(own.map(({ calls }) => sum(calls)));
    total.ms += sum(own.map(({ sumMs }) => sum(sumMs)));
    for (const { calls, ms, othersCalls, othersMs } of strata(picture, own, others)) {
      const expectedMs = calls * (othersMs / othersCalls);
      compared.calls += calls;
      compared.ms += ms;
      compared.othersMs += expectedMs;
      compared.squares += (ms - expectedMs) ** 2;
    }
  }
  const { calls, ms, othersMs, squares } = compared;
  return {
    tool,
    calls: total.calls,
    meanMs: ms / calls,
    othersMeanMs: othersMs / calls,
    p95Ms: median(p95s),
    othersP95Ms: median(othersP95s),
    deviations: (ms - othersMs) / Math.sqrt(squares),
    extraMs: total.ms * (1 - othersMs / ms),
  };
}

interface Stratum {
  calls: number;
  ms: number;
  othersCalls: number;
  othersMs: number;
}

/** Short times in which both called; the rest of the time is left out. */
function strata(
  { slots, startMs, endMs }: Picture,
  own: readonly ClientColumns[],
  others: readonly ClientColumns[],
): Stratum[] {
  const found: Stratum[] = [];
  let open: Stratum | undefined;
  let openedMs = 0;
  for (let slot = 0; slot < slots; slot++) {
    if (open === undefined || endMs[slot]! - openedMs > MAX_STRATUM_MS) {
      open = { calls: 0, ms: 0, othersCalls: 0, othersMs: 0 };
      openedMs = startMs[slot]!;
    }
    for (const { calls, sumMs } of own) [open.calls, open.ms] = [open.calls + calls[slot]!, open.ms + sumMs[slot]!];
    for (const { calls, sumMs } of others) {
      open.othersCalls += calls[slot]!;
      open.othersMs += sumMs[slot]!;
    }
    if (Math.min(open.calls, open.othersCalls) < MIN_CALLS) continue;
    found.push(open);
    open = undefined;
  }
  return found;
}

function finding(pictures: readonly Picture[], client: string, slower: readonly SlowerTool[]): Bottleneck {
  const worst = slower[0]!;
  const totalMs = sum(pictures.map((picture) => picture.totalMs));
  const lostPercent = (100 * sum(slower.map(({ extraMs }) => extraMs))) / totalMs;
  const ratio = worst.meanMs / worst.othersMeanMs;
  return {
    cause: 'slow_for_client',
    title: 'Calls of one client are slower than those of the others',
    severity: severityOfLoss(lostPercent, worst.meanMs - worst.othersMeanMs),
    confidence: confidenceOf(
      clarity(ratio, MIN_RATIO, 2.5),
      clarity(worst.deviations, MIN_DEVIATIONS, 5),
      clarityOfCount(worst.calls, 10),
    ),
    shareOfTimePercent: lostPercent,
    server: pictures[0]!.server,
    tools: slower.map(({ tool }) => tool),
    instances: [],
    clients: [client],
    evidence: known(
      evidence('times as slow as for the others', ratio),
      evidence('p95 of its calls', worst.p95Ms, 'ms'),
      evidence('p95 of calls of the others', worst.othersP95Ms, 'ms'),
      evidence('duration of its calls', worst.meanMs, 'ms'),
      evidence('duration of calls of the others at the same time', worst.othersMeanMs, 'ms'),
      evidence('calls of it', worst.calls),
      evidence('tools that are slower for it', slower.length),
    ),
    advice: ADVICE,
    consequences: [],
    resolution: pictures[0]!.resolution,
  };
}

const ADVICE = [
  'Compare what it asks for with what others ask for: wider searches, larger pages, files that nobody else reads. Arguments are not recorded here; the log of the server may have them.',
  'Look whether its calls go another way: other rights, another tenant or region behind the same tool, no cache.',
  'If that is what it needs, give it a tool of its own, or a page with a limit.',
];
