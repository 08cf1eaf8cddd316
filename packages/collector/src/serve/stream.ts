/**
 * What pages that are open are told, as server-sent events: the overview every few seconds, and alerts the moment they
 * change. It is made once for all of them, and not at all while nobody looks.
 */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { groupBy } from '../model/groupBy.ts';
import { workspaceOf } from '../model/workspace.ts';
import { presentedOverview } from './api/overview.ts';
import type { Views } from './ports/views.ts';

const OVERVIEW_EVERY_MS = 5_000;
/** Who takes nothing for so long that this much has gathered is gone, or better off with a new beginning. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** How long a page waits before it comes back, ms: soon, since a restart takes a second. */
const RETRY_MS = 1_000;

/** What happened to an alert; the id is empty where another collector did it, and it may be anybody's. */
export interface AlertEvent {
  alertId: string;
  change: string;
}

export interface StreamDeps {
  viewsOf(workspace: string | undefined): Pick<Views, 'overview'>;
  clock: Pick<Clock, 'every' | 'nowMs'>;
  version: string;
  onError(error: unknown): void;
}

export interface LiveStream {
  /** Answers with a stream that ends when either side goes. @param workspace that it is about only; undefined: all */
  open(response: ServerResponse, workspace: string | undefined): void;
  /** @param server of the alert; undefined where that is not known, and nothing is told of it */
  tellAlert(event: AlertEvent, server: string | undefined): void;
  /** Ends all streams, and those that are opened from now on. */
  close(): void;
}

export function createLiveStream({ viewsOf, clock, version, onError }: StreamDeps): LiveStream {
  /** What each sees. */
  const viewers = new Map<ServerResponse, string | undefined>();
  const startedAt = new Date(clock.nowMs()).toISOString();
  let stopTicking: (() => void) | undefined;
  let isClosed = false;

  function send(viewer: ServerResponse, event: string, data: object | string): void {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    if (viewer.writableLength > MAX_WAITING_BYTES) return void viewer.destroy();
    viewer.write(`event: ${event}\ndata: ${text}\n\n`);
  }

  async function tellOverview(to: readonly ServerResponse[], workspace: string | undefined): Promise<void> {
    try {
      const data = JSON.stringify(presentedOverview(await viewsOf(workspace).overview()));
      for (const viewer of to) if (viewers.has(viewer)) send(viewer, 'overview', data);
    } catch (error) {
      onError(error);
    }
  }

  function tellAll(): void {
    const groups = groupBy(viewers, ([, workspace]) => workspace);
    for (const [workspace, group] of groups) {
      const responses = group.map(([response]) => response);
      void tellOverview(responses, workspace);
    }
  }

  function leave(viewer: ServerResponse): void {
    viewers.delete(viewer);
    if (viewers.size > 0) return;
    stopTicking?.();
    stopTicking = undefined;
  }

  /** Nothing may be written to it any more, though its connection may take a while to go. */
  function end(viewer: ServerResponse): void {
    leave(viewer);
    viewer.end();
  }

  return {
    open(response, workspace) {
      viewers.set(response, workspace);
      response.on('close', () => leave(response));
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
      response.write(`retry: ${RETRY_MS}\n\n`);
      send(response, 'hello', { version, startedAt });
      if (isClosed) return end(response);
      stopTicking ??= clock.every(OVERVIEW_EVERY_MS, tellAll);
      void tellOverview([response], workspace);
    },
    tellAlert(event, server) {
      for (const [viewer, workspace] of viewers) {
        const isTheirs = workspace === undefined || server === undefined || workspaceOf(server) === workspace;
        if (isTheirs) send(viewer, 'alert', event);
      }
    },
    close() {
      isClosed = true;
      for (const viewer of viewers.keys()) end(viewer);
    },
  };
}
