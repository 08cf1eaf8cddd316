/** Settings of how many instances are recommended. */
import { z } from 'zod';

export const replicasSchema = z
  .strictObject({
    targetPercent: z
      .number()
      .min(10)
      .max(95)
      .default(70)
      .describe('How much of a core an instance may use at the peak; what is above it is for what is not foreseen.'),
  })
  .prefault({});
