/**
 * Where MCP clients keep the list of the servers that they start. One line per client and file; what differs between
 * operating systems is the folder that the line starts from.
 */
import { homedir } from 'node:os';
import { posix, resolve, win32 } from 'node:path';

export type ClientName = 'Claude Desktop' | 'Claude Code' | 'Cursor' | 'VS Code' | 'VS Code Insiders';

/** Whether a file holds for all that a user does, for one project (and its other authors), or was named by the caller. */
export type ConfigScope = 'user' | 'project' | 'given';

/** The key of a file's main list of servers. */
export type ServersKey = 'mcpServers' | 'servers';

export interface ClientPlace {
  /** Undefined for a file that is at no client's place. */
  client: ClientName | undefined;
  scope: ConfigScope;
  path: string;
  key: ServersKey;
}

/** What the places depend on. */
export interface Surroundings {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  /** Current directory, absolute. */
  cwd: string;
}

const CLAUDE_DESKTOP = 'Claude/claude_desktop_config.json';

/** Every place where a client may have a configuration, whether the file exists or not. */
export function clientPlaces(surroundings: Surroundings): ClientPlace[] {
  const { platform, env, cwd } = surroundings;
  const { join } = platform === 'win32' ? win32 : posix;
  const home = homeOf(surroundings);
  const apps = applicationData(platform, env, home);
  const claudeCode = env.CLAUDE_CONFIG_DIR || home;
  return [
    place('Claude Desktop', 'user', join(apps, CLAUDE_DESKTOP)),
    ...(platform === 'win32'
      ? [place('Claude Desktop', 'user', win32.join(packagedApps(env, home), CLAUDE_DESKTOP))]
      : []),
    place('Claude Code', 'user', join(claudeCode, '.claude.json')),
    place('Claude Code', 'project', join(cwd, '.mcp.json')),
    place('Cursor', 'user', join(home, '.cursor', 'mcp.json')),
    place('Cursor', 'project', join(cwd, '.cursor', 'mcp.json')),
    place('VS Code', 'user', join(apps, 'Code', 'User', 'mcp.json'), 'servers'),
    place('VS Code Insiders', 'user', join(apps, 'Code - Insiders', 'User', 'mcp.json'), 'servers'),
    place('VS Code', 'project', join(cwd, '.vscode', 'mcp.json'), 'servers'),
  ];
}

/** The place of a file that the caller named; a client's when it is one. */
export function givenPlace(file: string, surroundings: Surroundings): ClientPlace {
  const path = resolve(surroundings.cwd, file);
  const known = clientPlaces(surroundings).find((candidate) => candidate.path === path);
  return known ?? { client: undefined, scope: 'given', path, key: guessedKey(path) };
}

function place(client: ClientName, scope: ConfigScope, path: string, key: ServersKey = 'mcpServers'): ClientPlace {
  return { client, scope, path, key };
}

function homeOf({ platform, env }: Surroundings): string {
  return (platform === 'win32' ? env.USERPROFILE || env.HOME : env.HOME) || homedir();
}

/** Where Windows puts what Claude Desktop, installed as a package, takes for its application data. */
function packagedApps(env: Surroundings['env'], home: string): string {
  const local = env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local');
  return win32.join(local, 'Packages', 'Claude_pzs8sxrjxfjjc', 'LocalCache', 'Roaming');
}

function applicationData(platform: NodeJS.Platform, env: Surroundings['env'], home: string): string {
  if (platform === 'win32') return env.APPDATA || win32.join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support');
  return env.XDG_CONFIG_HOME || posix.join(home, '.config');
}

/** VS Code's list has another key than everybody else's. */
function guessedKey(path: string): ServersKey {
  return /[\\/](\.vscode|User)[\\/]mcp\.json$/.test(path) ? 'servers' : 'mcpServers';
}
