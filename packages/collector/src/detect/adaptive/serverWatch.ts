/** All that is watched of what a server's processes use, minute by minute. */
import { CpuWatch } from './cpuWatch.ts';
import { MemoryWatch } from './memoryWatch.ts';
import type { ServerMinute } from './observation.ts';

export class ServerWatch {
  readonly memory = new MemoryWatch();
  readonly cpu = new CpuWatch();

  observe(minute: ServerMinute): void {
    this.memory.observe(minute);
    this.cpu.observe(minute);
  }

  get isOpen(): boolean {
    return this.memory.isOpen || this.cpu.isOpen;
  }
}
