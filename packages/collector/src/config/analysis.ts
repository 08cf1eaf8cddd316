/** Settings of the toolset `analysis`. */
import { z } from 'zod';
import { count } from './fields.ts';

export const analysisSchema = z
  .strictObject({
    recentMb: count
      .default(32)
      .describe(
        'Memory for what servers reported in the last 15 minutes, second by second; where it does not suffice, fewer minutes are kept.',
      ),
    maxMonitors: count.default(4).describe('Calls of `monitor_performance` that may run at once.'),
  })
  .prefault({});
