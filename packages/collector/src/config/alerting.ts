/** Settings that are lists and records: rules, objectives, channels and where alerts go. */
import { z } from 'zod';

const name = z.string().min(1);
const positive = z.number().positive();
const severity = z.enum(['warning', 'critical']);

/** A name in which `*` stands for anything. */
const pattern = z.string().min(1).max(200);

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day like 22:30');

/** `env:NAME` or `file:/path` is read when the collector starts, so that no secret needs to stand in a file of settings. */
const secret = z.string().min(1);
const url = z
  .string()
  .refine(
    (text) => /^(env|file):/.test(text) || /^https?:\/\//.test(text),
    'must be an http(s) URL, env:NAME or file:/path',
  );

export const RULE_OPERATORS = ['gt', 'gte', 'lt', 'lte', 'eq'] as const;
export const RULE_STATISTICS = ['p50', 'p90', 'p95', 'p99', 'mean', 'max', 'sum'] as const;

export const ruleSchema = z.strictObject({
  /** Shown in alerts; two rules must not share one. */
  name: z.string().min(1).max(60),
  /** `custom` is any series that servers record themselves, named by `series`. */
  metric: z.enum(['response_time', 'error_rate', 'throughput', 'availability', 'cpu', 'memory', 'custom']),
  series: name.optional(),
  statistic: z.enum(RULE_STATISTICS).default('p95'),
  operator: z.enum(RULE_OPERATORS).default('gt'),
  threshold: z.number(),
  severity: severity.default('warning'),
  server: pattern.default('*'),
  tool: pattern.default('*'),
  /** Calls within the period below which nothing is said. */
  minCalls: z.number().int().min(0).default(1),
  /** What the value is of. */
  periodMinutes: z.number().int().min(1).max(1440).default(5),
  /** How long the condition has to hold. */
  forMinutes: z.number().min(0).default(0),
  /** The condition is over when the value passes this one; absent: the threshold. */
  clearThreshold: z.number().optional(),
  /** How long after a resolution it raises nothing; absent: `alerts.dedupMinutes`. */
  cooldownMinutes: z.number().min(0).optional(),
});

export const objectiveSchema = z.strictObject({
  name: z.string().min(1).max(60),
  server: name,
  tool: name.optional(),
  /** Per cent of calls that have to be good. */
  objectivePercent: z.number().gt(0).lt(100),
  /** A good call takes no longer, in ms; absent: it does not fail. */
  withinMs: positive.optional(),
  windowDays: z.number().int().min(1).max(90).default(30),
});

const stdioServer = z.strictObject({
  command: name,
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), secret).default({}),
});
const httpServer = z.strictObject({ url, headers: z.record(z.string(), secret).default({}) });

export const channelSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('google-chat'), url }),
  z.strictObject({ type: z.literal('slack'), url }),
  z.strictObject({ type: z.literal('teams'), url }),
  z.strictObject({
    type: z.literal('webhook'),
    url,
    /** Signs each request: HMAC-SHA256 of time and body. */
    secret: secret.optional(),
    headers: z.record(z.string(), secret).default({}),
  }),
  z.strictObject({
    type: z.literal('pagerduty'),
    routingKey: secret,
    url: url.default('https://events.pagerduty.com/v2/enqueue'),
  }),
  z.strictObject({
    type: z.literal('email'),
    host: name,
    port: z.number().int().min(1).max(65_535).default(587),
    /** TLS from the first byte; otherwise STARTTLS where the server offers it. */
    secure: z.boolean().default(false),
    user: name.optional(),
    password: secret.optional(),
    from: name,
    to: z.array(name).min(1),
  }),
  z.strictObject({ type: z.literal('log'), file: name.default('alerts.log') }),
  z.strictObject({
    type: z.literal('mcp'),
    server: z.union([stdioServer, httpServer]),
    tool: name,
    /** Texts may hold `{{alert.server}}` and the like. */
    arguments: z.record(z.string(), z.json()).default({}),
    /** Write down what would be called, and call nothing. */
    dryRun: z.boolean().default(false),
  }),
]);

export const ROUTED_STATES = [
  'created',
  'returned',
  'severity_raised',
  'escalated',
  'acknowledged',
  'cleared',
  'resolved',
] as const;

export const routeSchema = z.strictObject({
  channels: z.array(name).min(1),
  states: z
    .array(z.enum(ROUTED_STATES))
    .min(1)
    .default(['created', 'returned', 'severity_raised', 'escalated', 'cleared']),
  /** The least. */
  severity: severity.default('warning'),
  servers: z.array(pattern).min(1).default(['*']),
  environments: z.array(name).optional(),
  /** Only alerts of incidents that began with a new version of the server. */
  afterDeploy: z.boolean().default(false),
});

export const quietHoursSchema = z.strictObject({
  from: timeOfDay,
  to: timeOfDay,
  timezone: z.string().refine(isTimezone, 'must be a time zone like Europe/Berlin').default('UTC'),
  /** What is let through. */
  exceptCritical: z.boolean().default(true),
});

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

/** While an alert of severity critical is open on `on`, nothing is sent of `server`. */
export const dependencySchema = z.strictObject({ server: pattern, on: name });

function isTimezone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

export type Rule = z.output<typeof ruleSchema>;
export type Objective = z.output<typeof objectiveSchema>;
export type ChannelConfig = z.output<typeof channelSchema>;
export type Route = z.output<typeof routeSchema>;
export type QuietHours = z.output<typeof quietHoursSchema>;
export type Dependency = z.output<typeof dependencySchema>;
