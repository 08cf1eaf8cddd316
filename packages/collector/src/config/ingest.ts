/** Settings of what SDKs send. */
import { z } from 'zod';
import { count, positive } from './fields.ts';

export const ingestSchema = z
  .strictObject({
    maxBatchKb: count.default(4096).describe('Largest batch accepted, in KB.'),
    maxSeriesPerServer: count.default(1000).describe('Series of one server; the rest is counted in `__other__`.'),
    maxNameLength: count.default(200).describe('Longer names are shortened and marked.'),
    maxClockSkewHours: positive.default(24).describe('Senders whose clock is further off are refused.'),
    maxJournalMb: positive.default(256).describe('Size of the journal at which batches are refused with 503.'),
    minuteGraceSeconds: positive
      .default(10)
      .describe('How long after its end a minute is kept in memory for late windows.'),
  })
  .prefault({});
