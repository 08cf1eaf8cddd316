/**
 * A PostgreSQL server of the tests' own: real, on a free port of this machine, in a directory that goes with it. Where the
 * machine has none, tests that need one say so and are skipped; in the whole check that is a failure.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from './freePort.ts';

export interface PostgresServer {
  /** Of the database `postgres`, as its superuser. */
  readonly url: string;
  readonly port: number;
  /** Of its first process; the others are its children. */
  readonly pid: number;
  /** Of another database on the same server, made when it is not there. */
  database(name: string): Promise<string>;
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Ends all of its processes at once. */
  kill(): Promise<void>;
  /** Stops all of its processes where they are: connections stay open, and nobody answers. */
  freeze(): void;
  thaw(): void;
  /** Starts it again after `kill`, on the same port and data. */
  start(): Promise<void>;
  /** Ends it and deletes its data. */
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  /** Whether commits wait for the disk; without it, a killed process loses nothing, only a machine would. */
  fsync?: boolean;
  /** Further settings, e.g. `{ max_connections: '200' }`. */
  settings?: Record<string, string>;
}

/** Where the programs of the newest version are; undefined when there are none, or none with the extension. */
export function findPostgres(): string | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  return readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .filter(
      (version) => Number(version) >= 14 && existsSync(`/usr/share/postgresql/${version}/extension/tdigest.control`),
    )
    .map((version) => join(root, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'postgres')));
}

/** @throws Error when the machine has no PostgreSQL; see `findPostgres` */
export async function startPostgres({
  fsync = false,
  settings = {},
}: PostgresServerOptions = {}): Promise<PostgresServer> {
  const bin = findPostgres();
  if (bin === undefined) throw new Error('There is no PostgreSQL 14 or later with the extension tdigest');
  const dir = mkdtempSync(join(tmpdir(), 'mcp-vitals-postgres-'));
  const user = databaseUser();
  if (user !== undefined) chownSync(dir, user.uid, user.gid);
  const data = join(dir, 'data');
  const port = await freePort();
  const run = { ...user, cwd: dir, stdio: 'ignore' as const };
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    run,
  );
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const options = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: dir,
    max_connections: '200',
    fsync: fsync ? 'on' : 'off',
    ...settings,
  };
  const args = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let ended: Promise<unknown> = Promise.resolve();

  async function query(sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function start(): Promise<void> {
    const server = spawn(join(bin!, 'postgres'), ['-D', data, ...args], { ...run, detached: true });
    ended = new Promise((resolve) => server.once('exit', resolve));
    const startedMs = Date.now();
    for (;;) {
      try {
        await query('SELECT 1');
        return;
      } catch (error) {
        if (Date.now() - startedMs > 60_000 || server.exitCode !== null) throw error;
      }
    }
  }

  /** To the server's first process and to all others, each of which is a session of its own. */
  function signalAll(signal: NodeJS.Signals): void {
    const pid = postmasterPid(data);
    for (const each of pid === undefined ? [] : [pid, ...childrenOf(pid)]) {
      try {
        process.kill(each, signal);
      } catch {
        // It has ended by itself meanwhile.
      }
    }
  }

  async function end(signal: 'SIGKILL' | 'SIGINT'): Promise<void> {
    const pid = postmasterPid(data);
    if (pid === undefined) return;
    if (signal === 'SIGKILL') signalAll(signal);
    else process.kill(pid, signal);
    await ended;
    if (signal === 'SIGKILL') rmSync(join(data, 'postmaster.pid'), { force: true });
  }

  await start();
  return {
    url,
    port,
    get pid() {
      return postmasterPid(data)!;
    },
    query,
    start,
    async database(name) {
      const [known] = await query(`SELECT FROM pg_database WHERE datname = '${name}'`);
      if (known === undefined) await query(`CREATE DATABASE ${name}`);
      return url.replace(/postgres$/, name);
    },
    kill: () => end('SIGKILL'),
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    async stop() {
      signalAll('SIGCONT');
      await end('SIGINT');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The server refuses to run as root. */
function databaseUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('postgres:'))!
    .split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

function postmasterPid(data: string): number | undefined {
  const path = join(data, 'postmaster.pid');
  return existsSync(path) ? Number(readFileSync(path, 'utf8').split('\n')[0]) : undefined;
}

function childrenOf(pid: number): number[] {
  const isChild = (entry: string): boolean => {
    try {
      return (
        readFileSync(`/proc/${entry}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ')[1] === String(pid)
      );
    } catch {
      return false;
    }
  };
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && isChild(entry))
    .map(Number);
}
