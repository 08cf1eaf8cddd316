/** What `init` would do to each configuration file. Nothing is written here. */
import { realpathSync } from 'node:fs';
import { VitalsError } from '../errors.ts';
import { applyChange, type Change, type ServerEntry } from './changes.ts';
import type { ClientPlace } from './clientPlaces.ts';
import { checkLists, findPlaces, type ReadClientsOptions, serversOf } from './clients.ts';
import {
  type ConfigDocument,
  type DocumentPath,
  documentBytes,
  nodeAt,
  parseDocument,
  readBytes,
} from './configDocument.ts';
import type { ConfiguredServer } from './serverEntry.ts';
import { reasonToLeave, type WrappingOptions, wrapping } from './wrapping.ts';

export interface PlanOptions extends ReadClientsOptions, WrappingOptions {}

export interface UntouchedServer {
  server: ConfiguredServer;
  reason: string;
}

/** Names, paths and texts are as they stand in the file, and hostile until escaped. */
export interface FilePlan extends ClientPlace {
  /** The file itself, where `path` leads to it by links. */
  realPath: string;
  before: Buffer;
  /** Equal to `before` when there is nothing to do. */
  after: Buffer;
  changes: readonly Change[];
  untouched: readonly UntouchedServer[];
}

/** A file that cannot be understood, and is left alone. */
export interface FileProblem extends ClientPlace {
  problem: VitalsError;
}

const COLLECTOR_NAME = 'mcp-vitals';

export function planInit(options: PlanOptions): (FilePlan | FileProblem)[] {
  const places = findPlaces(options);
  return places.map((place) => {
    try {
      return planFile(place, wantsCollector(place, places), options);
    } catch (error) {
      if (error instanceof VitalsError) return { ...place, problem: error };
      throw error;
    }
  });
}

/** A client that has the collector for all projects does not need it in one of them. */
function wantsCollector({ client, scope }: ClientPlace, places: readonly ClientPlace[]): boolean {
  return scope !== 'project' || !places.some((other) => other.client === client && other.scope === 'user');
}

function planFile(place: ClientPlace, withCollector: boolean, options: WrappingOptions): FilePlan {
  const before = readBytes(place.path);
  const document = parseDocument(place.path, before);
  checkLists(document);
  const servers = serversOf(document);
  const untouched = servers.flatMap((server) => {
    const reason = reasonToLeave(server);
    return reason === undefined ? [] : [{ server, reason }];
  });
  const changes: Change[] = servers
    .filter((server) => reasonToLeave(server) === undefined)
    .map((server) => wrapping(server, document, options));
  const hasCollector = servers.some(({ monitoring, project }) => monitoring === 'collector' && project === undefined);
  if (withCollector && !hasCollector) changes.push(addition(place, document, options));
  const text = changes.reduce(applyChange, document.text);
  const after = changes.length === 0 ? before : documentBytes({ ...document, text });
  return { ...place, realPath: realpathSync(place.path), before, after, changes, untouched };
}

function addition(place: ClientPlace, { root }: ConfigDocument, options: WrappingOptions): Change {
  const otherKey = place.key === 'servers' ? 'mcpServers' : 'servers';
  const key = [place.key, otherKey].find((candidate) => nodeAt(root, [candidate]) !== undefined);
  const list: DocumentPath = [key ?? place.key];
  const location = [...list, freeName((name) => nodeAt(root, [...list, name]) !== undefined)];
  return { kind: 'add', location, entry: collectorEntry(place, options), isFirst: key === undefined };
}

function freeName(isTaken: (name: string) => boolean): string {
  let name = COLLECTOR_NAME;
  for (let number = 2; isTaken(name); number += 1) name = `${COLLECTOR_NAME}-${number}`;
  return name;
}

function collectorEntry({ client, key }: ClientPlace, { launcher, dataDir }: WrappingOptions): ServerEntry {
  const saysType = key === 'servers' || client === 'Claude Code';
  const args = [launcher.bin, 'stdio', ...(dataDir === undefined ? [] : ['--data-dir', dataDir])];
  return { ...(saysType && { type: 'stdio' }), command: launcher.node, args };
}
