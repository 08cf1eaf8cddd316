/** Settings of policies for servers whose authors permit them. */
import { z } from 'zod';
import { count } from './fields.ts';

export const optimizationSchema = z
  .strictObject({
    autoApply: z
      .boolean()
      .default(false)
      .describe(
        'Whether `optimize_resources` may apply what a server permits, asked to with `autoApply`; else it only plans. See `docs/optimization.md`.',
      ),
    leaseSeconds: z
      .number()
      .int()
      .min(1)
      .max(600)
      .default(30)
      .describe('How long a server obeys a policy without hearing from the collector again.'),
    expiryHours: z.number().positive().max(720).default(6).describe('A policy ends after this time, kept or not.'),
    minWatchSeconds: count.max(3_600).default(60).describe('Shortest time that a policy is watched before it is kept.'),
    evidenceMinutes: count.max(120).default(15).describe('Newest minutes that a plan is made from.'),
  })
  .prefault({});
