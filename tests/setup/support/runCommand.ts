import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { COMMAND, cleanEnvironment } from '../../e2e/support/collector.ts';

export interface Outcome {
  stdout: string;
  stderr: string;
  code: number;
}

/** Runs the built `mcp-vitals` as a user whose home directory, and current one, is `home`. */
export async function runCommand(
  home: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: home,
    env: { ...cleanEnvironment(home), MCP_VITALS_DATA: undefined, ...env },
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { stdout, stderr, code: code as number };
}
