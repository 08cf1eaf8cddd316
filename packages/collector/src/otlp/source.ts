/** Who sends: one process, by the attributes of its resource. Names are those of OpenTelemetry's resource conventions. */
import type { Batch, ServerIdentity } from '@mcp-vitals/wire/decode';
import type { ResourceMetrics, ScopeMetrics } from '../protobuf/otlpMessages.ts';
import { Attributes, keyOf } from './attributes.ts';

/** What the specification of resources has an SDK say that was told no name. */
const UNNAMED_SERVICE = 'unknown_service';

export interface Source {
  /** The same for the same attributes. */
  key: string;
  server: ServerIdentity;
  process: Batch['process'];
  scopes: readonly ScopeMetrics[];
}

/** What came of each source, put together. */
export function sourcesOf(resourceMetrics: readonly ResourceMetrics[] = []): Source[] {
  const sources = new Map<string, Source>();
  for (const { resource, scopeMetrics = [] } of resourceMetrics) {
    const attributes = new Attributes(resource?.attributes);
    const key = keyOf(attributes.identity);
    const known = sources.get(key);
    if (known === undefined) sources.set(key, sourceOf(key, attributes, scopeMetrics));
    else sources.set(key, { ...known, scopes: [...known.scopes, ...scopeMetrics] });
  }
  return [...sources.values()];
}

function sourceOf(key: string, attributes: Attributes, scopes: readonly ScopeMetrics[]): Source {
  const joined = (...keys: string[]) => keys.flatMap((each) => attributes.text(each) ?? []).join(' ');
  return {
    key,
    server: {
      name: attributes.text('service.name') ?? UNNAMED_SERVICE,
      version: attributes.text('service.version') ?? '',
    },
    process: {
      host: attributes.text('host.name') ?? '',
      pid: attributes.count('process.pid') ?? 0,
      runtime: shortened(joined('process.runtime.name', 'process.runtime.version')),
      sdk: shortened(`opentelemetry ${joined('telemetry.sdk.language', 'telemetry.sdk.version')}`.trimEnd()),
    },
    scopes,
  };
}

function shortened(text: string): string {
  return text.slice(0, 200);
}
