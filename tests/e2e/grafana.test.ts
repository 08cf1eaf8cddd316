/** The built command writes what the sources do, without the SDK of Grafana that it was built with. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const COLLECTOR = fileURLToPath(new URL('../../packages/collector', import.meta.url));

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mv-grafana-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('imports nothing of Grafana when it runs', () => {
  const files = readdirSync(join(COLLECTOR, 'dist')).filter((name) => name.endsWith('.mjs'));
  expect(files.length).toBeGreaterThan(20);
  for (const name of files) {
    const code = readFileSync(join(COLLECTOR, 'dist', name), 'utf8');
    expect(code, name).not.toMatch(/(from|import|require)\s*\(?\s*["'`](@grafana\/|tslib)/);
  }
});

it('writes dashboards and rules where no collector runs', () => {
  for (const command of ['grafana', 'prometheus']) {
    const args = [
      join(COLLECTOR, 'bin/mcp-vitals.mjs'),
      command,
      '--data-dir',
      join(dir, 'none'),
      '--out',
      join(dir, 'out'),
    ];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toContain('No collector answers');
  }
  const overview = JSON.parse(readFileSync(join(dir, 'out/dashboards/overview.json'), 'utf8'));
  expect(overview.panels.length).toBeGreaterThan(30);
  expect(readFileSync(join(dir, 'out/rules/mcp-vitals-alerts.yml'), 'utf8')).toContain('alert: HighErrorRate');
});
