/** What calls cost, as it travels. */
import { z } from 'zod';
import { type CostReport, type DearCall, SAVING_KINDS, type Saving, type ToolCost } from '../../model/cost.ts';
import { isoTime } from '../params.ts';
import { rounded } from '../tools/rounded.ts';
import { named, roundedFields, time } from './shapes.ts';

const prices = z.record(z.string(), z.number()).describe('By name of the model, in the currency');
const estimatedTokens = z.number().describe('Estimated from bytes');

const toolCost = named(
  'ToolCost',
  z.object({
    server: z.string(),
    tool: z.string(),
    calls: z.number().int(),
    totalMs: z.number(),
    meanMs: z.number(),
    maxMs: z.number(),
    cpu: z
      .object({ seconds: z.number(), msPerCall: z.number() })
      .nullable()
      .describe('Estimated by the time of calls; null where the server does not report its processor'),
    results: z
      .object({
        measuredCalls: z.number().int(),
        bytes: z.number(),
        meanBytes: z.number(),
        p95Bytes: z.number(),
        maxBytes: z.number(),
        tokens: estimatedTokens,
        tokensPerCall: estimatedTokens,
        prices,
      })
      .nullable()
      .describe('Null where results are not measured'),
  }),
);

const dearCall = named(
  'DearCall',
  z.object({
    server: z.string(),
    tool: z.string(),
    from: time.describe('It ended within the step that begins here'),
    stepSeconds: z.number(),
    unit: z.enum(['ms', 'tokens']),
    value: z.number(),
  }),
);

const saving = named(
  'Saving',
  z.object({
    kind: z.enum(SAVING_KINDS),
    server: z.string(),
    tool: z.string().describe('Empty: all of the server'),
    tokens: estimatedTokens,
    prices,
    cpuSeconds: z.number(),
    totalMs: z.number(),
    assumption: z.string().describe('What has to be so for the numbers to hold'),
    action: z.string(),
  }),
);

export const costReport = named(
  'CostReport',
  z.object({
    from: time,
    to: time,
    currency: z.string(),
    bytesPerToken: z.number(),
    total: z.object({
      calls: z.number().int(),
      totalMs: z.number(),
      cpuSeconds: z.number().nullable(),
      tokens: estimatedTokens,
      prices,
      measuredPercent: z.number().describe('Of calls, whose result was measured'),
    }),
    servers: z.array(
      z.object({
        server: z.string(),
        totalSeconds: z.number().nullable().describe('Of processor'),
        unsharedSeconds: z.number().describe('Of it, what no call can have used'),
      }),
    ),
    tools: z.array(toolCost).describe('Most tokens first, then most processor, then most time'),
    dearestCalls: z.array(dearCall).describe('Of each tool and step the largest and the longest are known, no others'),
    savings: z.array(saving).describe('What saves most first'),
  }),
);

export function presentedCost(report: CostReport): z.input<typeof costReport> {
  const { fromMs, toMs, currency, bytesPerToken, total, servers, tools, dearestCalls, savings } = report;
  return {
    ...{ from: isoTime(fromMs), to: isoTime(toMs), currency, bytesPerToken },
    total: { ...roundedFields(total), prices: roundedPrices(total.prices) },
    servers: servers.map(roundedFields),
    tools: tools.map(presentedTool),
    dearestCalls: dearestCalls.map(presentedCall),
    savings: savings.map(presentedSaving),
  };
}

function presentedTool(cost: ToolCost): z.input<typeof toolCost> {
  const { cpu, results } = cost;
  return {
    ...roundedFields(cost),
    cpu: cpu && roundedFields(cpu),
    results: results && { ...roundedFields(results), prices: roundedPrices(results.prices) },
  };
}

function presentedCall({ startMs, stepMs, value, ...call }: DearCall): z.input<typeof dearCall> {
  return { ...call, from: isoTime(startMs), stepSeconds: stepMs / 1000, value: rounded(value) };
}

function presentedSaving(one: Saving): z.input<typeof saving> {
  return { ...roundedFields(one), prices: roundedPrices(one.prices) };
}

/** A call may cost far less than a thousandth. */
function roundedPrices(amounts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(amounts).map(([model, amount]) => [model, Number(amount.toPrecision(6))]));
}
