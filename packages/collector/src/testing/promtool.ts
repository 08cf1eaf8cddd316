/** Prometheus' own checks of what is generated: rules, configurations, and rules lived through on made-up series. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findMonitoringProgram, type MonitoringProgram } from './monitoringPrograms.ts';

/** One line of input, a value each minute: `0+10x60` adds 10 sixty times. */
export interface InputSeries {
  series: string;
  values: string;
}

export interface Expectation {
  expr: string;
  /** Minutes since the first value. */
  atMinutes: number;
  samples: { labels: string; value: number }[];
}

export interface RuleTest {
  name: string;
  /** JSON is YAML too. */
  groups: readonly object[];
  input: readonly InputSeries[];
  expected: readonly Expectation[];
  /** All alerts of a name that fire, with what they say. */
  alerts?: readonly { alertname: string; atMinutes: number; firing: readonly FiringAlert[] }[];
}

export interface FiringAlert {
  exp_labels: Record<string, string>;
  exp_annotations: Record<string, string>;
}

/** @returns what promtool says of it; empty when all is as expected */
export function runRuleTests(tests: readonly RuleTest[]): string {
  const files = tests.flatMap(({ name, groups, input, expected, alerts = [] }, i): [string, string][] => [
    [`rules-${i}.yml`, JSON.stringify({ groups })],
    [
      `test-${i}.yml`,
      JSON.stringify({
        rule_files: [`rules-${i}.yml`],
        evaluation_interval: '1m',
        tests: [
          {
            name,
            interval: '1m',
            input_series: input,
            promql_expr_test: expected.map(({ expr, atMinutes, samples }) => ({
              expr,
              eval_time: `${atMinutes}m`,
              exp_samples: samples,
            })),
            alert_rule_test: alerts.map(({ alertname, atMinutes, firing }) => ({
              alertname,
              eval_time: `${atMinutes}m`,
              exp_alerts: firing,
            })),
          },
        ],
      }),
    ],
  ]);
  const testFiles = tests.map((_, i) => `test-${i}.yml`);
  const said = runOnFiles('promtool', ['test', 'rules', ...testFiles], new Map(files));
  return said.status === 0 ? '' : explained(said.text, tests);
}

/** Runs a program in a directory of its own that holds the files. */
export function runOnFiles(
  program: MonitoringProgram,
  args: readonly string[],
  files: ReadonlyMap<string, string>,
): { status: number; text: string } {
  const dir = mkdtempSync(join(tmpdir(), 'mcp-vitals-promtool-'));
  try {
    for (const [path, content] of files) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), content);
    }
    const text = execFileSync(findMonitoringProgram(program)!, args, { cwd: dir, encoding: 'utf8', stdio: 'pipe' });
    return { status: 0, text };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { status, text: `${stdout}${stderr}` };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Names the tests by what they are about. */
function explained(text: string, tests: readonly RuleTest[]): string {
  return text.replace(/test-(\d+)\.yml/g, (file, i: string) => `${file} (${tests[Number(i)]?.name})`);
}
