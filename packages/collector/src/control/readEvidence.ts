/** Reads what a plan is made of: the newest minutes of a server, as plain numbers that a thread can be given. */
import { type Control, formatToolSeriesName, parseSeriesName } from '@mcp-vitals/wire/decode';
import { giveWay } from '../clock.ts';
import { groupBy } from '../model/groupBy.ts';
import { mergeRollups } from '../model/mergeRollups.ts';
import type { MinuteEvidence, ResourceEvidence, ServerEvidence, ToolEvidence } from '../model/optimization/evidence.ts';
import { callCount, errorCount, MINUTE_MS, type ResourceRollup, type SeriesRollup } from '../model/rollup.ts';
import type { ServerInfo } from '../model/series.ts';
import type { InFlightCalls, Store, TimeRange } from '../store/store.ts';
import { levelsOf, p99Of } from './levels.ts';

export type EvidenceStore = Pick<Store, 'readRollups' | 'readResources' | 'readInFlight'>;

export interface EvidenceRequest {
  info: ServerInfo;
  /** Absent: all. */
  tool?: string | undefined;
  range: TimeRange;
  permitted: readonly Control[];
}

/** Where time is short, tools that were hardly called are left out. */
const MAX_TOOLS = 100;

export async function readEvidence(store: EvidenceStore, request: EvidenceRequest): Promise<ServerEvidence> {
  const { info, tool, range, permitted } = request;
  const server = info.name;
  const instances = Math.max(1, info.liveInstances);
  const filter = { server, kinds: ['tool', 'overlapped', 'queued'] as const };
  const [{ rollups }, inFlight, [resources], resourceMinutes] = await Promise.all([
    store.readRollups({ ...range, filter, scope: 'series', groupBy: 'minute', digests: true }),
    store.readInFlight({ server }),
    store.readResources(range, server, 'range'),
    store.readResources(range, server, 'minute'),
  ]);
  const tools = await readTools(rollups, { ...request, inFlight });
  return {
    server,
    ...range,
    instances,
    permitted,
    tools: tool === undefined ? tools : tools.filter((entry) => entry.tool === tool),
    ...(resources !== undefined && { resources: perProcess(resources, resourceMinutes, instances) }),
  };
}

interface ToolContext extends EvidenceRequest {
  inFlight: readonly InFlightCalls[];
}

async function readTools(rollups: readonly SeriesRollup[], context: ToolContext): Promise<ToolEvidence[]> {
  const ofKind = (kind: SeriesRollup['series']['kind']) => rollups.filter(({ series }) => series.kind === kind);
  const overlapped = groupBy(ofKind('overlapped'), ({ series }) => parseSeriesName(series.name).name);
  const queued = groupBy(ofKind('queued'), ({ series }) => series.name);
  const byTool = [...groupBy(ofKind('tool'), ({ series }) => series.name)]
    .filter(([, minutes]) => minutes.some((minute) => callCount(minute) > 0))
    .slice(0, MAX_TOOLS);
  const tools: ToolEvidence[] = [];
  for (const [tool, minutes] of byTool) {
    tools.push(
      toolEvidence(
        tool,
        { minutes, overlapped: overlapped.get(formatToolSeriesName(tool, {})) ?? [], queued: queued.get(tool) ?? [] },
        context,
      ),
    );
    // Merging the sketches of one tool takes a few milliseconds; batches have their turn in between.
    await giveWay();
  }
  return tools;
}

interface ToolRollups {
  minutes: readonly SeriesRollup[];
  overlapped: readonly SeriesRollup[];
  queued: readonly SeriesRollup[];
}

function toolEvidence(tool: string, { minutes, overlapped, queued }: ToolRollups, context: ToolContext): ToolEvidence {
  const whole = mergeRollups(minutes);
  const levels = [...groupBy(overlapped, ({ series }) => series.name).values()].map((same) => {
    return { ...same[0]!, ...mergeRollups(same) };
  });
  const waited = mergeRollups(queued);
  const waits = callCount(waited);
  const underWay = context.inFlight.find(({ series }) => series.kind === 'tool' && series.name === tool);
  return {
    tool,
    calls: callCount(whole),
    ok: whole.outcomes[0],
    errors: errorCount(whole),
    sumMs: whole.sumMs,
    p99Ms: p99Of(whole.digest!),
    maxMs: whole.maxMs,
    underWay: underWay?.count ?? 0,
    oldestAgeMs: underWay?.oldestAgeMs ?? 0,
    minutes: minutes.map((minute) => minuteEvidence(minute, context)),
    levels: levelsOf(whole, levels),
    queued: { calls: waits, meanMs: waits === 0 ? 0 : waited.sumMs / waits },
  };
}

/** The first minute of a server began when it did, and the newest is not over yet. */
function minuteEvidence(minute: SeriesRollup, { info, range }: ToolContext): MinuteEvidence {
  const fromMs = Math.max(minute.startMs, info.firstSeenMs);
  const toMs = Math.min(minute.startMs + MINUTE_MS, range.toMs);
  return {
    seconds: Math.max(0, toMs - fromMs) / 1_000,
    calls: callCount(minute),
    ok: minute.outcomes[0],
    cancelled: minute.outcomes[4],
  };
}

/** Of processor and memory rows have the sum over processes, of the delay the greatest. */
function perProcess(whole: ResourceRollup, minutes: readonly ResourceRollup[], instances: number): ResourceEvidence {
  const latest = minutes.reduce((a, b) => (b.eventLoopDelayMsAvg > a.eventLoopDelayMsAvg ? b : a), whole);
  return {
    cpuPercentAvg: whole.cpuPercentAvg / instances,
    memoryMbMax: whole.memoryMbMax / instances,
    eventLoopDelayMsAvg: whole.eventLoopDelayMsAvg,
    latestLoop: { cpuPercent: latest.cpuPercentAvg / instances, eventLoopDelayMs: latest.eventLoopDelayMsAvg },
  };
}
