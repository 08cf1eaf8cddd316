/** The MCP clients of this user, the servers that they start, and how each of these is monitored. */
import { existsSync, realpathSync, statSync } from 'node:fs';
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
  /** Whether to look for the clients' own files. Default true. */
  search?: boolean;
}

/** Every client's configuration that exists at its place, then the given files. Nothing is run and nothing is written. */
export function readClients(options: ReadClientsOptions = {}): ClientConfig[] {
  return findPlaces(options).map(readClient);
}

/** The places that `readClients` reads. A file that is reached by several paths is there once. */
export function findPlaces({ files = [], search = true, ...options }: ReadClientsOptions): ClientPlace[] {
  const surroundings: Surroundings = { platform: process.platform, env: process.env, cwd: process.cwd(), ...options };
  const found = search ? clientPlaces(surroundings).filter(({ path }) => isFile(path)) : [];
  const given = files.map((file) => givenPlace(file, surroundings));
  const byFile = new Map<string, ClientPlace>();
  for (const place of [...found, ...given]) {
    const file = existsSync(place.path) ? realpathSync(place.path) : place.path;
    if (!byFile.has(file)) byFile.set(file, place);
  }
  return [...byFile.values()];
}

/** A checked-out project may have anything at these places: a pipe would never end, and a link may lead to itself. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function readClient({ client, scope, path }: ClientPlace): ClientConfig {
  try {
    const document = readDocument(path);
    checkLists(document);
    return { client, scope, path, servers: serversOf(document) };
  } catch (error) {
    if (!(error instanceof VitalsError)) throw error;
    return { client, scope, path, servers: [], problem: error.message };
  }
}

/** All servers of a document: its own, and those of the projects in it. */
export function serversOf(document: ConfigDocument): ConfiguredServer[] {
  const { root } = document;
  return listsOf(document).flatMap((list) =>
    entriesOf(nodeAt(root, list))
      .filter(([, entry]) => entry.type === 'object')
      .map(([name, entry]) => readServer(name, entry, [...list, name])),
  );
}

/** @throws VitalsError `invalid` when a list of servers is something else than an object */
export function checkLists(document: ConfigDocument): void {
  const odd = listsOf(document).find((list) => nodeAt(document.root, list)!.type !== 'object');
  if (odd === undefined) return;
  throw new VitalsError('invalid', `${document.path}: "${odd.join('.')}" is not an object`);
}

function listsOf({ root }: ConfigDocument): DocumentPath[] {
  const projects = entriesOf(nodeAt(root, ['projects'])).map(([project]) => ['projects', project, 'mcpServers']);
  return [['mcpServers'], ['servers'], ...projects].filter((list) => nodeAt(root, list) !== undefined);
}
