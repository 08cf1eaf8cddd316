/** What no control can do: more processes, other code, more memory. Told with the figures that speak for it. */
import type { ServerEvidence, ToolEvidence } from '../../model/optimization/evidence.ts';
import type { Advice, ResourceLimits } from '../../model/optimization/plan.ts';
import { LATE_LOOP_MS } from './rules.ts';
import type { Saturation } from './saturation.ts';

/** Load by capacity at which chance makes queues that are short: M/M/1 waits 2.3 times a call. */
const COMFORTABLE = 0.7;

export function adviseCapacity({ tool }: ToolEvidence, saturation: Saturation, instances: number): Advice {
  const { offeredPerSecond, peak } = saturation;
  const processes = Math.ceil((offeredPerSecond * instances) / (COMFORTABLE * peak.perSecond));
  return {
    tool,
    what:
      processes > instances
        ? `For this load without waiting: ${processes} processes instead of ${instances}, or a shorter call.`
        : 'Find out what its calls wait for: analyze_bottlenecks tells it.',
    evidence: {
      offeredPerSecond: offeredPerSecond * instances,
      capacityPerSecond: peak.perSecond,
      processes,
      instances,
    },
  };
}

export function adviseServer({ resources }: ServerEvidence, { maxMemoryMb }: ResourceLimits): Advice[] {
  if (resources === undefined) return [];
  const { eventLoopDelayMsAvg, memoryMbMax } = resources;
  const advice: Advice[] = [];
  if (eventLoopDelayMsAvg >= LATE_LOOP_MS)
    advice.push({
      tool: '',
      what: 'The event loop is late: move work that does not wait for anything into a thread, or cut it into pieces.',
      evidence: { eventLoopDelayMs: eventLoopDelayMsAvg },
    });
  if (maxMemoryMb !== undefined && memoryMbMax > maxMemoryMb)
    advice.push({
      tool: '',
      what: 'A process uses more memory than the limit. No control is known to lower it: look for what it keeps, or give it more.',
      evidence: { memoryMb: memoryMbMax, maxMemoryMb },
    });
  return advice;
}
