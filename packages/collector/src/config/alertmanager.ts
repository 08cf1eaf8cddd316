/** Settings of Alertmanager: those that we tell, and what they tell us. */
import { z } from 'zod';
import { positive, url } from './fields.ts';

/** `env:NAME` and `file:/path` as everywhere; empty: none. */
const optionalSecret = z.string().default('');

export const alertmanagerSchema = z
  .strictObject({
    urls: z
      .array(url)
      .max(20)
      .default([])
      .describe(
        'Alertmanagers that are told of our alerts, e.g. `http://alertmanager:9093`: all of a cluster, see `docs/alertmanager.md`.',
      ),
    bearerToken: optionalSecret.describe('Sent to them as `Authorization: Bearer`; may be `env:NAME` or `file:/path`.'),
    user: z.string().default('').describe('For basic authentication, with `alertmanager.password`.'),
    password: optionalSecret.describe('May be `env:NAME` or `file:/path`.'),
    notify: z
      .boolean()
      .default(false)
      .describe(
        'Send alerts that an Alertmanager has told us to our own channels as well; it has told people already.',
      ),
    forgetHours: positive
      .default(24)
      .describe(
        'An alert that an Alertmanager has told us is over when it was not told again for so long; more than its `repeat_interval`.',
      ),
  })
  .prefault({});
