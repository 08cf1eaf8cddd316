/**
 * The only list of settings. Names carry their unit; descriptions become `docs/configuration.md`. A setting's path is
 * its name in a file (`retention.hourDays`), its environment variable (`MCP_VITALS_RETENTION_HOUR_DAYS`) and its flag
 * (`--set retention.hourDays=30`).
 */
import { Cron } from 'croner';
import { z } from 'zod';
import {
  alertmanagerSchema,
  channelSchema,
  dependencySchema,
  objectiveSchema,
  quietHoursSchema,
  routeSchema,
  ruleSchema,
} from './alerting.ts';

/** One fixed port for every command; "MVIT" on a telephone's keys. */
export const DEFAULT_PORT = 6848;

const positive = z.number().positive();
const count = z.number().int().min(1);
const headers = z.record(z.string().regex(/^[\w-]+$/), z.string());
const optionalUrl = z
  .string()
  .refine(
    (text) => text === '' || /^(env|file):/.test(text) || (/^https?:\/\//.test(text) && URL.canParse(text)),
    'must be an http(s) URL, env:NAME or file:/path',
  );
const from = z.enum(['now', 'oldest']).default('now');
const cronPattern = z.string().refine(isCronPattern, 'must be a cron pattern like 0 7 * * *');

export const configSchema = z.strictObject({
  dataDir: z.string().min(1).describe('Directory of the store, tokens, spool and archive. Created with mode 0700.'),
  host: z
    .string()
    .default('127.0.0.1')
    .describe('Address to listen on. Anything beyond loopback needs tokens, which are always on.'),
  port: z.number().int().min(0).max(65_535).default(DEFAULT_PORT).describe('TCP port; 0 takes a free one.'),
  socket: z
    .boolean()
    .default(process.platform !== 'win32')
    .describe('Also listen on the unix socket `collector.sock` in the data directory.'),
  allowedHosts: z
    .array(z.string())
    .default([])
    .describe(
      'Further values accepted in the Host and Origin headers, e.g. `monitor.example.org`; loopback names always are.',
    ),
  tokensDir: z
    .string()
    .default('')
    .describe(
      'Directory with files `ingest`, `read` and `admin` that hold the tokens to be used, e.g. the secrets of a container; empty, and where one is absent: the collector makes them.',
    ),
  publicUrl: z
    .string()
    .regex(/^(https?:\/\/[^\s]+)?$/, 'must be an http(s) URL')
    .default('')
    .describe(
      'Where people reach the page, for links in what is sent, e.g. `https://monitor.example.org`; empty: where it listens.',
    ),
  logLevel: z
    .enum(['silent', 'error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('Detail of the log on stderr.'),
  store: z
    .string()
    .regex(/^(sqlite|postgres(ql)?:\/\/.+)$/, 'must be "sqlite" or begin with postgres://')
    .default('sqlite')
    .describe(
      'Where data is kept: `sqlite`, in the data directory, or `postgres://user:password@host:port/database`, which several collectors can share; see `docs/scaling.md`.',
    ),
  postgres: z
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
    .prefault({}),
  ingest: z
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
    .prefault({}),
  otlp: z
    .strictObject({
      maxBodyKb: count.default(4096).describe('Largest body of `POST /v1/metrics` as it comes, in KB.'),
      maxInflatedKb: count.default(8192).describe('Largest body once it is inflated, in KB.'),
      maxSources: count
        .default(1000)
        .describe('Processes that send OTLP metrics, of the last day; points of further ones are rejected.'),
      maxStreams: count
        .default(2000)
        .describe(
          'Streams of one process: combinations of metric and attributes; points of further ones are rejected.',
        ),
      metrics: z
        .array(z.string().min(1))
        .default([])
        .describe(
          'Names of further gauges and sums to keep as metrics of the server, with `*` for anything; others are passed over.',
        ),
    })
    .prefault({}),
  retention: z
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
    .prefault({}),
  limits: z
    .strictObject({
      queriesPerMinute: count.default(100).describe('Tool calls that read, per client.'),
      metricsPerMinute: count.default(10_000).describe('`track_performance` calls, per client.'),
      alertsPerServerPerHour: count.default(5).describe('New alerts per server; further ones are counted, not raised.'),
    })
    .prefault({}),
  detection: z
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
    .prefault({}),
  prometheus: z
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
    .prefault({}),
  dashboard: z
    .strictObject({
      cacheSeconds: z.number().min(0).default(30).describe('How long a dashboard answer may be reused.'),
    })
    .prefault({}),
  alerts: z
    .strictObject({
      evaluationMinutes: count.default(5).describe('Rolling span that thresholds are evaluated over.'),
      minCalls: count
        .default(10)
        .describe('Calls within the span below which response time and error rate raise nothing.'),
      pendingMinutes: z
        .number()
        .min(0)
        .default(0)
        .describe(
          'How long a condition has to hold before it becomes an alert; incidents of the detector do not wait.',
        ),
      hysteresisPercent: z
        .number()
        .min(0)
        .max(90)
        .default(5)
        .describe(
          'A condition is over when its value is this much below the threshold, so that it does not come and go.',
        ),
      dedupMinutes: positive
        .default(60)
        .describe(
          'A condition that returns within this time after its alert was raised or resolved raises no second one.',
        ),
      escalateMinutes: positive.default(60).describe('An alert nobody acknowledged becomes escalated after this time.'),
      autoResolveHours: positive
        .default(24)
        .describe('An alert resolves when its condition stayed clear for this time.'),
      resolveClearMinutes: z
        .number()
        .min(0)
        .default(0)
        .describe(
          'An alert resolves as soon as its condition stayed clear for this time; 0 waits for `autoResolveHours`.',
        ),
      maxDataMb: positive
        .default(4096)
        .describe('Size of the data above which the collector raises an alert of itself.'),
      minFreeDiskMb: positive
        .default(512)
        .describe('Free space on the disk of the data below which the collector raises an alert of itself.'),
      rules: z
        .array(ruleSchema)
        .default([])
        .superRefine(uniqueNames)
        .describe('Conditions beyond the thresholds, see `docs/alerts.md`.'),
      quietHours: z
        .array(quietHoursSchema)
        .default([])
        .describe('Times of day in which nothing is sent; what happened is told when they end.'),
      dependencies: z
        .array(dependencySchema)
        .default([])
        .describe('Servers that are not told of while another one, which they depend on, has a critical alert.'),
    })
    .prefault({}),
  objectives: z
    .array(objectiveSchema)
    .default([])
    .superRefine(uniqueNames)
    .describe('Service level objectives of servers and tools, see `docs/alerts.md`.'),
  environments: z
    .record(z.string(), z.array(z.string().min(1)))
    .default({})
    .describe('Names of servers, `*` standing for anything, by environment.'),
  notifications: z
    .strictObject({
      channels: z
        .record(z.string().regex(/^[\w-]{1,40}$/), channelSchema)
        .default({})
        .describe('Where notifications can go, by name, see `docs/notifications.md`.'),
      routes: z
        .array(routeSchema)
        .default([])
        .describe('Which alerts go where; without any, all alerts go to all channels but those of type `mcp`.'),
      timeoutSeconds: positive.default(10).describe('How long a channel may take for one notification.'),
      keepHours: positive.default(24).describe('How long a notification is tried when its channel fails.'),
      digestMinutes: positive
        .default(60)
        .describe('How often what was not raised or not sent is told, in one message.'),
      reportChannels: z.array(z.string()).default([]).describe('Channels that daily and weekly reports go to.'),
      dailyReport: cronPattern
        .default('0 7 * * *')
        .describe('When the daily report is sent, as a cron pattern in UTC.'),
      weeklyReport: cronPattern
        .default('0 7 * * 1')
        .describe('When the weekly report is sent, as a cron pattern in UTC.'),
    })
    .prefault({}),
  alertmanager: alertmanagerSchema,
  forward: z
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
    .prefault({}),
});

function isCronPattern(text: string): boolean {
  try {
    return new Cron(text, { paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}

function uniqueNames(items: readonly { name: string }[], context: z.core.$RefinementCtx): void {
  const names = items.map(({ name }) => name);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) context.addIssue(`the name "${repeated}" is given twice`);
}

export type { ChannelConfig, Dependency, Objective, QuietHours, Route, Rule } from './alerting.ts';

export type Config = z.output<typeof configSchema>;
export type ConfigInput = z.input<typeof configSchema>;
