/**
 * The only list of settings, by area: those of one area are in a file of its own beside this one. Names carry their unit;
 * descriptions become `docs/configuration.md`. A setting's path is its name in a file (`retention.hourDays`), its environment
 * variable (`MCP_VITALS_RETENTION_HOUR_DAYS`) and its flag (`--set retention.hourDays=30`).
 */
import { z } from 'zod';
import { alertsSchema, objectivesSchema } from './alerting.ts';
import { alertmanagerSchema } from './alertmanager.ts';
import { analysisSchema } from './analysis.ts';
import { benchmarksSchema } from './benchmarks.ts';
import { costSchema } from './cost.ts';
import { detectionSchema } from './detection.ts';
import { count } from './fields.ts';
import { forwardSchema } from './forward.ts';
import { ingestSchema } from './ingest.ts';
import { notificationsSchema } from './notifications.ts';
import { optimizationSchema } from './optimization.ts';
import { otlpSchema } from './otlp.ts';
import { prometheusSchema } from './prometheus.ts';
import { replicasSchema } from './replicas.ts';
import { postgresSchema, retentionSchema } from './storage.ts';

/** One fixed port for every command; "MVIT" on a telephone's keys. */
export const DEFAULT_PORT = 6848;

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
  postgres: postgresSchema,
  ingest: ingestSchema,
  otlp: otlpSchema,
  retention: retentionSchema,
  limits: z
    .strictObject({
      queriesPerMinute: count.default(100).describe('Tool calls that read, per client.'),
      metricsPerMinute: count.default(10_000).describe('`track_performance` calls, per client.'),
      alertsPerServerPerHour: count.default(5).describe('New alerts per server; further ones are counted, not raised.'),
    })
    .prefault({}),
  toolsets: z
    .array(z.enum(['analysis']))
    .default([])
    .describe(
      'MCP tools listed beyond the default eight: `analysis`. The command line and the JSON API have all of them in any case.',
    ),
  analysis: analysisSchema,
  optimization: optimizationSchema,
  cost: costSchema,
  replicas: replicasSchema,
  detection: detectionSchema,
  benchmarks: benchmarksSchema,
  prometheus: prometheusSchema,
  dashboard: z
    .strictObject({
      cacheSeconds: z.number().min(0).default(30).describe('How long a dashboard answer may be reused.'),
    })
    .prefault({}),
  alerts: alertsSchema,
  objectives: objectivesSchema,
  environments: z
    .record(z.string(), z.array(z.string().min(1)))
    .default({})
    .describe('Names of servers, `*` standing for anything, by environment.'),
  notifications: notificationsSchema,
  alertmanager: alertmanagerSchema,
  forward: forwardSchema,
});

export type { Dependency, Objective, QuietHours, Rule } from './alerting.ts';
export type { BenchmarkTarget } from './benchmarks.ts';
export type { ChannelConfig, Route } from './notifications.ts';

export type Config = z.output<typeof configSchema>;
export type ConfigInput = z.input<typeof configSchema>;
