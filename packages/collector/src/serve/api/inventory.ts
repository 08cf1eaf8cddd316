/** What there is: servers, tools and what they did, newest errors, resources, new versions. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ResourceRollup } from '../../model/rollup.ts';
import { TIMED_KINDS } from '../../model/series.ts';
import type { RecentError } from '../../store/store.ts';
import { isoTime, nameParam } from '../params.ts';
import { rounded } from '../tools/rounded.ts';
import { defineRoute } from './defineRoute.ts';
import { rangeFields, rangeOf, serverField } from './inputs.ts';
import { pageAnswer, pageFields, pageOf } from './paging.ts';
import { deploy, named, presentedServer, roundedFields, server, time, toolStats } from './shapes.ts';

export const listServers = defineRoute({
  method: 'GET',
  path: '/servers',
  summary: 'Every server that has reported',
  group: 'Inventory',
  scope: 'read',
  answer: z.object({ servers: z.array(server) }),
  run: async (_input, { store }) => ({ servers: (await store.listServers()).map(presentedServer) }),
});

const TOOL_ORDERS = [
  'totalMs',
  'calls',
  'p95Ms',
  'errorRatePercent',
  'errors',
  'avgMs',
  'p50Ms',
  'p99Ms',
  'maxMs',
] as const;

export const listTools = defineRoute({
  method: 'GET',
  path: '/tools',
  summary: 'Tools that were called within a range, with their figures',
  group: 'Inventory',
  scope: 'read',
  query: z.strictObject({
    ...rangeFields,
    server: serverField,
    kind: z.enum(TIMED_KINDS).default('tool'),
    orderBy: z.enum(TOOL_ORDERS).default('totalMs').describe('Greatest first'),
    ...pageFields,
  }),
  answer: z.object({ tools: z.array(toolStats), ...pageAnswer }),
  async run({ query }, { views, clock }) {
    const { orderBy, server, kind } = query;
    const tools = await views.tools(rangeOf(query, clock.nowMs()), { server, kind });
    const page = pageOf(tools, (tool) => [tool[orderBy], JSON.stringify([tool.server, tool.tool])], query);
    return { tools: page.items.map(roundedFields), nextCursor: page.nextCursor };
  },
});

/** As many as the store keeps of one series; of many series these are the newest. */
const MAX_ERRORS = 5_000;

export const listErrors = defineRoute({
  method: 'GET',
  path: '/errors',
  summary: 'Newest errors: class and code, at most 20 per tool',
  group: 'Inventory',
  scope: 'read',
  query: z.strictObject({ server: serverField, tool: nameParam.optional(), ...pageFields }),
  answer: z.object({
    errors: z.array(
      named(
        'RecentError',
        z.object({
          at: time,
          server: z.string(),
          tool: z.string(),
          errorClass: z.string(),
          code: z.string(),
          message: z.string().nullable().describe('Only where the author of the server opted in'),
        }),
      ),
    ),
    ...pageAnswer,
  }),
  async run({ query }, { store }) {
    const errors = await store.readRecentErrors({ server: query.server, name: query.tool }, MAX_ERRORS);
    const page = pageOf(numbered(errors), ({ atMs, text }) => [atMs, text], query);
    return {
      errors: page.items.map(({ series, atMs, errorClass, code, message }) => ({
        at: isoTime(atMs),
        server: series.server,
        tool: series.name,
        errorClass,
        code,
        message: message ?? null,
      })),
      nextCursor: page.nextCursor,
    };
  },
});

/**
 * Errors have no name: with each goes what it says, and how many there are before it that say the same. What is told apart
 * by nothing else may change places, and nobody sees it.
 */
function numbered(errors: readonly RecentError[]): (RecentError & { text: string })[] {
  const seen = new Map<string, number>();
  return errors.map((error) => {
    const { series, atMs, errorClass, code, message } = error;
    const said = JSON.stringify([series.server, series.kind, series.name, errorClass, code, message ?? null]);
    const key = `${atMs} ${said}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    // A cursor must fit into an address, whatever the texts.
    return { ...error, text: `${createHash('sha256').update(said).digest('base64url')} ${before}` };
  });
}

const resourceSample = named(
  'Resources',
  z.object({
    at: time,
    cpuPercentAvg: z.number().describe('Of one core, all processes of the server together'),
    cpuPercentMax: z.number(),
    memoryMbAvg: z.number(),
    memoryMbMax: z.number(),
    memoryPercentAvg: z.number().describe('Of the limit of its container, else of the machine'),
    memoryPercentMax: z.number(),
    diskIoKb: z.number(),
    eventLoopDelayMsAvg: z.number(),
    eventLoopDelayMsMax: z.number(),
  }),
);

export const listResources = defineRoute({
  method: 'GET',
  path: '/resources',
  summary: 'What a server’s processes used over time',
  group: 'Inventory',
  scope: 'read',
  query: z.strictObject({
    ...rangeFields,
    server: nameParam,
    groupBy: z.enum(['minute', 'hour', 'day']).default('minute').describe('Minutes are kept for a day'),
  }),
  answer: z.object({ server: z.string(), resources: z.array(resourceSample) }),
  async run({ query }, { store, clock }) {
    const rollups = await store.readResources(rangeOf(query, clock.nowMs()), query.server, query.groupBy);
    return { server: query.server, resources: rollups.map(presentedResources) };
  },
});

function presentedResources({
  server: _,
  startMs,
  samples: __,
  minutes: ___,
  ...figures
}: ResourceRollup): z.input<typeof resourceSample> {
  return { at: isoTime(startMs), ...roundedFields(figures) };
}

export const listInFlight = defineRoute({
  method: 'GET',
  path: '/in-flight',
  summary: 'Calls that have begun and not ended, oldest first',
  group: 'Inventory',
  scope: 'read',
  query: z.strictObject({ server: serverField }),
  answer: z.object({
    calls: z.array(
      z.object({ server: z.string(), tool: z.string(), count: z.number().int(), oldestAgeMs: z.number() }),
    ),
  }),
  async run({ query }, { store }) {
    const found = await store.readInFlight({ server: query.server });
    return {
      calls: found
        .map(({ series, count, oldestAgeMs }) => ({
          server: series.server,
          tool: series.name,
          count,
          oldestAgeMs: rounded(oldestAgeMs),
        }))
        .sort((a, b) => b.oldestAgeMs - a.oldestAgeMs),
    };
  },
});

export const listDeploys = defineRoute({
  method: 'GET',
  path: '/deploys',
  summary: 'New versions that were seen, newest first',
  group: 'Inventory',
  scope: 'read',
  query: z.strictObject({ ...rangeFields, server: serverField }),
  answer: z.object({ deploys: z.array(deploy.extend({ server: z.string() })) }),
  async run({ query }, { views, clock }) {
    const deploys = await views.deploys(rangeOf(query, clock.nowMs()), query.server);
    return { deploys: deploys.map(({ atMs, ...rest }) => ({ at: isoTime(atMs), ...rest })) };
  },
});
