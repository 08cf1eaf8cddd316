/** Settings of forwarding to other backends. */
import { z } from 'zod';
import { positive } from './fields.ts';

const headers = z.record(z.string().regex(/^[\w-]+$/), z.string());
const optionalUrl = z
  .string()
  .refine(
    (text) => text === '' || /^(env|file):/.test(text) || (/^https?:\/\//.test(text) && URL.canParse(text)),
    'must be an http(s) URL, env:NAME or file:/path',
  );
const from = z.enum(['now', 'oldest']).default('now');

export const forwardSchema = z
  .strictObject({
    otlp: z
      .strictObject({
        endpoint: optionalUrl
          .default('')
          .describe(
            'OTLP/HTTP receiver that everything is forwarded to, e.g. `http://127.0.0.1:4318`; without a path, to `/v1/metrics` there. Empty: none. See `docs/forwarding.md`.',
          ),
        headers: headers
          .default({})
          .describe('Headers of each request, e.g. `{"authorization": "env:OTLP_AUTHORIZATION"}`.'),
        compression: z.enum(['gzip', 'none']).default('gzip').describe('Of the requests.'),
        temporality: z
          .enum(['cumulative', 'delta'])
          .default('cumulative')
          .describe('Running totals, which may be sent twice, or differences, which some backends ask for.'),
        from: from.describe('Where to begin the first time: with this minute, or with the oldest that is kept.'),
        timeoutSeconds: positive.default(10).describe('How long a request may take.'),
      })
      .prefault({}),
    remoteWrite: z
      .strictObject({
        url: optionalUrl
          .default('')
          .describe(
            'Receiver of Prometheus remote write that everything is forwarded to, e.g. `http://127.0.0.1:9090/api/v1/write`. Empty: none. See `docs/forwarding.md`.',
          ),
        bearerToken: z.string().default('').describe('Token sent with each request, or `env:NAME`, `file:/path`.'),
        headers: headers.default({}).describe('Further headers of each request.'),
        from: from.describe('Where to begin the first time: with this minute, or with the oldest that is kept.'),
        timeoutSeconds: positive.default(10).describe('How long a request may take.'),
      })
      .prefault({}),
  })
  .prefault({});
