/**
 * How many instances a server needs for its peak. An instance is one process with one core, which is what the event loop of
 * Node and the lock of Python's interpreter leave to handlers; what other threads do makes a server need fewer.
 *
 *     instances = ceil(peak rate x processor per call / (target utilisation - what an instance uses by itself))
 */
import type { Estimate, ExpectedLoad, ReplicaAdvice } from '../../model/replicas.ts';
import { conclude, type ReplicaOptions } from './conclusion.ts';
import type { Demand } from './demand.ts';
import { waitingShare, waitQuantile } from './erlangC.ts';
import type { ReplicaEvidence } from './evidence.ts';
import { reasonsOf } from './reasons.ts';

export function recommendReplicas(evidence: ReplicaEvidence, options: ReplicaOptions): ReplicaAdvice {
  const conclusion = conclude(evidence, options);
  const { verdict, demand, peak, recommended } = conclusion;
  const { server, instances } = evidence;
  const at = (count: number) => demand && expectedLoad(count, peak.value, demand, Math.max(1, instances));
  return {
    server,
    verdict,
    instances,
    recommended: recommended ?? null,
    peakPerSecond: evidence.calls > 0 ? peak : null,
    peakDaysAhead: options.growth?.daysAhead ?? 0,
    cpuMsPerCall: demand ? scaled(demand.perCall, 1000) : null,
    now: (instances > 0 && at(instances)) || null,
    planned: (recommended && at(recommended.value)) || null,
    reasons: reasonsOf(evidence, conclusion, options),
  };
}

/** @param measuredWith instances that the idle processor was measured with */
function expectedLoad(instances: number, rate: number, demand: Demand, measuredWith: number): ExpectedLoad {
  const serviceMs = 1000 * demand.perCall.value;
  const load = rate * demand.perCall.value + (demand.idleCores * instances) / measuredWith;
  const waitMs = waitQuantile(0.95, instances, load, serviceMs);
  return {
    instances,
    utilisationPercent: (100 * load) / instances,
    waitingPercent: 100 * waitingShare(instances, load),
    p95WaitMs: Number.isFinite(waitMs) ? waitMs : null,
  };
}

function scaled({ value, low, high }: Estimate, factor: number): Estimate {
  return { value: factor * value, low: factor * low, high: factor * high };
}
