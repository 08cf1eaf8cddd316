/**
 * What `npm start`, `npm test`, `npm run test:full`, `npm run bench`, `npm run bench:detection`, `npm run compare` and `npm run pack` run. Plain JavaScript without a dependency, because
 * it has to work right after `git clone` on a machine with only Node, npm and git: it installs (through npx, so that no
 * global pnpm is needed), builds, and then does the job. A second run skips what is done already and needs no network.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const MINIMUM_NODE = [20, 18, 1];
const PNPM = 'pnpm@10.34.9';
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Remembers which lockfile and manifests the installed node_modules belong to. */
const INSTALL_STAMP = join(ROOT, 'node_modules', '.installed-for');

const node = (...args) => [process.execPath, ...args];
const tsx = (file, ...args) => node('--import', 'tsx', file, ...args);
const bin = (path, ...args) => node(join('node_modules', path), ...args);
const vitest = (...args) => bin('vitest/vitest.mjs', ...args);

const CHECKS = [
  ['format and lint', bin('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.')],
  ['types', bin('typescript/bin/tsc', '--noEmit', '-p', '.')],
  ['types of the dashboard', bin('typescript/bin/tsc', '--noEmit', '-p', 'packages/dashboard')],
  ['boundaries', tsx('scripts/checkBoundaries.ts')],
  ['generated docs', tsx('scripts/generateDocs.ts', '--check')],
  ['packages as published', tsx('scripts/checkPackages.ts')],
];

/** Each job is a list of [label, command, environment]; it ends at the first that fails. */
const JOBS = {
  start: (args) => [[undefined, tsx('scripts/demo/main.ts', ...args)]],
  test: (args) => [...CHECKS, ['tests', vitest('run', '--coverage', ...args)]],
  'test:full': (args) => [
    ...CHECKS,
    ['tests, properties at length', vitest('run', '--coverage', ...args), { MCP_VITALS_TEST_FULL: '1' }],
  ],
  bench: (args) => [[undefined, tsx('bench/index.ts', ...args)]],
  'bench:detection': (args) => [[undefined, tsx('bench/detection/index.ts', ...args)]],
  compare: (args) => [[undefined, tsx('bench/comparison.ts', ...args)]],
  pack: () => [],
};

/** Says what is wrong with this Node, or nothing. */
function nodeComplaint(version) {
  const have = version.split('.').map(Number);
  const differs = MINIMUM_NODE.findIndex((wanted, i) => have[i] !== wanted);
  if (differs === -1 || have[differs] > MINIMUM_NODE[differs]) return undefined;
  return `This needs Node ${MINIMUM_NODE.join('.')} or newer; the one running is ${version}. See https://nodejs.org/en/download`;
}

/** Changes whenever an install could change something: lockfile, manifests, Node's ABI, platform. */
function installFingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${process.versions.modules}`);
  const manifests = ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', 'bench/package.json'];
  for (const group of ['packages', 'examples', 'tests']) {
    for (const name of readdirSync(join(ROOT, group))) manifests.push(join(group, name, 'package.json'));
  }
  for (const path of manifests.filter((path) => existsSync(join(ROOT, path)))) {
    hash.update(path).update(readFileSync(join(ROOT, path)));
  }
  return hash.digest('hex');
}

function isInstalled() {
  return existsSync(INSTALL_STAMP) && readFileSync(INSTALL_STAMP, 'utf8') === installFingerprint();
}

/** What keeps npx from asking the registry about an exact version that it has, and turbo from calling home. */
const QUIET = { npm_config_prefer_offline: 'true', TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };

/** Runs pnpm through npx; on Windows npx is a batch file, which only a shell can start. */
function pnpm(...args) {
  return process.platform === 'win32'
    ? { command: 'npx.cmd', args: ['--yes', PNPM, ...args], shell: true }
    : { command: 'npx', args: ['--yes', PNPM, ...args], shell: false };
}

let running;
// The terminal sends Ctrl-C to the whole group: wait for the child's own clean-up. SIGTERM comes to us alone: pass it on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => running?.kill('SIGTERM'));

/** Resolves with the exit code; 128 plus the number of the signal that ended it, as shells do. */
function run({ command, args, shell = false }, env = {}) {
  return new Promise((resolve) => {
    running = spawn(command, args, { cwd: ROOT, stdio: 'inherit', shell, env: { ...process.env, ...env } });
    running.on('error', (error) => {
      console.error(`Could not start ${command}: ${error.message}`);
      resolve(127);
    });
    running.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

const say = (line) => console.error(`\n> ${line}`);

async function install() {
  if (isInstalled()) return 0;
  say('Installing dependencies (once; later runs skip this)');
  const code = await run(pnpm('install', '--frozen-lockfile', '--reporter=append-only'), QUIET);
  if (code === 0) writeFileSync(INSTALL_STAMP, installFingerprint());
  return code;
}

function build() {
  say('Building');
  return run(pnpm('exec', 'turbo', 'run', 'build', '--output-logs=errors-only'), QUIET);
}

/** The packages as they are published, for a server outside of this repository: `npm install <here>/packed/*.tgz`. */
function pack() {
  say('Packing into packed/');
  return run(
    pnpm(
      '--filter',
      './packages/*',
      '--filter',
      '!@mcp-vitals/dashboard',
      '-r',
      'pack',
      '--pack-destination',
      join(ROOT, 'packed'),
    ),
    QUIET,
  );
}

async function main([name, ...args]) {
  const job = JOBS[name];
  if (job === undefined) {
    console.error(`Usage: node scripts/run.mjs ${Object.keys(JOBS).join(' | ')} [arguments]`);
    return 2;
  }
  const complaint = nodeComplaint(process.versions.node);
  if (complaint !== undefined) {
    console.error(complaint);
    return 1;
  }
  const steps = name === 'pack' ? [install, build, pack] : [install, build];
  for (const [label, [command, ...commandArgs], env] of job(args)) {
    steps.push(() => {
      if (label !== undefined) say(label);
      return run({ command, args: commandArgs }, env);
    });
  }
  for (const step of steps) {
    const code = await step();
    if (code !== 0) return code;
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
