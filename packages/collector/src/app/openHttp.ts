/** tools, routes, batches and the page -> HTTP. */
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { openDoors } from '../daemon/doors.ts';
import { createServerFactory } from '../daemon/selfMonitoring.ts';
import { createBatchRoute } from '../ingest/httpRoute.ts';
import { createOtlpRoute } from '../otlp/httpRoute.ts';
import type { Authenticator } from '../serve/auth.ts';
import { builtFilesDir } from '../serve/builtFiles.ts';
import { createHttpDoors } from '../serve/http.ts';
import { createMcpHttp } from '../serve/mcpHttp.ts';
import { createPage } from '../serve/page.ts';
import type { Sessions } from '../serve/sessions.ts';
import { createLiveStream, type LiveStream } from '../serve/stream.ts';
import { VERSION } from '../version.ts';
import type { Context } from './context.ts';
import type { Stages } from './joinStages.ts';

/** The doors, once there is something behind each of them. Resolves with the address. */
export async function openHttp(context: Context, stages: Stages, sessions: Sessions, authenticator: Authenticator) {
  const { config, deps, teardown, onError } = context;
  const { clock, logger } = deps;
  const { backend, metrics, servicesOf, ingest, otlp, optimizations } = stages;
  const mcp = createMcpHttp(createServerFactory(config, backend, clock, onError), onError);
  teardown.add(() => mcp.close());
  const authorize = (request: IncomingMessage) =>
    authenticator.require('ingest', request.headers.authorization).workspace;
  const doors = createHttpDoors({
    config,
    clock,
    metrics,
    authenticator,
    backend,
    handleMcp: mcp.handle,
    handleBatch: createBatchRoute({
      ingest,
      maxBytes: config.ingest.maxBatchKb * 1024,
      authorize,
      policiesFor: optimizations.policiesFor,
      onError,
    }),
    handleOtlp: createOtlpRoute({
      receiver: otlp,
      limits: { maxBytes: config.otlp.maxBodyKb * 1024, maxInflatedBytes: config.otlp.maxInflatedKb * 1024 },
      authorize,
      onError,
    }),
    health: { version: VERSION, details: healthDetails(context, stages) },
    servicesOf,
    sessions,
    stream: createStream(context, stages),
    page: createPage(join(builtFilesDir(), 'page'), logger),
    onError,
  });
  const url = await openDoors({ ...deps, config, listener: doors.listener, teardown });
  teardown.add(() => doors.close());
  return url;
}

function createStream(
  { deps: { clock }, opened: { share }, onError }: Context,
  { servicesOf, alerts }: Stages,
): LiveStream {
  const viewsOf = (workspace: string | undefined) => servicesOf(workspace).views;
  const stream = createLiveStream({ viewsOf, clock, version: VERSION, onError });
  alerts.onChange((news) => {
    if (news.kind !== 'alert') return;
    stream.tellAlert({ alertId: news.alert.alertId, change: news.change }, news.alert.server);
  });
  share.onChange((changed) => {
    if (changed.has('alert')) stream.tellAlert({ alertId: '', change: 'elsewhere' }, undefined);
  });
  return stream;
}

function healthDetails({ deps: { clock }, opened: { store } }: Context, { forwarding }: Stages) {
  const startedMs = clock.nowMs();
  return async () => ({
    pid: process.pid,
    uptimeSeconds: Math.round((clock.nowMs() - startedMs) / 1000),
    store: await store.stats(),
    ...(forwarding.status().length > 0 && { forwarding: forwarding.status() }),
  });
}
