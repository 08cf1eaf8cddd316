/**
 * Opens the doors of the owner: TCP, the unix socket where the system has them, and last the discovery file that leads
 * others to them. Closing goes the other way round, so that nobody is led to a door that is shut.
 */
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { type Listening, listenSocket, listenTcp } from '../serve/listen.ts';
import { VERSION } from '../version.ts';
import { removeDiscovery, writeDiscovery } from './discovery.ts';
import type { Teardown } from './teardown.ts';

export interface DoorsDeps {
  config: Pick<Config, 'dataDir' | 'host' | 'port' | 'socket'>;
  clock: Clock;
  logger: Logger;
  listener: RequestListener;
  whenPortIsTaken: 'refuse' | 'take_another';
  teardown: Teardown;
}

/** How long requests under way may take to finish at the end. */
const CLOSE_GRACE_MS = 2_000;

async function openTcp({ config, clock, logger, listener, whenPortIsTaken }: DoorsDeps): Promise<Listening> {
  try {
    return await listenTcp(listener, clock, config.host, config.port);
  } catch (error) {
    const taken = error instanceof VitalsError && error.code === 'conflict';
    if (!taken || whenPortIsTaken === 'refuse') throw error;
    logger.warn({ port: config.port }, 'The port is in use by another program; listening on a free one instead');
    return listenTcp(listener, clock, config.host, 0);
  }
}

/** A system or a path that allows no socket is no reason not to run: there is TCP. */
async function openSocket({ config, clock, logger, listener }: DoorsDeps): Promise<[Listening, string] | undefined> {
  if (!config.socket) return undefined;
  const path = join(config.dataDir, 'collector.sock');
  try {
    return [await listenSocket(listener, clock, path), path];
  } catch (error) {
    logger.warn({ err: error }, 'Listening on TCP only');
    return undefined;
  }
}

/** @returns the address on TCP, e.g. `http://127.0.0.1:6848` */
export async function openDoors(deps: DoorsDeps): Promise<string> {
  const { config, teardown } = deps;
  const tcp = await openTcp(deps);
  const socket = await openSocket(deps);
  teardown.add(() => Promise.all([tcp.close(CLOSE_GRACE_MS), socket?.[0].close(CLOSE_GRACE_MS)]));
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = `http://${host}:${tcp.port}`;
  writeDiscovery(config.dataDir, { url, socket: socket?.[1] ?? null, pid: process.pid, version: VERSION });
  teardown.add(() => removeDiscovery(config.dataDir));
  return url;
}
