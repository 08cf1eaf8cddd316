/** The MCP clients of this user, the servers that they start, and how each of these is monitored. */
import { existsSync } from 'node:fs';
import { VitalsError } from '../errors.ts';
import {
  type ClientName,
  type ClientPlace,
  type ConfigScope,
  clientPlaces,
  givenPlace,
  type Surroundings,
} from './clientPlaces.ts';
import { type ConfigDocument, type DocumentPath, entriesOf, nodeAt, readDocument } from './configDocument.ts';
import { type ConfiguredServer, readServer } from './serverEntry.ts';

/** One configuration file that exists. Its texts are as they stand in the file, and hostile until escaped. */
export interface ClientConfig {
  /** Undefined for a file that is at no client's place. */
  client: ClientName | undefined;
  scope: ConfigScope;
  path: string;
  servers: readonly ConfiguredServer[];
  /** Why the file could not be understood; then there are no servers. Says where, as `PATH:LINE:COLUMN: ...`. */
  problem?: string;
}

export interface ReadClientsOptions extends Partial<Surroundings> {
  /** Files to read besides those that are found. */
  files?: readonly string[];
}

/** Every client's configuration that exists at its place, then the given files. Nothing is run and nothing is written. */
export function readClients({ files = [], ...options }: ReadClientsOptions = {}): ClientConfig[] {
  const surroundings = surroundingsOf(options);
  const found = clientPlaces(surroundings).filter(({ path }) => existsSync(path));
  const given = files.map((file) => givenPlace(file, surroundings));
  const places = new Map([...found, ...given].map((place) => [place.path, place]));
  return [...places.values()].map(readClient);
}

/** What `options` leave open is taken from this process. */
export function surroundingsOf(options: Partial<Surroundings>): Surroundings {
  return { platform: process.platform, env: process.env, cwd: process.cwd(), ...options };
}

function readClient({ client, scope, path }: ClientPlace): ClientConfig {
  try {
    return { client, scope, path, servers: serversOf(readDocument(path)) };
  } catch (error) {
    if (!(error instanceof VitalsError)) throw error;
    return { client, scope, path, servers: [], problem: error.message };
  }
}

/** All servers of a document: its own, and those of the projects in it. */
export function serversOf({ root }: ConfigDocument): ConfiguredServer[] {
  return listsOf(root).flatMap((list) =>
    entriesOf(nodeAt(root, list))
      .filter(([, entry]) => entry.type === 'object')
      .map(([name, entry]) => readServer(name, entry, [...list, name])),
  );
}

function listsOf(root: ConfigDocument['root']): DocumentPath[] {
  const projects = entriesOf(nodeAt(root, ['projects'])).map(([project]) => ['projects', project, 'mcpServers']);
  return [['mcpServers'], ['servers'], ...projects].filter((list) => nodeAt(root, list)?.type === 'object');
}
