/** How many instances servers need, as it travels. */
import { z } from 'zod';
import { type Estimate, REPLICA_VERDICTS, type ReplicaAdvice } from '../../model/replicas.ts';
import { named, roundedFields } from './shapes.ts';

const estimate = z.object({ value: z.number(), low: z.number(), high: z.number() }).describe('`low` to `high`: 95 %');

const expectedLoad = named(
  'ExpectedLoad',
  z.object({
    instances: z.number().int(),
    utilisationPercent: z.number(),
    waitingPercent: z.number().describe('Of calls, that wait for a free instance'),
    p95WaitMs: z.number().nullable().describe('Null where the queue would grow without end'),
  }),
);

export const replicaAdvice = named(
  'ReplicaAdvice',
  z.object({
    server: z.string(),
    verdict: z.enum(REPLICA_VERDICTS),
    instances: z.number().int().describe('Alive now'),
    recommended: estimate.nullable(),
    peakPerSecond: estimate.nullable(),
    peakDaysAhead: z.number().int().describe('0: measured'),
    cpuMsPerCall: estimate.nullable(),
    now: expectedLoad.nullable().describe('At the peak'),
    planned: expectedLoad.nullable().describe('At the peak, with those that are recommended'),
    reasons: z.array(z.string()),
  }),
);

export function presentedReplicas(advice: ReplicaAdvice): z.input<typeof replicaAdvice> {
  const { recommended, peakPerSecond, cpuMsPerCall, now, planned } = advice;
  return {
    ...advice,
    recommended: recommended && roundedFields<Estimate>(recommended),
    peakPerSecond: peakPerSecond && roundedFields<Estimate>(peakPerSecond),
    cpuMsPerCall: cpuMsPerCall && roundedFields<Estimate>(cpuMsPerCall),
    now: now && roundedFields(now),
    planned: planned && roundedFields(planned),
  };
}
