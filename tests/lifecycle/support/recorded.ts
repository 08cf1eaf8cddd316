import { claimSpool } from '@mcp-vitals/sdk/spool';
import { type Batch, decodeBatch } from '@mcp-vitals/wire/decode';
import type { BatchCollector } from '../../sdk-compat/src/batchCollector.ts';

/** Calls by tool: what has arrived, and what waits in the spool; a batch that is in both counts once, as a collector counts it. */
export async function recordedCalls(collector: BatchCollector, dataDir: string): Promise<Record<string, number>> {
  const batches = new Map<string, Batch>();
  const add = (batch: Batch) => batches.set(`${batch.instance}/${batch.seq}`, batch);
  collector.batches.forEach(add);
  for await (const file of claimSpool(dataDir)) {
    for (const body of file.batches) add(decodeBatch(body));
    await file.done();
  }
  const calls: Record<string, number> = {};
  for (const { windows } of batches.values()) {
    for (const { kind, name, outcomes } of windows)
      if (kind === 'tool') calls[name] = (calls[name] ?? 0) + outcomes.reduce((sum, count) => sum + count, 0);
  }
  return calls;
}
