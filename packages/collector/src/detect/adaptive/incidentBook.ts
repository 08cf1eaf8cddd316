/**
 * From what the watches see to incidents: each has a beginning and an end, and what begins together on one server or one
 * host is one incident with what it also affects.
 */
import { type Anomaly, type AnomalySeverity, anomalyIdOf, type Incident } from '../../model/anomaly.ts';
import { MINUTE_MS } from '../../model/rollup.ts';
import { workspaceOf } from '../../model/workspace.ts';
import { deviation, expectedRange } from '../words.ts';
import { adviceOn, deployBefore } from './advice.ts';
import { confidenceOf } from './confidence.ts';
import { severityOfSighting } from './severity.ts';
import type { OpenSighting, Subject } from './watcher.ts';

/** What begins within ten minutes has one cause: watches take different times to be sure. */
const TOGETHER_MS = 10 * MINUTE_MS;
/** Of more, the number tells enough. */
const MAX_LISTED = 50;
const RANK: Record<AnomalySeverity, number> = { info: 0, warning: 1, critical: 2 };

type IncidentAnomaly = Anomaly & { incident: Incident };

interface OpenIncident {
  anomaly: IncidentAnomaly;
  /** Undefined after a restart, until it is seen again. */
  sighting: OpenSighting | undefined;
  /** The type of the watch, which the anomaly's may be more exact than. */
  watchType: OpenSighting['type'];
  /** That this one is part of. */
  leader: OpenIncident | undefined;
  parts: OpenIncident[];
  isSeen: boolean;
}

export class IncidentBook {
  readonly #open = new Map<string, OpenIncident>();

  /** What is open now. */
  open(): Anomaly[] {
    return Array.from(this.#open.values(), ({ anomaly }) => anomaly);
  }

  /** Takes up incidents that were open when the process ended. */
  restore(anomalies: readonly Anomaly[]): void {
    for (const anomaly of anomalies) {
      const { incident } = anomaly;
      if (incident === undefined || incident.endedAtMs !== null) continue;
      const watchType = anomaly.type === 'response_time_regression' ? 'response_time_spike' : anomaly.type;
      this.#open.set(keyOf(anomaly.server, anomaly.tool, watchType), {
        anomaly: { ...anomaly, incident },
        sighting: undefined,
        watchType,
        leader: undefined,
        parts: [],
        isSeen: false,
      });
    }
    const byId = new Map(Array.from(this.#open.values(), (one) => [anomalyIdOf(one.anomaly), one]));
    for (const one of this.#open.values()) {
      one.leader = byId.get(one.anomaly.incident.partOf ?? '');
      one.leader?.parts.push(one);
    }
  }

  /** Takes in what is open in a minute; returns what is to be saved: new, gone on, or ended. */
  update(atMs: number, sightings: Iterable<OpenSighting>): Anomaly[] {
    for (const one of this.#open.values()) one.isSeen = false;
    for (const sighting of sightings) this.#see(atMs, sighting);
    const changed: Anomaly[] = [];
    // A leader is as bad as its worst part, so the parts come first.
    for (const isPart of [true, false])
      for (const one of this.#open.values())
        if (one.isSeen && (one.leader !== undefined) === isPart) this.#describe(one);
    for (const [key, one] of this.#open) {
      // A shared cause is over when it is over for all.
      const isOver = !one.isSeen && one.parts.every((part) => !part.isSeen);
      if (isOver) {
        one.anomaly.incident.endedAtMs = atMs;
        this.#open.delete(key);
      }
      changed.push(structuredClone(one.anomaly));
    }
    return changed;
  }

  #see(atMs: number, sighting: OpenSighting): void {
    const key = keyOf(sighting.server.name, sighting.tool, sighting.type);
    let one = this.#open.get(key);
    if (one === undefined) {
      one = this.#begin(atMs, sighting);
      this.#open.set(key, one);
    } else one.anomaly.incident.affectedCalls += affectedCalls(sighting, atMs);
    one.sighting = sighting;
    one.isSeen = true;
  }

  #begin(atMs: number, sighting: OpenSighting): OpenIncident {
    const { server, tool, type, reading } = sighting;
    const deploy = deployBefore(server.memory.versions.deploy, reading.sinceMs);
    const isRegression = deploy !== null && type === 'response_time_spike';
    const leader = this.#leaderOf(atMs, sighting);
    const anomaly: IncidentAnomaly = {
      atMs: reading.sinceMs,
      server: server.name,
      tool,
      type: isRegression ? 'response_time_regression' : type,
      severity: 'info',
      currentValue: reading.value,
      expectedRange: '',
      expectedMax: reading.high,
      deviation: '',
      confidence: 0,
      method: 'adaptive',
      recommendations: [],
      incident: {
        endedAtMs: null,
        detectedAtMs: atMs,
        affectedCalls: affectedCalls(sighting, reading.sinceMs),
        evidence: null,
        deploy,
        alsoAffects: [],
        partOf: leader === undefined ? null : anomalyIdOf(leader.anomaly),
      },
    };
    const one: OpenIncident = { anomaly, sighting, watchType: type, leader, parts: [], isSeen: true };
    if (leader !== undefined) {
      // One that ended and begins again takes its own place.
      const isSame = ({ anomaly: part }: OpenIncident) => part.server === anomaly.server && part.tool === anomaly.tool;
      leader.parts = [...leader.parts.filter((part) => !isSame(part)), one];
    }
    return one;
  }

  /** The incident that began first of those that share a server or a host with this one. */
  #leaderOf(atMs: number, { server, type }: OpenSighting): OpenIncident | undefined {
    for (const one of this.#open.values()) {
      if (one.leader !== undefined || one.watchType !== type || one.sighting === undefined) continue;
      if (Math.abs(atMs - one.anomaly.incident.detectedAtMs) > TOGETHER_MS) continue;
      if (one.sighting.server === server || shareAHost(one.sighting, server)) return one;
    }
    return undefined;
  }

