/** A server with what is known of it: what its processes use, its versions, its signs of life, and its tools. */
import type { Sensitivity } from '../../model/anomaly.ts';
import { MINUTE_MS, type ResourceRollup } from '../../model/rollup.ts';
import { ServerWatch } from './serverWatch.ts';
import { REGULAR, SilenceWatch } from './silenceWatch.ts';
import { UsualUse } from './usual.ts';
import { VersionHistory } from './versionHistory.ts';
import { type Sighting, WatchedTool } from './watchedTool.ts';

/** SDKs send a sign of life each minute, which may fall to either side of its end. */
const PRESENT_MS = MINUTE_MS;

/** What is written to disk of a server; its tools are written one by one. */
export class ServerMemory {
  untilMs = Number.NEGATIVE_INFINITY;
  /** Which minute of the hour it is written to disk in. */
  slot = 0;
  lastReportMs = Number.NEGATIVE_INFINITY;
  readonly resources = new ServerWatch();
  readonly presence = new SilenceWatch(REGULAR);
  readonly versions = new VersionHistory();
  readonly usual = new UsualUse();
}

export class WatchedServer {
  readonly memory = new ServerMemory();
  readonly tools = new Map<string, WatchedTool>();
  hosts: readonly string[] = [];
  /** Of the minute that was observed last. */
  use: ResourceRollup | undefined;

  constructor(
    readonly name: string,
    private readonly sensitivity: Sensitivity,
  ) {}

  tool(name: string): WatchedTool {
    let tool = this.tools.get(name);
    if (tool === undefined) {
      tool = new WatchedTool(this.sensitivity);
      this.tools.set(name, tool);
    }
    return tool;
  }

  isPresent(atMs: number): boolean {
    return atMs - this.memory.lastReportMs <= PRESENT_MS;
  }

  /** To be called before its tools observe the minute. @param isKnown false when nobody looked */
  observe(atMs: number, isKnown: boolean, use: ResourceRollup | undefined, calls: number): void {
    this.use = use;
    const { memory } = this;
    if (use !== undefined || calls > 0) memory.lastReportMs = atMs;
    if (atMs < memory.untilMs) return;
    memory.untilMs = atMs + MINUTE_MS;
    if (!isKnown) return;
    memory.presence.observe({ atMs, calls: this.isPresent(atMs) ? 1 : 0 });
    if (use === undefined) return;
    memory.resources.observe({ atMs, memoryMb: use.memoryMbAvg, cpuPercent: use.cpuPercentAvg });
    memory.usual.learn(use, calls);
  }

  *sightings(): Generator<Sighting> {
    const { resources, presence } = this.memory;
    if (resources.memory.isOpen) yield { type: 'memory_growth', reading: resources.memory.reading! };
    if (resources.cpu.isOpen) yield { type: 'resource_spike', reading: resources.cpu.reading! };
    if (presence.isOpen) yield { type: 'server_silent', reading: presence.reading! };
  }
}
