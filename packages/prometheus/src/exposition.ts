/**
 * Totals as text, by prom-client: it knows both formats and how to escape. Our counts are handed to it as metrics that know
 * their values already, a new registry for each scrape, because in OpenMetrics it renames counters for good.
 */
import type { Metric, Registry, RegistryContentType } from 'prom-client';
import { prefersOpenMetrics } from './accept.ts';
import { PROCESS_METRICS_PREFIX } from './families.ts';
import type { FamilySamples, Sample, SampleSource } from './sample.ts';

export interface ExpositionOptions {
  /**
   * `() => import('prom-client')`, written where the package stands that depends on it: who imports decides where it is looked
   * for, and this package lies elsewhere when several are installed side by side.
   */
  importPromClient: () => Promise<PromClientModule>;
  /** In the order in which they are shown. No family may come from two of them. */
  sources: readonly SampleSource[];
  /** Whether to show what prom-client measures of this process. Default: no. */
  processMetrics?: boolean;
}

export interface Exposition {
  /** @param accept the header of the request, which chooses between Prometheus' text format and OpenMetrics */
  render(accept: string | undefined): Promise<{ contentType: string; body: string }>;
}

type PromClient = typeof import('prom-client');
/** It is CommonJS, whose exports are those of `default` as well. */
export type PromClientModule = PromClient & { default?: PromClient };

/** Gauges that are called like counters, which `promtool check metrics` reports; the same by type is there beside them. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** What prom-client's registry asks of a metric. */
interface Rendered {
  name: string;
  help: string;
  type: string;
  values: Sample[];
}

/** @throws Error when prom-client is not installed */
export async function createExposition(options: ExpositionOptions): Promise<Exposition> {
  const { importPromClient, sources, processMetrics = false } = options;
  const { Registry, collectDefaultMetrics } = await loadPromClient(importPromClient);
  const process = new Registry();
  if (processMetrics) {
    collectDefaultMetrics({ register: process, prefix: PROCESS_METRICS_PREFIX });
    for (const name of MISNAMED) process.removeSingleMetric(`${PROCESS_METRICS_PREFIX}${name}`);
  }

  async function ofProcess(): Promise<Rendered[]> {
    const metrics = process.getMetricsAsArray() as unknown as { get(): Promise<Rendered> }[];
    return (await Promise.all(metrics.map((metric) => metric.get()))).map(withoutNaN);
  }

  return {
    async render(accept) {
      const isOpenMetrics = prefersOpenMetrics(accept);
      const collected = (await Promise.all(sources.map((source) => source()))).flat();
      const registry = new Registry<RegistryContentType>();
      registry.setContentType(isOpenMetrics ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE);
      for (const rendered of [...collected.map(ofFamily), ...(await ofProcess())]) {
        register(registry, rendered, isOpenMetrics);
      }
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

async function loadPromClient(importPromClient: ExpositionOptions['importPromClient']): Promise<PromClient> {
  try {
    const module = await importPromClient();
    return module.default ?? module;
  } catch (cause) {
    throw new Error('Prometheus metrics need the package prom-client: npm install prom-client', { cause });
  }
}

function ofFamily({ family: { name, help, type }, samples }: FamilySamples): Rendered {
  return { name, help, type, values: samples };
}

/** In OpenMetrics the name of a counter is without `_total`, which its lines get back. */
function register(registry: Registry<RegistryContentType>, rendered: Rendered, isOpenMetrics: boolean): void {
  const isRenamed = isOpenMetrics && rendered.type === 'counter';
  const shown = isRenamed ? { ...rendered, name: rendered.name.replace(/_total$/, '') } : rendered;
  const metric = { name: shown.name, type: shown.type, get: () => shown };
  // It is typed as one of prom-client's own classes, of which the registry uses these three.
  registry.registerMetric(metric as unknown as Metric);
}

/** A mean of nothing is not a number, which prom-client writes as no parser has to read it. */
function withoutNaN(rendered: Rendered): Rendered {
  return { ...rendered, values: rendered.values.filter(({ value }) => !Number.isNaN(value)) };
}
