/**
 * The adaptive watches as a scorer of detection wants them: a flag, 0 or 1, for each minute of a tool or of a server, from
 * this and earlier minutes only. A scorer is given this file as its module:
 *
 *     node --conditions=@mcp-vitals/source --import tsx SCORER --module bench/detection/adaptive.ts
 */
import { ServerWatch } from '../../packages/collector/src/detect/adaptive/serverWatch.ts';
import { ToolWatch } from '../../packages/collector/src/detect/adaptive/toolWatch.ts';
import type { Sensitivity } from '../../packages/collector/src/model/anomaly.ts';

/** Minutes as columns of the same length; durations in milliseconds, NaN where there was no call. */
export interface ToolColumns {
  /** Epoch ms. */
  t: ArrayLike<number>;
  count: ArrayLike<number>;
  errors: ArrayLike<number>;
  p50: ArrayLike<number>;
  avg: ArrayLike<number>;
  max: ArrayLike<number>;
}

export interface ServerColumns {
  /** Epoch ms. */
  t: ArrayLike<number>;
  /** MB. */
  mem: ArrayLike<number>;
  /** Per cent of one core. */
  cpu: ArrayLike<number>;
}

export function detectTool(
  { t, count, errors, p50, avg, max }: ToolColumns,
  sensitivity: Sensitivity = 'medium',
): Uint8Array {
  const watch = new ToolWatch(sensitivity);
  return Uint8Array.from({ length: t.length }, (_, i) => {
    watch.observe({
      atMs: t[i]!,
      calls: count[i]!,
      errors: errors[i]!,
      p50Ms: p50[i]!,
      meanMs: avg[i]!,
      maxMs: max[i]!,
    });
    return watch.isOpen ? 1 : 0;
  });
}

export function detectServer({ t, mem, cpu }: ServerColumns): Uint8Array {
  const watch = new ServerWatch();
  return Uint8Array.from({ length: t.length }, (_, i) => {
    watch.observe({ atMs: t[i]!, memoryMb: mem[i]!, cpuPercent: cpu[i]! });
    return watch.isOpen ? 1 : 0;
  });
}
