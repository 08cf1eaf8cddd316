/**
 * One tool does a long piece of work without letting anybody else run. The process is far from busy on the whole; in the
 * moments in which it works at that piece, nobody is served, and calls of other tools take as long as the piece.
 */
import { clarity, clarityOfCount, confidenceOf, severityOf } from '../clarity.ts';
import { sum, weightedMean } from '../picture/numbers.ts';
import { type Picture, shareOfTime } from '../picture/picture.ts';
import type { ToolPicture } from '../picture/toolPicture.ts';
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
  const [culprit] = picture.tools
    .map((tool, i) => ({ tool, blockMs: picture.blockedMsPerCall[i]! }))
    .sort((a, b) => b.blockMs * b.tool.totalCalls - a.blockMs * a.tool.totalCalls);
  if (culprit === undefined) return [];
  const { tool, blockMs } = culprit;
  const blocked = weightedMean(blockedShare, picture.widthMs);
  const ratio = ratioOfOthers(picture, tool);
  return [
    {
      cause: 'blocked_event_loop',
      title: 'One tool blocks the event loop, and all others wait for it',
      severity: severityOf(blocked, [MIN_BLOCKED, 0.25, 0.5]),
      confidence: confidenceOf(
        clarity(blockMs, MIN_BLOCK_MS, 150),
        clarity(blocked, MIN_BLOCKED, 0.12),
        // Where nobody else was there, nobody saw it.
        Number.isNaN(ratio) ? 0.6 : clarity(ratio, MIN_OTHERS_RATIO, 2),
        clarity(starvedPart(picture), 0.7, 0.3),
        clarityOfCount(tool.totalCalls, 2),
      ),
      shareOfTimePercent: sharePercent(picture, lostByOthersMs(picture, tool)),
      tools: [tool.tool],
      evidence: known(
        evidence('event loop blocked by each call', blockMs, 'ms'),
        evidence('time in which nobody was served', 100 * blocked, '%'),
        evidence('calls of other tools, times as long meanwhile', ratio),
        evidence('processor used', weightedMean(resources.cpuPercent, picture.widthMs), '%'),
      ),
      advice: ADVICE,
    },
  ];
}

const ADVICE = [
  'Find the piece that does not let go: files read or written synchronously, large JSON, compression, loops over everything (node --cpu-prof shows it).',
  'Use the asynchronous form of it, move it to a worker thread, or cut it into pieces with a pause between them.',
];

/** Of the time that was blocked, that in which the process had no core: then it is the neighbour that blocks. */
function starvedPart(picture: Picture): number {
  const blockedMs = picture.widthMs.map((width, slot) => (isBlocked(picture, slot) ? width : 0));
  const starved = blockedMs.map((_, slot) => (isStarved(picture, slot) ? 1 : 0));
  return weightedMean(starved, blockedMs) || 0;
}

function lostByOthersMs(picture: Picture, culprit: ToolPicture): number {
  const others = picture.tools.filter((tool) => tool !== culprit);
  const lostMs = ({ excessMs }: ToolPicture) => sum(excessMs.map((ms, slot) => (isBlocked(picture, slot) ? ms : 0)));
  return sum(others.map(lostMs));
}

/** How many times as long calls of other tools took in blocked slots; NaN where they were not called in both. */
function ratioOfOthers(picture: Picture, culprit: ToolPicture): number {
  const others = picture.tools.filter((tool) => tool !== culprit && tool.totalMs > 0);
  const ratios = others.map((tool) => {
    const mean = (isIn: boolean) =>
      weightedMean(
        meansOf(tool),
        callsWhere(tool, (slot) => isBlocked(picture, slot) === isIn),
      );
    return mean(true) / mean(false);
  });
  return weightedMean(
    ratios,
    others.map(({ totalMs }) => totalMs),
  );
}

const meansOf = ({ calls, sumMs }: ToolPicture) => sumMs.map((ms, slot) => ms / calls[slot]!);

function callsWhere({ calls }: ToolPicture, selects: (slot: number) => boolean): Float64Array {
  return calls.map((count, slot) => (selects(slot) ? count : 0));
}
