/** The settings of the collector that make it tell the three servers; `config.json` of a data directory would hold the same. */
import { fileURLToPath } from 'node:url';

/** @param toldFile where the servers write down what they are told */
export function settings(toldFile: string, webhookUrl: string) {
  const stdio = (file: string) => ({
    command: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), fileURLToPath(new URL(file, import.meta.url))],
    env: { TOLD_FILE: toldFile },
  });
  return {
    alerts: { minCalls: 5 },
    notifications: {
      timeoutSeconds: 30,
      channels: {
        chat: {
          type: 'mcp',
          server: stdio('communications.ts'),
          tool: 'send_google_chat_webhook',
          arguments: { webhookUrl, message: '{{title}}' },
        },
        mail: {
          type: 'mcp',
          server: stdio('communications.ts'),
          tool: 'send_email',
          arguments: { to: 'on-call@example.org', subject: '{{title}}', body: '{{text}}' },
        },
        issues: {
          type: 'mcp',
          server: stdio('learningOptimizer.ts'),
          tool: 'track_issue',
          arguments: {
            domain: 'performance-issues',
            title: '{{alert.condition}} in {{alert.server}}',
            symptom: '{{alert.tool}}: {{alert.value}} where at most {{alert.threshold}} is allowed',
            solution: '{{alert.notes}}',
            root_cause: '{{notes}}',
            prevention: '',
          },
        },
        // With `afterDeploy: true` in its route only for what a new version did; and dry, until it has earned trust.
        rollback: {
          type: 'mcp',
          server: stdio('deploymentRelease.ts'),
          tool: 'rollback_deployment',
          arguments: { application: '{{alert.server}}', reason: '{{title}}' },
          dryRun: true,
        },
      },
      routes: [
        { channels: ['chat', 'issues', 'rollback'], states: ['created'], severity: 'critical' },
        { channels: ['mail'], states: ['created', 'escalated'] },
      ],
    },
  };
}
