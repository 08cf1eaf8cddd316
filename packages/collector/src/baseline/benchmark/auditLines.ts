/** What is written down of a benchmark: who asked for it, of what, and how it ended. */
import type { BenchmarkRequest } from '../../model/benchmark.ts';
import type { Audit } from '../../serve/ports/audit.ts';

type Recorder = Pick<Audit, 'record'>;

export async function recordStart(audit: Recorder, request: BenchmarkRequest, by: string): Promise<void> {
  const { target, tool, profile, mode, durationMs, findsSaturation, acceptsChanges } = request;
  await audit.record({
    by,
    action: 'benchmark.started',
    server: '',
    summary: findsSaturation ? 'A search for saturation was started' : `A ${profile} benchmark was started`,
    details: { target, tool, profile, mode, durationSeconds: durationMs / 1_000, findsSaturation, acceptsChanges },
  });
}

export async function recordEnd(
  audit: Recorder,
  { target, tool }: BenchmarkRequest,
  by: string,
  outcome: string,
): Promise<void> {
  await audit.record({
    by,
    action: 'benchmark.ended',
    server: '',
    summary: `A benchmark ended: ${outcome}`,
    details: { target, tool, outcome },
  });
}
