/**
 * One tool does a long piece of work without letting anybody else run. The process is far from busy on the whole; in the
 * moments in which it works at that piece, nobody is served, and calls of other tools take as long as the piece.
 */
import { clarity, clarityOfCount, confidenceOf, severityOf } from '../clarity.ts';
import { type Picture, shareOfTime } from '../picture/picture.ts';
import { type Candidate, evidence, known, sharePercent } from './candidate.ts';
import { isBlocked, isSaturated, isStarved } from './processor.ts';

/** A piece that people notice in what they wait for beside it. */
const MIN_BLOCK_MS = 50;

/** Of the time, blocked. */
const MIN_BLOCKED = 0.04;

/** The others take so many times as long in slots in which the loop was blocked. */
const MIN_OTHERS_RATIO = 1.3;

/** Beyond this the processor is what is short. */
const MAX_SATURATED = 0.3;

export function blockedEventLoop(picture: Picture): Candidate[] {
  const { blockedShare, resources } = picture;
  if (shareOfTime(picture, resources.cpuPercent, (slot) => isSaturated(picture, slot)) > MAX_SATURATED) return [];
  const culprit = picture.tools
    .map((tool, i) => ({
      tool,
      blockMs: picture.blockedMsPerCall[i]!,
      totalMs: picture.blockedMsPerCall[i]! * tool.totalCalls,
    }))
    .sort((a, b) => b.totalMs - a.totalMs)[0];
  if (culprit === undefined || culprit.blockMs < MIN_BLOCK_MS) return [];
  const blocked = meanOverTime(picture, blockedShare);
  const ratio = ratioOfOthers(picture, culprit.tool.tool);
  const blockedSlots = blockedShare.filter((_, slot) => isBlocked(picture, slot));
  const starved =
    blockedSlots.length === 0
      ? 0
      : countOf(picture, (slot) => isBlocked(picture, slot) && isStarved(picture, slot)) / blockedSlots.length;
  const confidence = confidenceOf(
    clarity(culprit.blockMs, MIN_BLOCK_MS, 150),
    clarity(blocked, MIN_BLOCKED, 0.12),
    // Where nobody else was there, nobody saw it.
    Number.isNaN(ratio) ? 0.6 : clarity(ratio, MIN_OTHERS_RATIO, 2),
    clarity(starved, 0.7, 0.3),
    clarityOfCount(culprit.tool.totalCalls, 2),
  );
  const othersMs = picture.tools
    .filter(({ tool }) => tool !== culprit.tool.tool)
    .reduce(
      (total, { excessMs }) =>
        total + excessMs.reduce((ms, excess, slot) => ms + (isBlocked(picture, slot) ? excess : 0), 0),
      0,
    );
  return [
    {
      cause: 'blocked_event_loop',
      title: 'One tool blocks the event loop, and all others wait for it',
      severity: severityOf(blocked, [MIN_BLOCKED, 0.25, 0.5]),
      confidence,
      shareOfTimePercent: sharePercent(picture, othersMs),
      tools: [culprit.tool.tool],
      evidence: known(
        evidence('event loop blocked by each call', culprit.blockMs, 'ms'),
        evidence('time in which nobody was served', 100 * blocked, '%'),
        evidence('calls of other tools, times as long meanwhile', ratio),
        evidence('processor used', meanOverTime(picture, resources.cpuPercent), '%'),
      ),
      advice: [
        'Find the piece that does not let go: files read or written synchronously, large JSON, compression, loops over everything (node --cpu-prof shows it).',
        'Use the asynchronous form of it, move it to a worker thread, or cut it into pieces with a pause between them.',
      ],
    },
  ];
}

/** How many times as long calls of other tools took in blocked slots; NaN where they were not called in both. */
function ratioOfOthers(picture: Picture, culprit: string): number {
  const others = picture.tools.filter(({ tool, totalMs }) => tool !== culprit && totalMs > 0);
  const ratios = others.map(({ calls, sumMs, totalMs }) => {
    const mean = (selects: (slot: number) => boolean) => {
      let [count, ms] = [0, 0];
      for (let slot = 0; slot < picture.slots; slot++) {
        if (!selects(slot)) continue;
        count += calls[slot]!;
        ms += sumMs[slot]!;
      }
      return ms / count;
    };
    const ratio = mean((slot) => isBlocked(picture, slot)) / mean((slot) => !isBlocked(picture, slot));
    return { ratio, weight: totalMs };
  });
  const told = ratios.filter(({ ratio }) => Number.isFinite(ratio));
  const weight = told.reduce((total, one) => total + one.weight, 0);
  return told.reduce((total, one) => total + one.ratio * one.weight, 0) / weight;
}

function meanOverTime({ widthMs }: Picture, values: Float64Array): number {
  let [total, width] = [0, 0];
  values.forEach((value, slot) => {
    if (Number.isNaN(value)) return;
    total += value * widthMs[slot]!;
    width += widthMs[slot]!;
  });
  return total / width;
}

function countOf({ slots }: Picture, selects: (slot: number) => boolean): number {
  let count = 0;
  for (let slot = 0; slot < slots; slot++) if (selects(slot)) count += 1;
  return count;
}
