/** Settings of `GET /metrics`. */
import { z } from 'zod';
import { count } from './fields.ts';

export const prometheusSchema = z
  .strictObject({
    requireToken: z
      .boolean()
      .default(true)
      .describe('Whether `GET /metrics` asks for a token of scope read, see `docs/prometheus.md`.'),
    maxSeries: count
      .default(5000)
      .describe(
        'Servers, tools, prompts, methods and metrics of their own that `GET /metrics` shows, all servers together; the rest is counted in `__other__`.',
      ),
  })
  .prefault({});
