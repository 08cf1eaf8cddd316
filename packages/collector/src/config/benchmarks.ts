/** Settings of benchmarks: what may be called, by whom nothing else can be. */
import { z } from 'zod';
import { count, positive } from './fields.ts';

const argumentsOfCall = z.record(z.string(), z.unknown());

const common = {
  /** Names, none of them a pattern: what may be called is written down tool by tool. */
  tools: z.array(z.string().min(1)).min(1),
  allowDestructive: z.array(z.string().min(1)).default([]),
  arguments: z.record(z.string(), z.union([argumentsOfCall, z.array(argumentsOfCall).min(1).max(1_000)])).default({}),
  timeoutSeconds: positive.max(600).default(10),
};

const target = z.union([
  z.strictObject({
    command: z.string().min(1),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
    cwd: z.string().optional(),
    ...common,
  }),
  z.strictObject({
    url: z.url({ protocol: /^https?$/ }),
    headers: z.record(z.string().regex(/^[\w-]+$/), z.string()).default({}),
    ...common,
  }),
]);

export const benchmarksSchema = z
  .strictObject({
    targets: z
      .record(z.string().min(1).max(100), target)
      .default({})
      .describe(
        'Servers that benchmarks may call, by name: `command`, `args`, `env`, `cwd`, or `url`, `headers`; `tools` that may be called; `allowDestructive` of these; `arguments` by tool, an object or a list of them; `timeoutSeconds` of a call. See `docs/benchmark-tool.md`.',
      ),
    maxRunning: count.max(16).default(1).describe('Benchmarks at a time; they disturb each other.'),
    minDurationSeconds: z
      .number()
      .min(1)
      .max(3_600)
      .default(10)
      .describe('The shortest benchmark; shorter ones tell little.'),
  })
  .prefault({});

export type BenchmarkTarget = z.output<typeof target>;