  #describe({ anomaly, sighting, parts }: OpenIncident): void {
    const { server, reading } = sighting!;
    const { incident } = anomaly;
    const others = parts.map((part) => part.anomaly);
    incident.evidence = reading.evidence ?? null;
    incident.alsoAffects = others.slice(0, MAX_LISTED).map((other) => ({ server: other.server, tool: other.tool }));
    const severities = [severityOfSighting(sighting!, server.use), ...others.map(({ severity }) => severity)];
    Object.assign(anomaly, {
      // What was bad stays bad to the end of the incident.
      severity: worst([anomaly.severity, ...severities]),
      currentValue: reading.value,
      expectedMax: reading.high,
      expectedRange: expectedRange(reading),
      deviation: deviation(reading.value, reading),
      confidence: confidenceOf(anomaly.type, incident.evidence),
      recommendations: adviceOn(sighting!, {
        deploy: incident.deploy,
        shared: sharedWith(server.name, others),
        use: server.use,
        usual: server.memory.usual,
      }),
    });
  }
}

function keyOf(server: string, tool: string, watchType: string): string {
  return JSON.stringify([server, tool, watchType]);
}

function affectedCalls({ server, tool, type }: OpenSighting, sinceMs: number): number {
  const { calls, errors } = server.tools.get(tool)?.recent.since(sinceMs) ?? { calls: 0, errors: 0 };
  return type === 'error_rate_spike' ? errors : calls;
}

/** Beyond a workspace nobody would learn what an incident is part of. */
function shareAHost({ server }: Subject, other: Subject['server']): boolean {
  if (workspaceOf(server.name) !== workspaceOf(other.name)) return false;
  return server.hosts.some((host) => other.hosts.includes(host));
}

function sharedWith(server: string, others: readonly Anomaly[]): { tools: number; servers: number } {
  const own = others.filter((other) => other.server === server).length;
  const servers = new Set(others.map((other) => other.server));
  servers.delete(server);
  return { tools: own, servers: servers.size };
}

function worst(severities: readonly AnomalySeverity[]): AnomalySeverity {
  return severities.reduce((a, b) => (RANK[b] > RANK[a] ? b : a));
}
