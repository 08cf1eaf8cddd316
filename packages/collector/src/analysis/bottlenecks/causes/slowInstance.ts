/**
 * One process of several is slower than the others at the same tools: its machine, its version or its state is different, and
 * that is where to look.
 */
import type { Bottleneck } from '../../../model/bottleneck.ts';
import { median } from '../../../model/median.ts';
import { clarity, clarityOfCount, confidenceOf, severityOf } from '../clarity.ts';
import type { Picture } from '../picture/picture.ts';
import { evidence, known, SHARE_LIMITS } from './candidate.ts';

/** Times the median of the other processes. */
const MIN_RATIO = 1.5;

/** Calls of a tool on one side from which its mean is compared. */
const MIN_CALLS = 20;

/** A difference that nobody feels. */
const MIN_DIFFERENCE_MS = 5;

/** @param pictures of one server, one per process */
export function slowInstances(pictures: readonly Picture[]): Bottleneck[] {
  if (pictures.length < 2) return [];
  const totalMs = pictures.reduce((total, picture) => total + picture.totalMs, 0);
  return pictures.flatMap((picture) => {
    const others = pictures.filter((other) => other !== picture);
    const compared = picture.tools.flatMap((tool) => {
      const usualMs = median(others.flatMap((other) => meansOf(other, tool.tool)));
      if (tool.totalCalls < MIN_CALLS || Number.isNaN(usualMs)) return [];
      return [
        {
          tool: tool.tool,
          calls: tool.totalCalls,
          usualMs,
          ms: tool.totalMs,
          extraMs: tool.totalMs - tool.totalCalls * usualMs,
        },
      ];
    });
    const slower = compared
      .filter(
        ({ ms, calls, usualMs, extraMs }) => ms / calls >= MIN_RATIO * usualMs && extraMs >= calls * MIN_DIFFERENCE_MS,
      )
      .sort((a, b) => b.extraMs - a.extraMs);
    const [worst] = slower;
    if (worst === undefined) return [];
    const lostPercent = (100 * slower.reduce((total, { extraMs }) => total + extraMs, 0)) / totalMs;
    const ratio = worst.ms / worst.calls / worst.usualMs;
    const versions = new Set(others.map(({ version }) => version));
    const isOtherVersion = !versions.has(picture.version);
    return [
      {
        cause: 'slow_instance',
        title: isOtherVersion
          ? 'One process is slower than the others, and of another version'
          : 'One process is slower than the others',
        severity: severityOf(lostPercent, SHARE_LIMITS),
        confidence: confidenceOf(clarity(ratio, MIN_RATIO, 2.5), clarityOfCount(worst.calls, 10)),
        shareOfTimePercent: lostPercent,
        server: picture.server,
        tools: slower.map(({ tool }) => tool),
        instances: [picture.instance],
        evidence: known(
          evidence('times as slow as the others', ratio),
          evidence('duration there', worst.ms / worst.calls, 'ms'),
          evidence('duration of the others', worst.usualMs, 'ms'),
          evidence('tools that are slower there', slower.length),
        ),
        advice: [
          isOtherVersion
            ? 'Compare its version with the others (mcp-vitals gate), and go back to theirs if that is it.'
            : 'Compare its machine with the others: who else runs there, how far its dependencies are, how long it has been up.',
          'Take it out of rotation, or restart it, and see whether the others stay as they are.',
        ],
        consequences: [],
        resolution: picture.resolution,
      } satisfies Bottleneck,
    ];
  });
}

function meansOf({ tools }: Picture, name: string): number[] {
  const tool = tools.find((one) => one.tool === name);
  return tool === undefined || tool.totalCalls < MIN_CALLS ? [] : [tool.meanMs];
}
