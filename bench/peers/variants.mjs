/**
 * What is compared, each with what its own documentation says and its defaults, and with a local server as its backend.
 *
 * - `seam` variants time the `tools/call` handler in the low-level server's map, as we do: they show what the recording
 *   itself costs. All of them get the labels that we tell apart, tool and outcome.
 * - `sdk` variants are whole products, given the server in the way they want it.
 *
 * A variant is loaded in a process of its own. `load(sinkUrl)` returns what to do with a server before it has tools
 * (`prepare`) and after (`wrap`), and how to send everything that is left.
 */
import { performance } from 'node:perf_hooks';

/** Reads the clock twice and follows the promise that a handler of the SDK always returns; nothing else. */
function timed(server, record) {
  const handlers = (server.server ?? server)._requestHandlers;
  const original = handlers.get('tools/call');
  handlers.set('tools/call', (...args) => {
    const startedMs = performance.now();
    const answer = original(...args);
    answer.then(
      () => record(args[0].params.name, 'ok', performance.now() - startedMs),
      () => record(args[0].params.name, 'error', performance.now() - startedMs),
    );
    return answer;
  });
}

const nothing = { prepare: () => {}, wrap: () => {}, flush: async () => {} };

export const VARIANTS = {
  bare: { type: 'seam', imports: [], load: async () => nothing },

  ideal: {
    type: 'seam',
    imports: [],
    load: async () => ({
      ...nothing,
      wrap(server) {
        const durations = new Float64Array(4_096);
        let count = 0;
        timed(server, (_tool, _outcome, durationMs) => {
          durations[count++ & 4_095] = durationMs;
        });
      },
    }),
  },

  'mcp-vitals': {
    type: 'seam',
    imports: [process.env.BENCH_SDK],
    async load() {
      const { withMonitoring, getMonitor } = await import(process.env.BENCH_SDK);
      return { ...nothing, wrap: (server) => void withMonitoring(server), flush: () => getMonitor().flush(5_000) };
    },
  },

  'prom-client histogram': {
    type: 'seam',
    imports: ['prom-client'],
    async load() {
      const { Histogram } = await import('prom-client');
      const labelNames = ['tool', 'outcome'];
      const histogram = new Histogram({ name: 'tool_seconds', help: 'Duration', labelNames, registers: [] });
      const record = (tool, outcome, durationMs) => histogram.observe({ tool, outcome }, durationMs / 1_000);
      return { ...nothing, wrap: (server) => timed(server, record) };
    },
  },

  'OpenTelemetry histogram': {
    type: 'seam',
    imports: ['@opentelemetry/sdk-metrics'],
    async load() {
      const { MeterProvider, MetricReader } = await import('@opentelemetry/sdk-metrics');
      class SilentReader extends MetricReader {
        async onForceFlush() {}
        async onShutdown() {}
      }
      const histogram = new MeterProvider({ readers: [new SilentReader()] }).getMeter('bench').createHistogram('tool');
      const record = (tool, outcome, durationMs) => histogram.record(durationMs, { tool, outcome });
      return { ...nothing, wrap: (server) => timed(server, record) };
    },
  },

  '@sentry/node, tracesSampleRate 0.1': { type: 'sdk', imports: ['@sentry/node'], load: (sink) => sentry(sink, 0.1) },
  '@sentry/node, tracesSampleRate 1': { type: 'sdk', imports: ['@sentry/node'], load: (sink) => sentry(sink, 1) },

  '@posthog/mcp': {
    type: 'sdk',
    imports: ['@posthog/mcp', 'posthog-node'],
    async load(sink) {
      const { instrument } = await import('@posthog/mcp');
      const { PostHog } = await import('posthog-node');
      const posthog = new PostHog('phc_bench', { host: sink });
      return { ...nothing, prepare: (server) => void instrument(server, posthog), flush: () => posthog.flush() };
    },
  },

  agentcat: {
    type: 'sdk',
    imports: ['agentcat'],
    async load(sink) {
      const { track } = await import('agentcat');
      const options = { apiBaseUrl: sink, disableDiagnostics: true };
      return { ...nothing, prepare: (server) => void track(server, 'proj_bench', options) };
    },
  },

  '@shinzolabs/instrumentation-mcp': {
    type: 'sdk',
    imports: ['@shinzolabs/instrumentation-mcp'],
    async load(sink) {
      const { instrumentServer } = await import('@shinzolabs/instrumentation-mcp');
      const config = { serverName: 'bench', serverVersion: '1', exporterEndpoint: `${sink}/v1` };
      return { ...nothing, prepare: (server) => void instrumentServer(server, config) };
    },
  },
};

async function sentry(sink, tracesSampleRate) {
  const Sentry = await import('@sentry/node');
  Sentry.init({ dsn: `${sink.replace('://', '://bench@')}/1`, tracesSampleRate });
  return {
    ...nothing,
    prepare: (server) => void Sentry.wrapMcpServerWithSentry(server),
    flush: () => Sentry.flush(5_000),
  };
}
