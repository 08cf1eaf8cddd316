/** Who sends: one process, by the attributes of its resource. Names are those of OpenTelemetry's resource conventions. */
import type { Batch, ServerIdentity } from '@mcp-vitals/wire/decode';
import { DEFAULT_WORKSPACE, isWorkspaceName, qualifiedName } from '../model/workspace.ts';
import type { ResourceMetrics, ScopeMetrics } from '../protobuf/otlpMessages.ts';
import { Attributes, keyOf } from './attributes.ts';

/** What the specification of resources has an SDK say that was told no name. */
const UNNAMED_SERVICE = 'unknown_service';

export interface SourceOptions {
  /** That all sources belong to, whatever they say; undefined: what they say. */
  workspace: string | undefined;
  /** The attribute of a resource that says it. */
  workspaceAttribute: string;
}

export interface Source {
  /** The same for the same attributes, in one workspace. */
  key: string;
  server: ServerIdentity;
  process: Batch['process'];
  scopes: readonly ScopeMetrics[];
}

/** What came of each source, put together. */
export function sourcesOf(resourceMetrics: readonly ResourceMetrics[] = [], options: SourceOptions): Source[] {
  const sources = new Map<string, Source>();
  for (const { resource, scopeMetrics = [] } of resourceMetrics) {
    const attributes = new Attributes(resource?.attributes);
    const workspace = options.workspace ?? workspaceSaid(attributes, options.workspaceAttribute);
    // A source of another workspace may say the same of itself, and must not change what is remembered of this one.
    const parts = options.workspace === undefined ? [attributes.identity] : [attributes.identity, options.workspace];
    const key = keyOf(...parts);
    const known = sources.get(key);
    if (known === undefined) sources.set(key, sourceOf(key, workspace, attributes, scopeMetrics));
    else sources.set(key, { ...known, scopes: [...known.scopes, ...scopeMetrics] });
  }
  return [...sources.values()];
}

/** What is no name of a workspace is none of ours: whoever sends it may mean something else by the attribute. */
function workspaceSaid(attributes: Attributes, attribute: string): string {
  const said = attributes.text(attribute)?.toLowerCase() ?? '';
  return isWorkspaceName(said) ? said : DEFAULT_WORKSPACE;
}

function sourceOf(key: string, workspace: string, attributes: Attributes, scopes: readonly ScopeMetrics[]): Source {
  const joined = (...keys: string[]) => keys.flatMap((each) => attributes.text(each) ?? []).join(' ');
  return {
    key,
    server: {
      name: qualifiedName(workspace, attributes.text('service.name') ?? UNNAMED_SERVICE),
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
