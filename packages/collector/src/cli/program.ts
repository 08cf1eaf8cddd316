/**
 * The `mcp-vitals` command. A command's file is loaded when it is the one that runs: `wrap` stands before servers, and must
 * not take the time to load a collector.
 */
import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { examplesOf } from './examples.ts';

type AddCommand = (program: Command) => void;

const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  serve: async () => (await import('./serve.ts')).serveCommand,
  stdio: async () => (await import('./stdio.ts')).stdioCommand,
  wrap: async () => (await import('./wrap.ts')).wrapCommand,
  init: async () => (await import('./init.ts')).initCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  status: async () => (await import('./status.ts')).statusCommand,
  top: async () => (await import('./top.ts')).topCommand,
  monitor: async () => (await import('./monitor.ts')).monitorCommand,
  bottlenecks: async () => (await import('./bottlenecks.ts')).bottlenecksCommand,
  query: async () => (await import('./query.ts')).queryCommand,
  dashboard: async () => (await import('./dashboard.ts')).dashboardCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  alerts: async () => (await import('./alerts.ts')).alertsCommand,
  analysis: async () => (await import('./analysis.ts')).analysisCommand,
  cost: async () => (await import('./cost.ts')).costCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  trends: async () => (await import('./trends.ts')).trendsCommand,
  token: async () => (await import('./token.ts')).tokenCommand,
  notify: async () => (await import('./notify.ts')).notifyCommand,
  grafana: async () => (await import('./grafana.ts')).grafanaCommand,
  prometheus: async () => (await import('./prometheus.ts')).prometheusCommand,
  gate: async () => (await import('./gate.ts')).gateCommand,
  bench: async () => (await import('./bench.ts')).benchCommand,
  optimize: async () => (await import('./optimize.ts')).optimizeCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  benchmark: async () => (await import('./benchmark.ts')).benchmarkCommand,
  config: async () => (await import('./config.ts')).configCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  import: async () => (await import('./import.ts')).importCommand,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
};

/** @param args what the user typed; without the name of a command the program knows all of them, to show its help */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('mcp-vitals')
    .description('Performance monitoring for MCP servers')
    .version(VERSION)
    // What comes after a command's own arguments is the business of the command that is wrapped.
    .enablePositionalOptions()
    .showHelpAfterError();
  const [name] = args;
  const isCommand = name !== undefined && Object.hasOwn(COMMANDS, name);
  for (const load of isCommand ? [COMMANDS[name]!] : Object.values(COMMANDS)) (await load())(program);
  for (const command of program.commands) {
    const examples = examplesOf(command.name());
    if (examples !== undefined) command.addHelpText('after', examples);
  }
  return program;
}
