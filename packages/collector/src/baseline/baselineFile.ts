/**
 * A baseline as a JSON file: figures for people and programs, and the sketch of every round, from which runs are compared. It
 * holds no arguments and no results of tools.
 */
import { Digest, SketchFormatError } from '@mcp-vitals/sketch';
import { z } from 'zod';
import { VitalsError } from '../errors.ts';
import { type Baseline, FAILURE_KINDS, type ToolRun } from './baseline.ts';
import { summarise, type Targets } from './summary.ts';

const FORMAT = 'mcp-vitals-baseline';
const VERSION = 1;

const count = z.int().nonnegative();

const RoundJson = z.object({ sketch: z.base64(), errors: count });

const ToolJson = z.object({
  tool: z.string(),
  failures: z.partialRecord(z.enum(FAILURE_KINDS), count),
  endedEarly: z.object({ because: z.string(), isFailure: z.boolean() }).optional(),
  rounds: z.array(RoundJson).min(1),
});

const BaselineJson = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  createdAt: z.iso.datetime(),
  server: z.object({ name: z.string(), version: z.string() }),
  environment: z.object({
    node: z.string(),
    platform: z.string(),
    arch: z.string(),
    cpu: z.string(),
    cpus: count,
    busyProcesses: z.number(),
    transport: z.enum(['stdio', 'http']),
  }),
  load: z.object({
    calls: count,
    warmUpCalls: count,
    concurrency: count,
    perSecond: z.number().positive().optional(),
    rounds: count,
    timeoutMs: z.number(),
    maxToolMs: z.number(),
    source: z.enum(['schemas', 'script']),
  }),
  endedBecause: z.string().optional(),
  notMeasured: z.array(z.object({ tool: z.string(), reason: z.string(), advice: z.string(), isFailure: z.boolean() })),
  tools: z.array(ToolJson),
});

/** What a program reads; the sketches are among it. */
export function baselineJson(baseline: Baseline, targets: Targets): object {
  const { tools, ...rest } = baseline;
  const measured = tools.filter(({ rounds }) => rounds.length > 0);
  const summaries = summarise({ tools: measured }, targets);
  return {
    format: FORMAT,
    version: VERSION,
    ...rest,
    targets,
    tools: measured.map((run, i) => ({ ...summaries[i], ...toolJson(run) })),
  };
}

function toolJson({ rounds, ...run }: ToolRun) {
  return {
    ...run,
    rounds: rounds.map(({ digest, errors }) => ({
      sketch: Buffer.from(digest.toBytes()).toString('base64'),
      errors,
    })),
  };
}

/** @throws VitalsError `invalid` when it is no baseline, or one that this version cannot read */
export function parseBaseline(text: string): Baseline {
  const { data, error } = BaselineJson.safeParse(jsonOf(text));
  if (data === undefined) throw notABaseline(error);
  const { format: _format, version: _version, ...baseline } = data;
  return { ...baseline, tools: data.tools.map(toolOf) };
}

function toolOf({ rounds, ...run }: z.infer<typeof ToolJson>): ToolRun {
  try {
    return {
      ...run,
      rounds: rounds.map(({ sketch, errors }) => ({ digest: Digest.fromBytes(Buffer.from(sketch, 'base64')), errors })),
    };
  } catch (error) {
    if (error instanceof SketchFormatError) throw notABaseline(error);
    throw error;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notABaseline(error);
  }
}

function notABaseline(cause: unknown): VitalsError {
  return new VitalsError('invalid', 'This is no baseline that this version can read', {
    cause,
    hint: 'Make one by `mcp-vitals bench --save FILE -- COMMAND`.',
  });
}
