/**
 * Which part may know which. The data below is the rule; the check reads every source file of the packages and prints
 * what breaks it, with file and line, and `docs/architecture.md` shows the same data between two markers.
 *
 *     tsx scripts/checkBoundaries.ts                exit 1 on a violation or when the page differs
 *     tsx scripts/checkBoundaries.ts --write-docs   bring the page up to date
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boundariesMarkdown } from './boundaries/markdown.ts';
import { readModuleFacts } from './boundaries/moduleFacts.ts';
import { checkFile, type PackageRule, type Reserved, type SourceFile, type Violation } from './boundaries/rules.ts';
import { replaceBetweenMarkers } from './generatedSection.ts';

/** What every stage of the SDK may know; of a neighbour in the flow it may know types, to be handed the rest. */
const SDK_STAGE = ['clock.ts', 'diagnostics.ts', 'endpoint.ts', 'type:options.ts'];

/** What every stage of the collector may know: the domain and the ports, and nothing of its siblings. */
const COLLECTOR_STAGE = [
  'model/',
  'errors.ts',
  'clock.ts',
  'logger.ts',
  'snapshot.ts',
  'cached.ts',
  'knownSubject.ts',
  'retryPause.ts',
  'type:config/schema.ts',
  'type:store/store.ts',
  'type:serve/ports/',
];

export const PACKAGES: Readonly<Record<string, PackageRule>> = {
  sketch: { packages: [], edges: { '': ['*'] } },
  wire: { packages: ['@mcp-vitals/sketch'], edges: { '': ['*'] } },
  prometheus: { packages: ['@mcp-vitals/sketch', '@mcp-vitals/wire/encode'], edges: { '': ['*'] } },
  sdk: {
    packages: ['@mcp-vitals/sketch', '@mcp-vitals/wire/encode', '@mcp-vitals/prometheus'],
    edges: {
      'clock.ts': [],
      'endpoint.ts': [],
      'diagnostics.ts': [],
      'metricsOptions.ts': [],
      'controlOptions.ts': [],
      'options.ts': ['endpoint.ts', 'metricsOptions.ts', 'controlOptions.ts'],
      'instrument/': [...SDK_STAGE, 'type:record/', 'type:window/', 'type:control/'],
      'control/': [
        ...SDK_STAGE,
        'type:controlOptions.ts',
        'type:metrics/',
        'type:record/',
        'type:window/',
        'instrument/follow.ts',
      ],
      'record/': [...SDK_STAGE, 'type:window/'],
      'window/': SDK_STAGE,
      'resource/': SDK_STAGE,
      'batch/': [...SDK_STAGE, 'type:window/', 'type:transport/'],
      'transport/': SDK_STAGE,
      'metrics/': [...SDK_STAGE, 'type:record/', 'type:window/'],
      'prometheus/': [...SDK_STAGE, 'type:metricsOptions.ts', 'type:batch/'],
      'prometheus/start.ts': ['*'],
      'serveMetrics.ts': ['*'],
      'productionDeps.ts': ['*'],
      'exit.ts': ['clock.ts', 'type:monitor.ts'],
      'spool.ts': ['transport/'],
      'monitor.ts': ['*'],
      'processState.ts': ['*'],
      'withMonitoring.ts': ['*'],
      'createMonitor.ts': ['*'],
      'serverMonitor.ts': ['type:monitor.ts', 'type:control/'],
      'monitorOfServer.ts': ['*'],
      'register.ts': ['*'],
      'preload/': ['withMonitoring.ts'],
      'index.ts': ['*'],
    },
  },
  collector: {
    packages: [
      '@mcp-vitals/sketch',
      '@mcp-vitals/wire/encode',
      '@mcp-vitals/wire/decode',
      '@mcp-vitals/prometheus',
      '@mcp-vitals/sdk',
      '@mcp-vitals/sdk/spool',
    ],
    edges: {
      'errors.ts': [],
      'clock.ts': [],
      'snapshot.ts': ['clock.ts'],
      'cached.ts': ['clock.ts'],
      'knownSubject.ts': ['errors.ts', 'model/', 'type:store/store.ts'],
      'retryPause.ts': ['type:clock.ts'],
      'version.ts': [],
      'hostCheck.ts': ['errors.ts'],
      'serverProcess.ts': ['clock.ts'],
      'childUsage.ts': [],
      'readBody.ts': ['errors.ts'],
      'model/': [],
      'config/': ['errors.ts'],
      'logger.ts': ['type:config/schema.ts'],
      'store/': COLLECTOR_STAGE,
      'store/openStore.ts': ['*'],
      'store/sqlite/': [...COLLECTOR_STAGE, 'store/', 'store/sqlite/db/'],
      'store/postgres/': [...COLLECTOR_STAGE, 'store/'],
      'store/sqlite/db/': ['errors.ts', 'clock.ts', 'logger.ts'],
      'ingest/': [...COLLECTOR_STAGE, 'readBody.ts'],
      'track/': COLLECTOR_STAGE,
      'detect/': COLLECTOR_STAGE,
      'notify/': COLLECTOR_STAGE,
      'alert/': COLLECTOR_STAGE,
      'query/': COLLECTOR_STAGE,
      'report/': COLLECTOR_STAGE,
      'expose/': COLLECTOR_STAGE,
      'exchange/': COLLECTOR_STAGE,
      'protobuf/': [],
      'otlp/': [...COLLECTOR_STAGE, 'protobuf/', 'readBody.ts'],
      'forward/': [...COLLECTOR_STAGE, 'protobuf/'],
      'provision/': COLLECTOR_STAGE,
      'serve/': [...COLLECTOR_STAGE, 'serve/ports/', 'hostCheck.ts', 'config/settings.ts', 'config/alerting.ts'],
      'serve/ports/': ['type:model/', 'type:clock.ts', 'type:config/schema.ts', 'type:store/store.ts', 'type:serve/'],
      'wrap/': ['errors.ts', 'clock.ts', 'hostCheck.ts', 'childUsage.ts'],
      'setup/': ['errors.ts', 'clock.ts'],
      'analysis/': COLLECTOR_STAGE,
      'audit/': COLLECTOR_STAGE,
      'control/': COLLECTOR_STAGE,
      'live/': COLLECTOR_STAGE,
      'workspace/': COLLECTOR_STAGE,
      'baseline/': [...COLLECTOR_STAGE, 'serverProcess.ts', 'childUsage.ts'],
      'print/': ['errors.ts', 'clock.ts', 'type:serve/ports/'],
      'doctor/': ['*'],
      'daemon/': ['*'],
      'app.ts': ['*'],
      'app/': ['*'],
      'cli/': ['*'],
      'index.ts': ['*'],
    },
  },
  // It knows the collector by its HTTP API alone.
  dashboard: {
    packages: [],
    edges: {
      'api/': [],
      'format/': [],
      'live/': ['api/'],
      'route/': ['api/', 'live/'],
      'charts/': ['api/', 'format/', 'live/'],
      'components/': ['api/', 'charts/', 'format/', 'live/', 'route/'],
      'pages/': ['api/', 'charts/', 'components/', 'format/', 'live/', 'route/'],
      'App.tsx': ['*'],
      'main.tsx': ['*'],
    },
  },
};

