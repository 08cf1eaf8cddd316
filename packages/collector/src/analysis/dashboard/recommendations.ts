/** What somebody could do, gathered from all analyses: what costs most first, within each analysis as that has it. */
import type { AnalysisDashboard, Recommendation } from '../../model/analysisDashboard.ts';

const URGENCY = { critical: 0, high: 1, medium: 2, low: 3 } as const;

type Parts = Pick<AnalysisDashboard, 'findings' | 'replicas' | 'cost'>;

export function recommendationsOf({ findings = [], replicas = [], cost }: Parts, max: number): Recommendation[] {
  // What is low is for somebody who looks for it, and is listed with the findings.
  const ofFindings = findings
    .filter(({ severity }) => severity !== 'low')
    .sort((a, b) => URGENCY[a.severity] - URGENCY[b.severity])
    .map(({ server, tools, action }): Recommendation => {
      return { from: 'bottleneck', server, tool: tools.length === 1 ? tools[0]! : '', what: action };
    });
  const ofReplicas = replicas
    .filter(({ verdict }) => verdict === 'add' || verdict === 'remove')
    .map(({ server, verdict, recommended, instances }): Recommendation => {
      const what = `${verdict === 'add' ? 'Run' : 'It is enough to run'} ${recommended!.value} instances instead of ${instances}.`;
      return { from: 'replicas', server, tool: '', what };
    });
  // Whether calls repeat each other is not known: what only a cache would save is told with the cost, and not recommended.
  const savings = (cost?.savings ?? []).filter(({ tokens }) => tokens > 0);
  const ofCost = savings.map(({ server, tool, action }): Recommendation => {
    return { from: 'cost', server, tool, what: action };
  });
  return [...ofFindings, ...ofReplicas, ...ofCost].slice(0, max);
}
