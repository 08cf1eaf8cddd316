/** Handlers need more of the processor than one thread has: it is busy all the time, and what a call takes is work. */
import { clarity, clarityOfCount, confidenceOf, severityOf } from '../clarity.ts';
import { type Picture, shareOfTime } from '../picture/picture.ts';
import { type Candidate, evidence, known, sharePercent } from './candidate.ts';
import { isSaturated } from './processor.ts';

/** Of the time; less is a peak that passes. */
const MIN_SATURATED_SHARE = 0.15;

/** Of the processor time that calls use, the main tool's part. */
const MIN_TOOL_PART = 0.3;

export function cpuBound(picture: Picture): Candidate[] {
  const { cpuPercent } = picture.resources;
  const saturated = shareOfTime(picture, cpuPercent, (slot) => isSaturated(picture, slot));
  if (saturated < MIN_SATURATED_SHARE) return [];
  const users = picture.tools
    .map((tool, i) => ({
      tool,
      cpuMs: picture.cpuMsPerCall[i]!,
      totalCpuMs: picture.cpuMsPerCall[i]! * tool.totalCalls,
    }))
    .sort((a, b) => b.totalCpuMs - a.totalCpuMs);
  const [main] = users;
  if (main === undefined) return [];
  const usedByCalls = users.reduce((total, { totalCpuMs }) => total + totalCpuMs, 0);
  const part = usedByCalls === 0 ? 0 : main.totalCpuMs / usedByCalls;
  const saturatedSlots = cpuPercent.filter((_, slot) => isSaturated(picture, slot)).length;
  const confidence = confidenceOf(
    clarity(saturated, MIN_SATURATED_SHARE, 0.3),
    clarity(part, MIN_TOOL_PART, 0.6),
    clarityOfCount(saturatedSlots, 1),
  );
  const lostMs = picture.excessMs.reduce((total, ms, slot) => total + (isSaturated(picture, slot) ? ms : 0), 0);
  return [
    {
      cause: 'cpu_bound',
      title: 'Calls need more of the processor than one thread has',
      severity: severityOf(saturated, [MIN_SATURATED_SHARE, 0.35, 0.7]),
      confidence,
      shareOfTimePercent: sharePercent(picture, Math.max(lostMs, main.totalCpuMs)),
      tools: users.filter(({ totalCpuMs }) => totalCpuMs >= 0.2 * usedByCalls).map(({ tool }) => tool.tool),
      evidence: known(
        evidence('time with the processor fully used', 100 * saturated, '%'),
        evidence('processor time per call', main.cpuMs, 'ms'),
        evidence('calls a second that one core can do', 1_000 / main.cpuMs, 'calls/s'),
        evidence('part of the processor time', 100 * part, '%'),
      ),
      advice: [
        'Profile the handler (node --cpu-prof) and make the work smaller: a better algorithm, less of the input, results kept and used again.',
        'Move the work to worker threads, so that it can use other cores and does not hold up other calls.',
        'Run more instances: each has a core of its own.',
      ],
    },
  ];
}
