/** What to do, and how much room there is. */
import { groupBy } from '../../model/groupBy.ts';
import type { Report, ServerCapacity } from '../../model/report.ts';
import { code } from '../names.ts';
import { dateTime, inUnit, percent } from '../numbers.ts';
import { type Block, heading, paragraph, table } from './block.ts';
import { stepName } from './trends.ts';

const MAX_NAMED = 10;
/** The busiest servers come first; JSON has the advice for all. */
const MAX_ADVICES = 20;

export function recommendations({ recommendations: given, capacity }: Report): Block[] {
  return [...advice(given), ...(given === undefined || capacity.length === 0 ? [] : capacityBlocks(capacity))];
}

function advice(given: readonly string[] | undefined): Block[] {
  if (given === undefined) return [paragraph('Not asked for.')];
  if (given.length === 0) return [paragraph('Nothing stands out: no recommendation follows from the figures.')];
  return [{ kind: 'list', items: given }];
}

function capacityBlocks(capacity: readonly ServerCapacity[]): Block[] {
  const step = stepName(capacity[0]!.stepMs);
  const head = ['Server', 'Calls/s', 'Busiest', 'At (UTC)', 'Latest', 'At a time', 'CPU', 'Memory'];
  return [
    heading('Capacity'),
    paragraph(
      `Calls per second on average, in the busiest and in the latest ${step}; calls under way at a time by Little's law (calls per second times mean duration), on average and in the busiest ${step}; CPU of one core, on average and at most; memory at most.`,
    ),
    ...table(head, capacity.map(capacityRow), ''),
    { kind: 'list', items: capacityAdvice(capacity) },
  ];
}

/** Once for all servers that it holds for. */
function capacityAdvice(capacity: readonly ServerCapacity[]): string[] {
  const advices = [...groupBy(capacity, (each) => each.advice)].slice(0, MAX_ADVICES);
  return advices.map(([advice, servers]) => {
    const named = servers.slice(0, MAX_NAMED).map(({ server }) => code(server));
    const rest = servers.length - named.length;
    return `${[...named, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')}: ${advice}`;
  });
}

function capacityRow({ server, callsPerSecond, busiestAtMs, concurrency, resources }: ServerCapacity) {
  return [
    code(server),
    inUnit(callsPerSecond.mean, ''),
    inUnit(callsPerSecond.busiest, ''),
    dateTime(busiestAtMs).slice(0, 16),
    inUnit(callsPerSecond.latest, ''),
    `${atATime(concurrency.mean)}, ${atATime(concurrency.busiest)}`,
    resources === null ? '' : `${percent(resources.cpuPercentAvg)}, ${percent(resources.cpuPercentMax)}`,
    resources === null ? '' : `${percent(resources.memoryPercentMax)} (${inUnit(resources.memoryMbMax, 'MB')})`,
  ];
}

/** Less than one in a hundred is hardly ever. */
function atATime(calls: number): string {
  return calls > 0 && calls < 0.01 ? '< 0.01' : inUnit(calls, '');
}
