/** What `deploy/` configures Prometheus, Alertmanager and Grafana with is what the commands write for the example's tools. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEPLOY, GENERATED, writeDeployFiles } from '../../scripts/deployFiles.ts';

function filesOf(dir: string): Record<string, string> {
  const paths = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    paths
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(dir.length + 1), readFileSync(path, 'utf8')]),
  );
}

it('is as the commands write it (scripts/deployFiles.ts brings it up to date)', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mcp-vitals-deploy-'));
  try {
    await writeDeployFiles(dir);
    for (const name of GENERATED) expect(filesOf(join(DEPLOY, name))).toEqual(filesOf(join(dir, name)));
  } finally {
    rmSync(dir, { recursive: true });
  }
});
