/** What calls cost, as tools, routes and the dashboard ask for it. Implements `Costs` of the serving side. */
import { giveWay } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import { knownServers } from '../../knownSubject.ts';
import type { CostReport, ServerCpu, ToolCost } from '../../model/cost.ts';
import type { CostRequest, Costs } from '../../serve/ports/analyses.ts';
import type { Store } from '../../store/store.ts';
import { dearest, dearestCallsOf } from './dearestCalls.ts';
import { readServerEvidence } from './evidence.ts';
import { pricesOf } from './prices.ts';
import { savesMostFirst, savingsOf } from './savings.ts';
import { shareCpu } from './shareCpu.ts';
import { dearestFirst, toolCosts } from './toolCosts.ts';

export interface CostsDeps {
  store: Pick<Store, 'listServers' | 'readRollups' | 'readResources'>;
  config: Pick<Config, 'cost'>;
}

export function createCosts({ store, config: { cost: config } }: CostsDeps): Costs {
  async function ofServer(server: string, request: CostRequest): Promise<ServerCosts> {
    const evidence = await readServerEvidence(store, server, request);
    const cpu = shareCpu(evidence.requests, evidence.cpu);
    const tools = toolCosts(evidence, cpu, config);
    return {
      cpu: {
        server,
        totalSeconds: evidence.cpu.length === 0 ? null : cpu.totalSeconds,
        unsharedSeconds: cpu.unsharedSeconds,
      },
      tools,
      dearestCalls: dearestCallsOf(evidence, config),
      savings: savingsOf(evidence, tools, config),
    };
  }

  return {
    async analyse(request) {
      const servers: ServerCosts[] = [];
      // One after the other, so that ingest has its turn between them.
      for (const { name } of await knownServers(store, request.server)) {
        servers.push(await ofServer(name, request));
        await giveWay();
      }
      return reportOf(request, servers, config);
    },
  };
}

interface ServerCosts extends Pick<CostReport, 'tools' | 'dearestCalls' | 'savings'> {
  cpu: ServerCpu;
}

function reportOf({ fromMs, toMs }: CostRequest, servers: readonly ServerCosts[], config: Config['cost']): CostReport {
  const tools = servers.flatMap((server) => server.tools).sort(dearestFirst);
  const { currency, bytesPerToken } = config;
  return {
    ...{ fromMs, toMs, currency, bytesPerToken },
    total: totalOf(tools, config),
    servers: servers.map(({ cpu }) => cpu),
    tools,
    dearestCalls: dearest(servers.flatMap(({ dearestCalls }) => dearestCalls)),
    savings: servers.flatMap(({ savings }) => savings).sort(savesMostFirst),
  };
}

function totalOf(tools: readonly ToolCost[], config: Config['cost']): CostReport['total'] {
  const sum = (of: (tool: ToolCost) => number) => tools.reduce((total, tool) => total + of(tool), 0);
  const calls = sum((tool) => tool.calls);
  const tokens = sum(({ results }) => results?.tokens ?? 0);
  const measured = sum(({ results }) => results?.measuredCalls ?? 0);
  return {
    calls,
    totalMs: sum(({ totalMs }) => totalMs),
    cpuSeconds: tools.some(({ cpu }) => cpu !== null) ? sum(({ cpu }) => cpu?.seconds ?? 0) : null,
    tokens,
    prices: pricesOf(tokens, config),
    measuredPercent: calls === 0 ? 0 : Math.min(100, (100 * measured) / calls),
  };
}
