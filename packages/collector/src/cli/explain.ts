/** `mcp-vitals explain ANOMALY`: the numbers behind an anomaly, minute by minute. */
import type { Command } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import type { ExplanationAnswer } from '../serve/api/anomalies.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { describeExplanation } from './explainReport.ts';
import { printAnswer } from './terminal/output.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

export function explainCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(program.command('explain'))
      .description('show the numbers behind an anomaly')
      .argument('<anomaly>', 'its id, as detect_anomalies gives it')
      .option('--json', 'as JSON'),
  ).action(
    async (anomalyId: string, { json, workspace, ...flags }: ConfigFlags & WorkspaceFlag & { json?: boolean }) => {
      const path = `/api/v1/anomalies/${encodeURIComponent(anomalyId)}`;
      const { dataDir } = configOf(flags).config;
      const answer = await askOwnCollector(dataDir, 'GET', path, { scope: 'read', workspace });
      const explanation = answer as unknown as ExplanationAnswer;
      printAnswer(json, explanation, () => describeExplanation(explanation));
    },
  );
}
