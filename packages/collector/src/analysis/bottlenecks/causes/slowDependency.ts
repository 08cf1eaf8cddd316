/**
 * Something that calls wait for is slow by itself: with one call under way as with many, while the process has nothing to do.
 * If it became so within the time looked at, it is a finding; if it was so all along it is a remark, because nobody but the
 * owner knows whether it is meant to be.
 */
import { clarity, clarityOfCount, confidenceOf } from '../clarity.ts';
import { weightedLine } from '../picture/numbers.ts';
import type { Picture } from '../picture/picture.ts';
import type { ToolPicture } from '../picture/toolPicture.ts';
import { type Candidate, evidence, known, sharePercent } from './candidate.ts';
import { PROPORTIONAL, type WaitingTool, waitingFinding, waitingTools } from './waiting.ts';

/** Slow slots in a row, of those in which the tool was called: single ones are chance. */
const MIN_RUN = 3;

/** Of the calls. */
const MIN_SLOW_CALLS = 0.15;

/** Calls take so many times as long as in slots that are not slow: less may be their usual ups and downs. */
const MIN_JUMP = 2;

/** From this a steady duration is worth a remark, if most of it is waiting. */
const STEADY_MS = 100;
const MAX_CPU_PART = 0.2;

const ADVICE = [
  'Time what the handler waits for (an API, a database, a disk) as metrics of their own: getMonitor().time(), or by traces.',
  'Look at what it depends on for the same time: its own monitoring, its changes, its limits.',
  'Set a deadline for it, answer from a cache where a slightly old answer will do, and ask for several things at once instead of one after the other.',
];

export function slowDependency(picture: Picture): Candidate[] {
  const became = waitingTools(picture).flatMap((waiting) => becameSlow(waiting, picture));
  return became.length > 0
    ? became
    : picture.tools.flatMap((tool, i) => alwaysSlow(picture, tool, picture.cpuMsPerCall[i]!));
}

function becameSlow(waiting: WaitingTool, picture: Picture): Candidate[] {
  const { tool, curve } = waiting;
  const run = longestSlowRun(tool);
  const flat = Number.isNaN(curve.exponent) ? flatnessOverTime(tool, picture.widthMs) : curve.exponent;
  const confidence = confidenceOf(
    waiting.confidence,
    clarity(run.slots, MIN_RUN, 6),
    clarity(tool.slowCalls / tool.totalCalls, MIN_SLOW_CALLS, 0.3),
    clarity(jumpOf(tool), MIN_JUMP, 3),
    // Not knowing whether it depends on the load leaves doubt, and nothing more.
    Number.isNaN(flat) ? 0.5 : clarity(flat, PROPORTIONAL, 0.15),
  );
  const advice = ADVICE;
  const title = 'Calls wait for something that became slow by itself, whatever the load';
  const ago = (picture.endMs.at(-1)! - picture.startMs[run.from]!) / 1_000;
  const since = [evidence('time since it began', ago, 's')];
  return [waitingFinding(waiting, { cause: 'slow_dependency', title, confidence, evidence: since, advice })];
}

/** With which power of the calls a second the time rises, where nothing says how many were under way. */
function flatnessOverTime({ calls, sumMs, slow }: ToolPicture, widthMs: Float64Array): number {
  const points = Array.from(calls, (count, slot) => ({
    x: Math.log((1_000 * count) / widthMs[slot]!),
    y: Math.log(sumMs[slot]! / count),
    weight: slow[slot] === 1 ? count : 0,
  })).filter(({ weight }) => weight > 0);
  const line = points.length < 4 ? undefined : weightedLine(points);
  return line === undefined || line.spread < 0.2 ? Number.NaN : line.slope;
}

/** Duration in slow slots, in that of the others. */
function jumpOf({ sumMs, slow, slowCalls, totalCalls, totalMs }: ToolPicture): number {
  const slowMs = sumMs.reduce((total, ms, slot) => total + (slow[slot] === 1 ? ms : 0), 0);
  // Slow all along: there is nothing that it became slow from.
  if (slowCalls === totalCalls) return Number.NaN;
  return slowMs / slowCalls / ((totalMs - slowMs) / (totalCalls - slowCalls));
}

function alwaysSlow(picture: Picture, tool: ToolPicture, cpuMsPerCall: number): Candidate[] {
  if (tool.usualMs < STEADY_MS || cpuMsPerCall > MAX_CPU_PART * tool.usualMs) return [];
  const waitedMs = tool.totalCalls * (tool.usualMs - cpuMsPerCall);
  return [
    {
      cause: 'slow_dependency',
      title: 'Calls wait most of their time for something outside of the process, at any load',
      severity: 'low',
      confidence: confidenceOf(clarity(tool.usualMs, STEADY_MS, 300), clarityOfCount(tool.totalCalls, 5)),
      shareOfTimePercent: sharePercent(picture, waitedMs),
      tools: [tool.tool],
      evidence: known(
        evidence('duration when nothing is in the way', tool.usualMs, 'ms'),
        evidence('processor time per call', cpuMsPerCall, 'ms'),
      ),
      advice: ADVICE,
    },
  ];
}

/** Of the slots in which the tool was called. */
function longestSlowRun({ calls, slow }: ToolPicture): { slots: number; from: number } {
  let [longest, length, from, longestFrom] = [0, 0, 0, 0];
  for (let slot = 0; slot < calls.length; slot++) {
    if (calls[slot] === 0) continue;
    if (slow[slot] === 0) length = 0;
    else if (length++ === 0) from = slot;
    if (length > longest) [longest, longestFrom] = [length, from];
  }
  return { slots: longest, from: longestFrom };
}
