/** Settings of what raises alerts: rules, objectives, and when an alert begins, ends and is not told of. */
import { z } from 'zod';
import { count, name, pattern, positive, severity } from './fields.ts';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day like 22:30');

export const RULE_OPERATORS = ['gt', 'gte', 'lt', 'lte', 'eq'] as const;
const RULE_METRICS = [
  'response_time',
  'error_rate',
  'throughput',
  'availability',
  'cpu',
  'memory',
  'event_loop_delay',
  'custom',
] as const;
const RULE_STATISTICS = ['p50', 'p90', 'p95', 'p99', 'mean', 'max', 'sum'] as const;

const ruleSchema = z.strictObject({
  /** Shown in alerts; two rules must not share one. */
  name: z.string().min(1).max(60),
  /** `custom` is any series that servers record themselves, named by `series`. */
  metric: z.enum(RULE_METRICS),
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
  /** Channels that are told instead of those of `notifications.routes`; empty: nobody is. */
  channels: z.array(name).optional(),
  /** Its alerts are not held back by `limits.alertsPerServerPerHour`. */
  urgent: z.boolean().default(false),
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

const quietHoursSchema = z.strictObject({
  from: timeOfDay,
  to: timeOfDay,
  timezone: z.string().refine(isTimezone, 'must be a time zone like Europe/Berlin').default('UTC'),
  /** What is let through. */
  exceptCritical: z.boolean().default(true),
});

/** While an alert of severity critical is open on `on`, nothing is sent of `server`. */
const dependencySchema = z.strictObject({ server: pattern, on: name });

export const alertsSchema = z
  .strictObject({
    evaluationMinutes: count.default(5).describe('Rolling span that thresholds are evaluated over.'),
    minCalls: count
      .default(10)
      .describe('Calls within the span below which response time and error rate raise nothing.'),
    pendingMinutes: z
      .number()
      .min(0)
      .default(0)
      .describe('How long a condition has to hold before it becomes an alert; incidents of the detector do not wait.'),
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
    autoResolveHours: positive.default(24).describe('An alert resolves when its condition stayed clear for this time.'),
    resolveClearMinutes: z
      .number()
      .min(0)
      .default(0)
      .describe(
        'An alert resolves as soon as its condition stayed clear for this time; 0 waits for `autoResolveHours`.',
      ),
    maxDataMb: positive.default(4096).describe('Size of the data above which the collector raises an alert of itself.'),
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
  .prefault({});

export const objectivesSchema = z
  .array(objectiveSchema)
  .default([])
  .superRefine(uniqueNames)
  .describe('Service level objectives of servers and tools, see `docs/alerts.md`.');

function uniqueNames(items: readonly { name: string }[], context: z.core.$RefinementCtx): void {
  const names = items.map(({ name }) => name);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) context.addIssue(`the name "${repeated}" is given twice`);
}

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
export type QuietHours = z.output<typeof quietHoursSchema>;
export type Dependency = z.output<typeof dependencySchema>;
