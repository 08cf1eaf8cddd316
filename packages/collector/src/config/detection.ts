/** Settings of the detector of anomalies. */
import { z } from 'zod';
import { positive } from './fields.ts';

export const detectionSchema = z
  .strictObject({
    intervalMinutes: positive
      .default(5)
      .describe('How often the background job looks for anomalies; method `adaptive` looks every minute.'),
    lookbackHours: positive.default(6).describe('History the background job compares with.'),
    method: z
      .enum(['z-score', 'moving-avg', 'percentile', 'adaptive'])
      .default('adaptive')
      .describe('Method of the background job.'),
    sensitivity: z.enum(['low', 'medium', 'high']).default('medium').describe('Sensitivity of the background job.'),
    cacheSeconds: z.number().min(0).default(300).describe('How long an answer of `detect_anomalies` may be reused.'),
  })
  .prefault({});
