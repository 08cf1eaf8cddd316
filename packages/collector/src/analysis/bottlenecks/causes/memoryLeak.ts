/**
 * Memory that is used grows, and what is left after each collection grows with it. A heap rises and falls all the time; what
 * matters is its lower edge: the least of each of several stretches. That it rises from stretch to stretch is a trend (Mann,
 * "Nonparametric tests against trend", Econometrica 13, 1945), and how fast is the median of all slopes (Sen, JASA 63, 1968).
 */

import type { BottleneckSeverity } from '../../../model/bottleneck.ts';
import { median } from '../../../model/median.ts';
import { clarity, clarityOfCount, confidenceOf } from '../clarity.ts';
import type { Picture } from '../picture/picture.ts';
import { type Candidate, evidence, known } from './candidate.ts';

const STRETCHES = 8;

/** A program that starts fills its caches; less than this much, or than this part of what there was, may be that. */
const MIN_GROWTH_MB = 32;
const MIN_GROWTH_PART = 0.4;

/** Garbage piles up for so long, and up to so much, before anybody collects all of it. */
const UNCOLLECTED_MS = 120_000;
const MIN_UNCOLLECTED_MB = 96;

/** Of all pairs of stretches, those in which the later has more. */
const MIN_RISING = 0.85;

/** Of the growth, what came in the second half: what levels off is no leak. */
const MIN_LATE_PART = 0.25;

const HOURS_LEFT: readonly [BottleneckSeverity, number][] = [
  ['critical', 1],
  ['high', 24],
  ['medium', 24 * 7],
];

export function memoryLeak(picture: Picture): Candidate[] {
  const { heapUsedMb, memoryMb } = picture.resources;
  const isHeap = heapUsedMb.some((value) => !Number.isNaN(value));
  const edge = lowerEdge(picture, isHeap ? heapUsedMb : memoryMb);
  if (edge.length < STRETCHES) return [];
  const growthMb = edge.at(-1)!.mb - edge[0]!.mb;
  const late = (edge.at(-1)!.mb - edge[STRETCHES / 2 - 1]!.mb) / growthMb;
  const minGrowthMb = picture.totalWidthMs < UNCOLLECTED_MS ? MIN_UNCOLLECTED_MB : MIN_GROWTH_MB;
  const confidence = confidenceOf(
    clarity(growthMb, minGrowthMb, 2 * minGrowthMb),
    clarity(growthMb / edge[0]!.mb, MIN_GROWTH_PART, 1),
    clarity(risingPart(edge), MIN_RISING, 1),
    clarity(late, MIN_LATE_PART, 0.45),
    clarityOfCount(picture.totalWidthMs / 1_000, 5),
  );
  const mbPerHour = 3_600_000 * medianSlope(edge);
  const leftMb = memoryLeftMb(picture);
  const hoursLeft = leftMb / mbPerHour;
  return [
    {
      cause: 'memory_leak',
      title: isHeap ? 'The heap keeps growing' : 'Memory keeps growing',
      severity: HOURS_LEFT.find(([, hours]) => hoursLeft <= hours)?.[0] ?? 'low',
      confidence,
      shareOfTimePercent: null,
      tools: growers(picture),
      evidence: known(
        evidence('growth of what is left after collections', growthMb, 'MB'),
        evidence('growth', mbPerHour, 'MB/h'),
        evidence('growth per call', growthMb / picture.totalCalls, 'MB'),
        evidence('until memory is used up, if it goes on', hoursLeft, 'h'),
      ),
      advice: [
        'Take heap snapshots some minutes apart (node --heapsnapshot-signal=SIGUSR2) and compare which objects there are more of.',
        'Look for what is kept and never let go: maps without a limit, listeners, timers, closures in sessions that have ended.',
        'Until it is found, restart the server before memory is used up.',
      ],
    },
  ];
}

interface EdgePoint {
  atMs: number;
  mb: number;
}

/** The least of each stretch of known slots; fewer than `STRETCHES` where there is not one for each. */
function lowerEdge({ endMs }: Picture, values: Float64Array): EdgePoint[] {
  const known = Array.from(values, (mb, slot) => ({ atMs: endMs[slot]!, mb })).filter(({ mb }) => !Number.isNaN(mb));
  if (known.length < 2 * STRETCHES) return [];
  return Array.from({ length: STRETCHES }, (_, i) => {
    const from = Math.floor((i * known.length) / STRETCHES);
    const to = Math.floor(((i + 1) * known.length) / STRETCHES);
    return known.slice(from, to).reduce((least, point) => (point.mb < least.mb ? point : least));
  });
}

function risingPart(edge: readonly EdgePoint[]): number {
  const pairs = pairsOf(edge);
  return pairs.filter(([before, after]) => after.mb > before.mb).length / pairs.length;
}

/** MB per millisecond. */
function medianSlope(edge: readonly EdgePoint[]): number {
  return median(pairsOf(edge).map(([before, after]) => (after.mb - before.mb) / (after.atMs - before.atMs)));
}

function pairsOf(edge: readonly EdgePoint[]): [EdgePoint, EdgePoint][] {
  return edge.flatMap((before, i) => edge.slice(i + 1).map((after): [EdgePoint, EdgePoint] => [before, after]));
}

/** From resident memory and which share of the limit that is. */
function memoryLeftMb({ resources: { memoryMb, memoryPercent }, slots }: Picture): number {
  for (let slot = slots - 1; slot >= 0; slot--) {
    if (memoryPercent[slot]! > 0) return memoryMb[slot]! * (100 / memoryPercent[slot]! - 1);
  }
  return Number.NaN;
}

/** With one tool it can only be that one; otherwise nothing here tells whose calls keep memory. */
function growers({ tools }: Picture): string[] {
  return tools.length === 1 ? [tools[0]!.tool] : [];
}