export const RESERVED: readonly Reserved[] = [
  {
    names: ['node:sqlite', '@photostructure/sqlite'],
    within: ['packages/'],
    allowedIn: ['packages/collector/src/store/sqlite/db/'],
    reason: 'engine differences stay in one folder',
  },
  {
    names: ['pg', 'pg-copy-streams'],
    within: ['packages/'],
    allowedIn: ['packages/collector/src/store/postgres/'],
    reason: 'engine differences stay in one folder',
  },
  {
    names: ['SQL'],
    within: ['packages/'],
    allowedIn: ['packages/collector/src/store/'],
    reason: 'SQL never leaves the store',
  },
  {
    names: ['setTimeout', 'setInterval', 'node:timers'],
    within: ['packages/collector/', 'packages/prometheus/', 'packages/sdk/', 'packages/sketch/', 'packages/wire/'],
    allowedIn: ['packages/collector/src/clock.ts', 'packages/sdk/src/clock.ts'],
    reason: 'tests move time by hand, and no timer may keep a process alive',
  },
  {
    names: ['process.stdout', 'console.log', 'console.info', 'console.debug'],
    within: ['packages/sdk/'],
    allowedIn: [],
    reason: 'stdout belongs to the MCP transport',
  },
  {
    names: ['console.log', 'console.info', 'console.debug'],
    within: ['packages/collector/', 'packages/prometheus/', 'packages/sketch/', 'packages/wire/'],
    allowedIn: ['packages/collector/src/cli/'],
    reason: 'logs go to stderr through the logger',
  },
  {
    names: ['zod'],
    within: ['packages/sdk/', 'packages/sketch/'],
    allowedIn: [],
    reason: 'the SDK starts fast and adds one dependency at most',
  },
  {
    names: ['undici'],
    within: ['packages/sdk/'],
    allowedIn: [],
    reason: "Node's own HTTP client loads in a moment and leaves nothing to compile when the process ends",
  },
];

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(ROOT, 'docs/architecture.md');

/** Every source file of the packages, tests and their helpers left out. */
export function sourceFiles(): SourceFile[] {
  const isSource = (path: string) =>
    /\.tsx?$/.test(path) &&
    !path.endsWith('.d.ts') &&
    !/(\.(test|contract)|Fixtures?)\.ts$/.test(path) &&
    !/(^|\/)testing\//.test(path);
  return Object.keys(PACKAGES).flatMap((name) => {
    const src = join(ROOT, 'packages', name, 'src');
    const paths = readdirSync(src, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
    return paths.filter(isSource).map((path) => ({
      path: `packages/${name}/src/${path}`,
      ...readModuleFacts(path, readFileSync(join(src, path), 'utf8')),
    }));
  });
}

export function checkAll(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => checkFile(file, PACKAGES, RESERVED));
}

function main(): number {
  const page = readFileSync(PAGE, 'utf8');
  const current = replaceBetweenMarkers(page, 'boundaries', boundariesMarkdown(PACKAGES, RESERVED));
  if (process.argv.includes('--write-docs')) writeFileSync(PAGE, current);
  else if (current !== page) {
    console.error('docs/architecture.md differs from the rules: run `npx tsx scripts/checkBoundaries.ts --write-docs`');
    return 1;
  }
  const files = sourceFiles();
  const violations = checkAll(files);
  for (const { path, line, message } of violations) console.error(`${path}:${line}  ${message}`);
  if (violations.length > 0) return 1;
  console.error(`${files.length} files keep the boundaries`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
