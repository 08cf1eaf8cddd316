/** Settings of notifications: channels, which alerts go where, and the times of reports. */
import { Cron } from 'croner';
import { z } from 'zod';
import { name, pattern, positive, secret, severity, url } from './fields.ts';

const stdioServer = z.strictObject({
  command: name,
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), secret).default({}),
});
const httpServer = z.strictObject({ url, headers: z.record(z.string(), secret).default({}) });

const channelSchema = z.discriminatedUnion('type', [
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

const ROUTED_STATES = [
  'created',
  'returned',
  'severity_raised',
  'escalated',
  'acknowledged',
  'cleared',
  'resolved',
] as const;

const routeSchema = z.strictObject({
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

const cronPattern = z.string().refine(isCronPattern, 'must be a cron pattern like 0 7 * * *');

export const notificationsSchema = z
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
    digestMinutes: positive.default(60).describe('How often what was not raised or not sent is told, in one message.'),
    reportChannels: z.array(z.string()).default([]).describe('Channels that daily and weekly reports go to.'),
    dailyReport: cronPattern.default('0 7 * * *').describe('When the daily report is sent, as a cron pattern in UTC.'),
    weeklyReport: cronPattern
      .default('0 7 * * 1')
      .describe('When the weekly report is sent, as a cron pattern in UTC.'),
  })
  .prefault({});

function isCronPattern(text: string): boolean {
  try {
    return new Cron(text, { paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}

export type ChannelConfig = z.output<typeof channelSchema>;
export type Route = z.output<typeof routeSchema>;
