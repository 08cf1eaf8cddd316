/**
 * A process that needs the collector of a data directory, whoever runs it. It tries to become the owner; where somebody
 * else is, it attaches to them, and when they end, it tries again. Calls that were under way are made again on the next
 * owner, so that a change of owner is a short pause and nothing else.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Logger } from '../logger.ts';
import { readTokenOf } from '../serve/auth.ts';
import type { ToolBackend } from '../serve/toolBackend.ts';
import { readDiscovery } from './discovery.ts';
import { type Ownership, tryOwn } from './ownership.ts';
import { attach, DaemonGone, type Remote } from './remote.ts';
import { createRemoteBackend } from './remoteBackend.ts';

/** What a member becomes when it owns the directory: the running application. */
export interface Owned {
  backend: ToolBackend;
  ingest: Pick<Ingest, 'accept'>;
  stop(): Promise<void>;
}

export interface MemberDeps {
  config: Config;
  clock: Clock;
  logger: Logger;
  tryLock: (path: string) => Ownership | undefined;
  /** Starts the application; releases the ownership when it stops, and when it fails to start. */
  startOwned(ownership: Ownership): Promise<Owned>;
}

export interface Member {
  backend: ToolBackend;
  /** Resolves when this process first owns or is attached. */
  ready(): Promise<'owner' | 'attached'>;
  stop(): Promise<void>;
}

type Role = { kind: 'owner'; owned: Owned } | { kind: 'attached'; remote: Remote };

/** How long a member looks for an owner that answers before it gives up: longer than any start takes. */
const JOIN_TIMEOUT_MS = 30_000;
/** How often it looks: an owner that was killed is replaced within about this time. */
const JOIN_POLL_MS = 25;

export function createMember({ config, clock, logger, tryLock, startOwned }: MemberDeps): Member {
  const client = `stdio-${randomBytes(6).toString('base64url')}`;
  let stopped = false;
  let role: Promise<Role> | undefined;

  const pause = () => new Promise<void>((resolve) => void clock.after(JOIN_POLL_MS, resolve));

  async function tryAttach(): Promise<Remote | undefined> {
    const discovery = readDiscovery(config.dataDir);
    const token = readTokenOf(config.dataDir, 'admin');
    if (!discovery || !token) return undefined;
    try {
      return await attach(discovery, token, clock.nowMs);
    } catch (error) {
      if (error instanceof DaemonGone) return undefined;
      throw error;
    }
  }

  async function join(): Promise<Role> {
    const deadlineMs = clock.monotonicMs() + JOIN_TIMEOUT_MS;
    while (!stopped && clock.monotonicMs() < deadlineMs) {
      const ownership = tryOwn(config.dataDir, tryLock);
      if (ownership) {
        logger.info({ dataDir: config.dataDir }, 'This process is now the collector');
        return { kind: 'owner', owned: await startOwned(ownership) };
      }
      const remote = await tryAttach();
      if (remote) {
        logger.debug('Attached to the running collector');
        return { kind: 'attached', remote };
      }
      await pause();
    }
    throw new VitalsError(
      'unavailable',
      stopped ? 'This process is ending' : 'No collector answers and none can be started',
      {
        hint: `Something holds ${config.dataDir}/owner.lock without serving.`,
      },
    );
  }

  /** The role in force, or the one being looked for. One that could not be had is looked for anew. */
  function currentRole(): Promise<Role> {
    if (role) return role;
    const joining = join();
    role = joining;
    joining.then(
      (found) => {
        if (found.kind === 'attached') void found.remote.gone.then(() => leave(joining, found.remote));
      },
      () => {
        if (role === joining) role = undefined;
      },
    );
    return joining;
  }

  /** Turns away from a daemon that has ended, once, and looks for the next one at once. */
  function leave(left: Promise<Role>, remote: Remote): void {
    if (role !== left || stopped) return;
    role = undefined;
    void remote.close();
    currentRole().catch((error: unknown) => logger.error({ err: error }, 'Lost the collector'));
  }

  /** Asks whoever is the owner, and the next owner when that one ends before it answered. */
  async function ask<T>(owner: (owned: Owned) => Promise<T>, daemon: (remote: Remote) => Promise<T>): Promise<T> {
    for (;;) {
      const current = currentRole();
      const found = await current;
      if (found.kind === 'owner') return owner(found.owned);
      try {
        return await daemon(found.remote);
      } catch (error) {
        if (!(error instanceof DaemonGone)) throw error;
        leave(current, found.remote);
      }
    }
  }

  const remoteBackend = createRemoteBackend({
    config,
    clock,
    onError: (error) => logger.warn({ err: error }, 'A tracked call could not be stored'),
    sink: (batch, body) =>
      ask<unknown>(
        (owned) => owned.ingest.accept(batch, body),
        (remote) => remote.sendBatch(body),
      ),
    callTool: (name, args, caller, control) =>
      ask(
        (owned) => owned.backend.call(name, args, caller, control),
        (remote) => remote.callTool(name, args, caller, control),
      ),
  });

  return {
    backend: {
      async call(name, args, caller, control) {
        const found = await currentRole();
        const backend = found.kind === 'owner' ? found.owned.backend : remoteBackend;
        return backend.call(name, args, { ...caller, client }, control);
      },
    },
    ready: async () => (await currentRole()).kind,
    async stop() {
      stopped = true;
      const found = await role?.catch(() => undefined);
      if (found?.kind === 'owner') await found.owned.stop();
      else if (found) {
        await remoteBackend.drain();
        await found.remote.close();
      }
    },
  };
}
