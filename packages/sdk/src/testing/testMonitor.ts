/** A monitor on a hand-moved clock, a transport in memory and a spool in memory. */
import type { Batch } from '@mcp-vitals/wire/decode';
import { decodeBatch } from '@mcp-vitals/wire/decode';
import { Diagnostics } from '../diagnostics.ts';
import { Monitor } from '../monitor.ts';
import type { MonitoringOptions } from '../options.ts';
import { resolveOptions } from '../options.ts';
import { MemoryTransport } from '../transport/memory.ts';
import type { ClaimedSpoolFile, SealedBatch, Spool } from '../transport/transport.ts';
import { HandClock } from './handClock.ts';

export class MemorySpool implements Spool {
  files: Uint8Array[][] = [];
  isFull = false;

  write(batches: readonly SealedBatch[]): boolean {
    if (this.isFull) return false;
    this.files.push(batches.map(({ body }) => body));
    return true;
  }

  async claim(): Promise<ClaimedSpoolFile | undefined> {
    const batches = this.files.shift();
    if (!batches) return undefined;
    return { path: 'memory', batches, done: async () => {}, release: () => void this.files.unshift(batches) };
  }

  giveBack(): void {}
}

export function createTestMonitor(options: MonitoringOptions = {}) {
  const clock = new HandClock();
  const transport = new MemoryTransport();
  const spool = new MemorySpool();
  const stderr: string[] = [];
  const diagnostics = new Diagnostics((message) => void stderr.push(message));
  const resolved = resolveOptions(options, {}, () => {});
  const monitor = new Monitor(resolved, { clock, diagnostics, transport, spool, instance: 'test', random: () => 0.5 });
  const batches = (): Batch[] => transport.sent.map(decodeBatch);
  return { monitor, clock, transport, spool, diagnostics, stderr, batches };
}
