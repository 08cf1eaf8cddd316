/**
 * Which series a request belongs to. Names are what the server's author chose: a tool's, a prompt's, a method's. The URI
 * of a resource is chosen by the client and may say more than anybody wants to keep, so it is a name only where the
 * author registered it; else the template that it fits is, or its scheme.
 */
import type { SeriesKind } from '@mcp-vitals/wire/encode';
import type { KnowsName } from '../record/recorder.ts';

/** Where requests are counted that name nothing. */
const UNNAMED = '__unnamed__';

/** What a client may ask of a server and call by name. */
export type RequestKind = Extract<SeriesKind, 'tool' | 'resource' | 'prompt' | 'method'>;

/** The lists of an `McpServer` by name or URI, as far as we look into them. */
interface Registry {
  _registeredTools?: unknown;
  _registeredPrompts?: unknown;
  _registeredResources?: unknown;
  _registeredResourceTemplates?: unknown;
}

/** How requests of one method are named. */
export interface Naming {
  kind: RequestKind;
  nameOf(request: unknown): string;
  /** Absent where the names are not the client's. */
  knows?: KnowsName;
}

/** @param server what was given to be monitored; an `McpServer` knows what it has */
export function namingOf(method: string, server: object): Naming {
  switch (method) {
    case 'tools/call':
      return { kind: 'tool', nameOf: nameParam, knows: (name) => has((server as Registry)._registeredTools, name) };
    case 'prompts/get':
      return { kind: 'prompt', nameOf: nameParam, knows: (name) => has((server as Registry)._registeredPrompts, name) };
    case 'resources/read':
      return { kind: 'resource', nameOf: (request) => resourceName(server, request) };
    default:
      return { kind: 'method', nameOf: () => method };
  }
}

function nameParam(request: unknown): string {
  const name = (request as { params?: { name?: unknown } }).params?.name;
  return typeof name === 'string' ? name : UNNAMED;
}

function resourceName(server: Registry, request: unknown): string {
  const uri = (request as { params?: { uri?: unknown } }).params?.uri;
  if (typeof uri !== 'string') return UNNAMED;
  if (has(server._registeredResources, uri)) return uri;
  return templateOf(server._registeredResourceTemplates, uri) ?? schemeOf(uri);
}

/** Name of the registered template that a URI fits; the SDK's own way of finding it. */
function templateOf(templates: unknown, uri: string): string | undefined {
  if (typeof templates !== 'object' || templates === null) return undefined;
  for (const [name, template] of Object.entries(templates as Record<string, TemplateShape>)) {
    if (template.resourceTemplate?.uriTemplate?.match?.(uri)) return name;
  }
  return undefined;
}

interface TemplateShape {
  resourceTemplate?: { uriTemplate?: { match?(uri: string): unknown } };
}

/** E.g. `file:`; what is no URI has none. */
export function schemeOf(uri: string): string {
  return /^[a-z][a-z0-9+.-]{0,30}:/i.exec(uri)?.[0].toLowerCase() ?? UNNAMED;
}

/** Undefined where there is no such registry. */
function has(registry: unknown, name: string): boolean | undefined {
  return typeof registry === 'object' && registry !== null ? Object.hasOwn(registry, name) : undefined;
}
