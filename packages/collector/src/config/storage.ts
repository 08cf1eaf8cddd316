/** Settings of the store: its database, and how long what is kept. */
import { z } from 'zod';
import { count } from './fields.ts';

export const postgresSchema = z
  .strictObject({
    schema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,40}$/)
      .default('mcp_vitals')
      .describe('Schema that the tables are in; made when it is not there.'),
    digests: z
      .enum(['tdigest', 'bytea'])
      .default('tdigest')
      .describe(
        'How sketches are kept: as type of the extension `tdigest`, merged in the database, or as bytes, merged in the collector, where the extension cannot be had.',
      ),
  })
  .prefault({});

export const retentionSchema = z
  .strictObject({
    minuteHours: count.default(24).describe('1-minute rows.'),
    hourDays: count.default(30).describe('1-hour rows.'),
    dayDays: count.default(365).describe('1-day rows.'),
    anomalyDays: count.default(90).describe('Anomalies.'),
    alertDays: count.default(30).describe('Alerts, after their resolution.'),
    archive: z
      .boolean()
      .default(false)
      .describe('Write what is deleted to `archive/` in the data directory first, as the JSONL tree of `export`.'),
  })
  .prefault({});
