/** What the collector is given, and hands on to each step of its beginning. */
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import type { Ownership } from '../daemon/ownership.ts';
import type { Teardown } from '../daemon/teardown.ts';
import type { Logger } from '../logger.ts';
import { storedName } from '../store/names.ts';
import type { OpenedStore } from '../store/openStore.ts';

export interface AppDeps {
  clock: Clock;
  logger: Logger;
  /** The right to the data directory; released when the app has stopped. */
  ownership: Ownership;
  /** What to do when the port belongs to another program: refuse, or listen on a free one and say so. */
  whenPortIsTaken: 'refuse' | 'take_another';
}

/** What each step needs. */
export interface Context {
  config: Config;
  deps: AppDeps;
  teardown: Teardown;
  opened: OpenedStore;
  /** Where people reach the page; empty until the collector listens, where no setting says it. */
  page: { url: string };
  onError(error: unknown): void;
}

/** How the store writes names that come from outside. */
export const nameWithin =
  ({ ingest }: Config) =>
  (name: string): string =>
    storedName(name, ingest.maxNameLength);
