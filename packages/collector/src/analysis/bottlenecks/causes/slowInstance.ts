/**
 * One process of several is slower than the others at the same tools: its machine, its version or its state is different, and
 * that is where to look.
 */
import type { Bottleneck } from '../../../model/bottleneck.ts';
import { median } from '../../../model/median.ts';
import { clarity, clarityOfCount, confidenceOf } from '../clarity.ts';
import { sum } from '../picture/numbers.ts';
import type { Picture } from '../picture/picture.ts';
import { evidence, known, severityOfLoss } from './candidate.ts';

/** Times the median of the other processes. */
const MIN_RATIO = 1.5;

/** Calls of a tool on one side from which its mean is compared. */
const MIN_CALLS = 20;

/** A difference that nobody feels. */
const MIN_DIFFERENCE_MS = 5;

/** @param pictures of one server, one per process */
export function slowInstances(pictures: readonly Picture[]): Bottleneck[] {
  const totalMs = sum(pictures.map((picture) => picture.totalMs));
  return pictures.flatMap((picture) => {
    const others = pictures.filter((other) => other !== picture);
    const slower = slowerTools(picture, others);
    return slower.length === 0 ? [] : [finding(picture, others, slower, totalMs)];
  });
}

interface SlowerTool {
  tool: string;
  calls: number;
  meanMs: number;
  /** Of the other processes. */
  usualMs: number;
  extraMs: number;
}

/** Those that cost most first. */
function slowerTools(picture: Picture, others: readonly Picture[]): SlowerTool[] {
  return picture.tools
    .filter(({ totalCalls }) => totalCalls >= MIN_CALLS)
    .map(({ tool, totalCalls: calls, meanMs }) => {
      const usualMs = median(others.flatMap((other) => meansOf(other, tool)));
      return { tool, calls, meanMs, usualMs, extraMs: calls * (meanMs - usualMs) };
    })
    .filter(({ meanMs, usualMs }) => meanMs >= MIN_RATIO * usualMs && meanMs - usualMs >= MIN_DIFFERENCE_MS)
    .sort((a, b) => b.extraMs - a.extraMs);
}

function finding(
  picture: Picture,
  others: readonly Picture[],
  slower: readonly SlowerTool[],
  totalMs: number,
): Bottleneck {
  const worst = slower[0]!;
  const lostPercent = (100 * sum(slower.map(({ extraMs }) => extraMs))) / totalMs;
  const ratio = worst.meanMs / worst.usualMs;
  const isOtherVersion = others.every(({ version }) => version !== picture.version);
  return {
    cause: 'slow_instance',
    title: isOtherVersion
      ? 'One process is slower than the others, and of another version'
      : 'One process is slower than the others',
    severity: severityOfLoss(lostPercent, worst.meanMs - worst.usualMs),
    confidence: confidenceOf(clarity(ratio, MIN_RATIO, 2.5), clarityOfCount(worst.calls, 10)),
    shareOfTimePercent: lostPercent,
    server: picture.server,
    tools: slower.map(({ tool }) => tool),
    instances: [picture.instance],
    clients: [],
    evidence: known(
      evidence('times as slow as the others', ratio),
      evidence('duration there', worst.meanMs, 'ms'),
      evidence('duration of the others', worst.usualMs, 'ms'),
      evidence('tools that are slower there', slower.length),
    ),
    advice: [isOtherVersion ? OTHER_VERSION : OTHER_PLACE, TAKE_OUT],
    consequences: [],
    resolution: picture.resolution,
  };
}

const OTHER_VERSION = 'Compare its version with the others (mcp-vitals gate), and go back to theirs if that is it.';
const OTHER_PLACE =
  'Compare its machine with the others: who else runs there, how far its dependencies are, how long it has been up.';
const TAKE_OUT = 'Take it out of rotation, or restart it, and see whether the others stay as they are.';

function meansOf({ tools }: Picture, name: string): number[] {
  const tool = tools.find((one) => one.tool === name);
  return tool === undefined || tool.totalCalls < MIN_CALLS ? [] : [tool.meanMs];
}
