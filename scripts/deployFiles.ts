/**
 * Writes what Prometheus, Alertmanager and Grafana are configured with in `deploy/`, as the two commands make it for a
 * collector that has seen the tools of `deploy/example/server.mjs`.
 *
 *     node --conditions=@mcp-vitals/source --import tsx scripts/deployFiles.ts
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTestCollector } from '../packages/collector/src/testing/testCollector.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COMMAND = join(ROOT, 'packages/collector/src/cli/main.ts');
export const DEPLOY = join(ROOT, 'deploy');
/** Made by the commands, all of it. */
export const GENERATED = ['prometheus', 'grafana'] as const;

const EXAMPLE = readFileSync(join(DEPLOY, 'example/server.mjs'), 'utf8');
const SERVER = /new McpServer\(\{ name: '([^']+)'/.exec(EXAMPLE)![1]!;
const TOOLS = [...EXAMPLE.matchAll(/registerTool\('([^']+)'/g)].map(([, tool]) => tool!);

/** As the containers of `compose.yaml` reach each other, and people the page. */
const COLLECTOR = ['--collector', 'http://collector:6848', '--page', 'http://127.0.0.1:6848'];
const ALERTMANAGER = ['--alertmanager', 'http://alertmanager:9093'];
const TOKENS = '/run/secrets';

const ARGUMENTS: Record<(typeof GENERATED)[number], readonly string[]> = {
  prometheus: [
    ...[...COLLECTOR, ...ALERTMANAGER, '--alerts', 'missing'],
    ...['--token-file', `${TOKENS}/read`, '--webhook-token-file', `${TOKENS}/ingest`],
  ],
  grafana: [
    ...[...COLLECTOR, ...ALERTMANAGER, '--prometheus', 'http://prometheus:9090'],
    ...['--token-file', `${TOKENS}/ingest`, '--dashboards-path', '/var/lib/mcp-vitals/dashboards'],
  ],
};

/** @param into a directory for the two; @throws Error with what a command said */
export async function writeDeployFiles(into: string): Promise<void> {
  const collector = await startTestCollector();
  try {
    for (const toolName of TOOLS) {
      const body = { mcpServer: SERVER, toolName, duration: 10, success: true };
      await collector.ask('/api/v1/tools/track_performance', { scope: 'admin', method: 'POST', body });
    }
    for (const name of GENERATED) {
      await runCommand([name, '--data-dir', collector.dataDir, '--out', join(into, name), ...ARGUMENTS[name]]);
    }
  } finally {
    await collector.stop();
  }
}

async function runCommand(args: readonly string[]): Promise<void> {
  const node = ['--conditions=@mcp-vitals/source', '--import', 'tsx', COMMAND];
  const child = spawn(process.execPath, [...node, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk;
    });
  }
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) throw new Error(`mcp-vitals ${args.join(' ')} failed: ${said}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of GENERATED) rmSync(join(DEPLOY, name), { recursive: true, force: true });
  await writeDeployFiles(DEPLOY);
  // The containers have other users than whoever writes them.
  for (const name of GENERATED) spawnSync('chmod', ['-R', 'u=rwX,go=rX', join(DEPLOY, name)]);
}
