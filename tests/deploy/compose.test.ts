/** `deploy/compose.yaml`: what it promises of every service, and that Docker's own program takes it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeWithPrograms } from '../../packages/collector/src/testing/monitoringPrograms.ts';
import { readStage } from '../../scripts/image/dockerfile.ts';

const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url));
const FILE = join(DEPLOY, 'compose.yaml');
const require = createRequire(join(DEPLOY, '../packages/collector/package.json'));
const { parse } = require('yaml') as { parse(text: string, options: { merge: boolean }): unknown };

interface Service {
  build?: { dockerfile: string; target: string };
  image: string;
  user: string;
  read_only: boolean;
  cap_drop: string[];
  security_opt: string[];
  ports?: string[];
  volumes?: string[];
  secrets?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
}

interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file: string }>;
}

const compose = parse(readFileSync(FILE, 'utf8'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8');

/** `docker compose`, or the program of its own that it was before. */
function composeProgram(): string[] | undefined {
  return [['docker', 'compose'], ['docker-compose']].find(
    ([command, ...args]) => spawnSync(command!, [...args, 'version'], { stdio: 'ignore' }).status === 0,
  );
}

describe('the compose file', () => {
  it('has the five that work together', () => {
    expect(Object.keys(compose.services)).toEqual(['collector', 'example', 'prometheus', 'alertmanager', 'grafana']);
  });

  it.each(services)('lets %s do no more than it has to', (_, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      user: expect.stringMatching(/^[1-9]\d*:\d+$/),
    });
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    for (const volume of service.volumes ?? []) {
      const [from, , mode] = volume.split(':');
      if (from!.startsWith('.')) expect(mode).toBe('ro');
      else expect(compose.volumes).toHaveProperty(from!);
    }
    for (const secret of service.secrets ?? []) expect(compose.secrets).toHaveProperty(secret);
    expect(JSON.stringify(service.environment ?? {})).not.toMatch(/(TOKEN|PASSWORD)":"(?!\/)/);
  });

  it.each(services)(
    'knows when %s is well, and what version it is',
    (_, { build, image, user, healthcheck, depends_on }) => {
      for (const { condition } of Object.values(depends_on ?? {})) expect(condition).toBe('service_healthy');
      if (build === undefined) {
        expect(image).toMatch(/^[a-z]+\/[a-z]+:v?\d+\.\d+\.\d+$/);
        expect(healthcheck?.test[0]).toBe('CMD');
        return;
      }
      const stage = readStage(dockerfile, build.target);
      expect(stage.healthcheck[0]).toBe('node');
      expect(stage.user).toBe(user);
      expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-[a-z]+-slim$/m);
    },
  );

  it('mounts what is there', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]!));
    for (const path of mounted.filter((each) => each.startsWith('.')))
      expect([path, existsSync(join(DEPLOY, path))]).toEqual([path, true]);
  });

  it('gets its secrets from a script that makes them once, for the owner of the folder only', () => {
    const dir = mkdtempSync(join(tmpdir(), 'mcp-vitals-secrets-'));
    const make = () => {
      const script = `cp ${join(DEPLOY, 'makeSecrets.sh')} ${dir} && sh ${dir}/makeSecrets.sh`;
      expect(spawnSync('sh', ['-c', script]).status).toBe(0);
      return Object.values(compose.secrets).map(({ file }) => readFileSync(join(dir, file), 'utf8'));
    };
    try {
      const made = make();
      expect(new Set(made).size).toBe(made.length);
      for (const secret of made) expect(secret).toMatch(/^[0-9a-f]{64}$/);
      expect(statSync(join(dir, 'secrets')).mode & 0o777).toBe(0o700);
      expect(make()).toEqual(made);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  describeWithPrograms('what it mounts', ['promtool', 'amtool'], () => {
    it.each([
      ['promtool', ['check', 'config', '--syntax-only', 'prometheus.yml']],
      ['promtool', ['check', 'rules', 'rules/mcp-vitals-alerts.yml', 'rules/mcp-vitals-recording.yml']],
      ['amtool', ['check-config', 'alertmanager.yml']],
    ])('is what %s %j takes', (command, args) => {
      const { status, stdout, stderr } = spawnSync(command, args, {
        cwd: join(DEPLOY, 'prometheus'),
        encoding: 'utf8',
      });
      expect(status, stdout + stderr).toBe(0);
    });
  });

  const program = composeProgram();
  const isSkipped = program === undefined && process.env.MCP_VITALS_CI !== '1';
  it.skipIf(isSkipped)(
    `is what ${isSkipped ? 'Compose (needs docker compose or docker-compose)' : 'Compose'} takes`,
    () => {
      const [command, ...args] = program!;
      const checked = spawnSync(command!, [...args, '-f', FILE, 'config', '--quiet'], { encoding: 'utf8' });
      expect(checked.stderr + checked.stdout).toBe('');
      expect(checked.status).toBe(0);
    },
  );
});
