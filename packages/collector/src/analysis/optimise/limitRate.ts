/** A limit of calls a second where the processor is to be used less than it is, for the tool that most of the time goes to. */
import type { ServerEvidence, ToolEvidence } from '../../model/optimization/evidence.ts';
import type { PlannedAction, ResourceLimits } from '../../model/optimization/plan.ts';
import { untold } from './limitConcurrency.ts';
import { DOMINANT_SHARE, type Rules } from './rules.ts';

export function limitRate(
  { tools, resources, instances }: ServerEvidence,
  { maxCpuPercent }: ResourceLimits,
  rules: Rules,
): Omit<PlannedAction, 'isPermitted'>[] {
  if (maxCpuPercent === undefined || resources === undefined || resources.cpuPercentAvg <= maxCpuPercent) return [];
  const totalMs = tools.reduce((sum, { sumMs }) => sum + sumMs, 0);
  const tool = tools.find(({ sumMs }) => sumMs >= DOMINANT_SHARE * totalMs);
  if (tool === undefined) return [];
  const callsPerSecond = rateOf(tool) / instances;
  const share = maxCpuPercent / resources.cpuPercentAvg;
  const perSecond = Math.max(0.1, Number((callsPerSecond * share).toPrecision(3)));
  const lostPercent = 100 * (1 - share);
  return [
    {
      tool: tool.tool,
      control: 'rate',
      settings: { rate: { perSecond, burst: Math.max(1, Math.ceil(perSecond)) } },
      isAutomatic: lostPercent <= rules.goodputLossPercent,
      why: `The processor is used to ${Math.round(resources.cpuPercentAvg)} %, above the limit of ${maxCpuPercent} %; most of the time goes to this tool.`,
      evidence: { cpuPercent: resources.cpuPercentAvg, maxCpuPercent, callsPerSecond },
      effects: [
        untold('cpu', 'What of the processor goes to which tool is not measured.'),
        {
          metric: 'goodput',
          changePercent: -lostPercent,
          interval: null,
          basis: 'Calls beyond the rate are refused; what their rate will be is not known.',
        },
      ],
    },
  ];
}

function rateOf({ minutes }: ToolEvidence): number {
  const seconds = minutes.reduce((sum, minute) => sum + minute.seconds, 0);
  return minutes.reduce((sum, minute) => sum + minute.calls, 0) / Math.max(1, seconds);
}
