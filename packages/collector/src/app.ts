/**
 * The collector, put together. Only this file and `app/`, a file for each step, know the order of the stages:
 *
 *     ingest -> store -> alerts -> notify  as batches arrive; OTLP becomes batches first
 *     store -> detection -> alerts         every minute
 *     ingest -> metrics -> Prometheus      when scraped
 *     store -> plan -> policies -> servers when asked, in the answers to batches
 *     ingest -> live -> tools              while somebody watches
 *     store -> tools -> MCP, JSON API      when asked
 *
 * What is started here is stopped in the opposite order.
 */
import type { AppDeps, Context } from './app/context.ts';
import { joinAccessTokens } from './app/joinAccessTokens.ts';
import { joinAlerts } from './app/joinAlerts.ts';
import { joinStages } from './app/joinStages.ts';
import { openHttp } from './app/openHttp.ts';
import { startWork } from './app/startWork.ts';
import type { Config } from './config/schema.ts';
import { removeDiscovery } from './daemon/discovery.ts';
import { createErrorLog } from './daemon/errorLog.ts';
import { Teardown } from './daemon/teardown.ts';
import { createArchive } from './exchange/archive.ts';
import type { Ingest } from './ingest/ingest.ts';
import { Authenticator, ensureTokens } from './serve/auth.ts';
import type { Optimizations } from './serve/ports/optimizations.ts';
import { Sessions } from './serve/sessions.ts';
import type { ToolBackend } from './serve/toolBackend.ts';
import { openStore } from './store/openStore.ts';

export interface App {
  readonly backend: ToolBackend;
  readonly ingest: Ingest;
  readonly optimizations: Optimizations;
  /** E.g. `http://127.0.0.1:6848`. */
  readonly url: string;
  /** A link for a browser, good once: the address with a code in it. */
  pageLink(): string;
  /** Ends what is under way, writes what is in memory, gives the directory up. */
  stop(): Promise<void>;
}

/**
 * Brings the collector of a data directory up; when a step fails, those before it are undone.
 * @throws VitalsError with what to do about it
 */
export async function startApp(config: Config, deps: AppDeps): Promise<App> {
  const { clock, logger, ownership } = deps;
  const teardown = new Teardown();
  const stop = () => teardown.run((error) => logger.error({ err: error }, 'Something failed while stopping'));
  teardown.add(() => ownership.release());
  try {
    removeDiscovery(config.dataDir);
    const tokens = ensureTokens(config.dataDir, config.tokensDir);
    const opened = await openStore({ config, clock, logger, archive: createArchive(config.dataDir) });
    teardown.add(() => opened.store.close());
    const page = { url: config.publicUrl.replace(/\/+$/, '') };
    const context: Context = { config, deps, teardown, opened, page, onError: createErrorLog(logger, clock) };

    const accessTokens = await joinAccessTokens(context);
    const watching = await joinAlerts(context);
    const stages = joinStages(context, watching, accessTokens);
    await stages.optimizations.load();
    startWork(context, stages);
    const isTokenGood = (tokenId: string) => accessTokens.findById(tokenId) !== undefined;
    const sessions = new Sessions({ tokens, clock, isTokenGood });
    const url = await openHttp(context, stages, sessions, new Authenticator(tokens, accessTokens.find));
    page.url ||= url;
    const pageLink = () => `${page.url}/#code=${sessions.createCode({ scope: 'admin' })}`;
    const { backend, ingest, optimizations } = stages;
    return { backend, ingest, optimizations, url, pageLink, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
