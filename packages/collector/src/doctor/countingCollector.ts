/** A collector of the check's own: it counts what arrives, and nothing reaches the user's. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CountingCollector {
  url: string;
  dataDir: string;
  batches: number;
  close(): void;
}

export async function startCountingCollector(): Promise<CountingCollector> {
  const server = createServer((request, response) => {
    collector.batches += 1;
    request.resume().once('end', () => response.end('{"accepted":true,"duplicate":false}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-doctor-'));
  const collector: CountingCollector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dataDir,
    batches: 0,
    close() {
      server.closeAllConnections();
      server.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return collector;
}
