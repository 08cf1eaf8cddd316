/**
 * Workspaces: what several teams that share one collector keep apart. A server is known inside of the collector, in its store
 * and in answers by one name: its own in the default workspace, `team-a::files` in another. What is kept by the name of a
 * server (series, alerts, thresholds) is so kept apart without knowing of workspaces.
 */
import { WORKSPACE_NAME } from '@mcp-vitals/wire/decode';
import { matches } from './namePattern.ts';

/** Of servers that say no other. */
export const DEFAULT_WORKSPACE = 'default';

/** For regular expressions. */
export const WORKSPACE_PATTERN = WORKSPACE_NAME.source.slice(1, -1);

const SEPARATOR = '::';
const ANYTHING = '*';
const NO_NAME = '(unnamed)';
const MAX_WORKSPACE_LENGTH = 39;

export interface QualifiedName {
  workspace: string;
  /** As the server calls itself. */
  name: string;
}

export function isWorkspaceName(text: string): boolean {
  return WORKSPACE_NAME.test(text);
}

/** What stands before the name of a server outside of the default workspace, `::` included; else empty. */
export function workspacePrefix(server: string): string {
  const end = server.indexOf(SEPARATOR);
  if (end < 1 || end > MAX_WORKSPACE_LENGTH || !isWorkspaceName(server.slice(0, end))) return '';
  return server.slice(0, end + SEPARATOR.length);
}

export function splitName(server: string): QualifiedName {
  const prefix = workspacePrefix(server);
  if (prefix === '') return { workspace: DEFAULT_WORKSPACE, name: server };
  return { workspace: prefix.slice(0, -SEPARATOR.length), name: server.slice(prefix.length) };
}

export function workspaceOf(server: string): string {
  return splitName(server).workspace;
}

/**
 * The name by which the collector knows what a stranger calls `name`. In the default workspace one that would be taken for a
 * server of another workspace is written with one colon; in the others one that stands for all servers, `*`, is no name.
 */
export function qualifiedName(workspace: string, name: string): string {
  if (workspace === DEFAULT_WORKSPACE) return workspacePrefix(name) === '' ? name : name.replace(/:{2,}/, ':');
  return workspace + SEPARATOR + (name === '' || name === ANYTHING ? NO_NAME : name);
}

/** Stands for every server of a workspace, in patterns and in thresholds. */
export function everyServerOf(workspace: string): string {
  return workspace + SEPARATOR + ANYTHING;
}

/** The workspace whose every server is meant by `team-a::*` or `team-a::`; undefined for the name of a server. */
export function workspaceMeant(server: string): string | undefined {
  const { workspace, name } = splitName(server);
  return workspacePrefix(server) !== '' && (name === '' || name === ANYTHING) ? workspace : undefined;
}

/**
 * What `server`, as somebody says it who sees nothing but `workspace`, is called: `files` is meant to be one of theirs.
 * @returns undefined for a server of another workspace
 */
export function nameWithin(workspace: string, server: string): string | undefined {
  const prefix = workspacePrefix(server);
  if (prefix === '') return workspace === DEFAULT_WORKSPACE ? server : workspace + SEPARATOR + server;
  if (prefix !== workspace + SEPARATOR) return undefined;
  return workspace === DEFAULT_WORKSPACE && workspaceMeant(server) === undefined ? server.slice(prefix.length) : server;
}

/** A pattern of names that matches nothing beyond a workspace: one of the default workspace has to say so. */
export function patternWithin(workspace: string, pattern: string): string {
  const isOpen = workspacePrefix(pattern) === '' && pattern.includes(ANYTHING);
  return isOpen ? workspace + SEPARATOR + pattern : pattern;
}

/** Whether a pattern can match servers of this workspace only. */
export function isPatternWithin(workspace: string, pattern: string): boolean {
  return workspaceOf(pattern) === workspace && patternWithin(workspace, pattern) === pattern;
}

/** Whether a pattern, in which `*` stands for anything, is about a server; `default::*` is about those of the default workspace. */
export function matchesServer(pattern: string, server: string): boolean {
  const { workspace, name } = splitName(pattern);
  if (workspacePrefix(pattern) === '' || workspace !== DEFAULT_WORKSPACE) return matches(pattern, server);
  return workspaceOf(server) === DEFAULT_WORKSPACE && matches(name, server);
}

export function matchesAnyServer(patterns: readonly string[], server: string): boolean {
  return patterns.some((pattern) => matchesServer(pattern, server));
}

/** For metrics: nothing in the default workspace, so that its series stay what they are. */
export function workspaceLabels(server: string): { workspace?: string } {
  const workspace = workspaceOf(server);
  return workspace === DEFAULT_WORKSPACE ? {} : { workspace };
}

/** For people: `files (team-a)`. */
export function readableName(server: string): string {
  const { workspace, name } = splitName(server);
  return workspace === DEFAULT_WORKSPACE ? name : `${name} (${workspace})`;
}
