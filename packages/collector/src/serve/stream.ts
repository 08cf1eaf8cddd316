/**
 * What pages that are open are told, as server-sent events: the overview every few seconds, and alerts the moment they
 * change. It is made once for all of them, and not at all while nobody looks.
 */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { presentedOverview } from './api/overview.ts';
import type { Views } from './services.ts';

const OVERVIEW_EVERY_MS = 5_000;
/** Who takes nothing for so long that this much has gathered is gone, or better off with a new beginning. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** How long a page waits before it comes back, ms: soon, since a restart takes a second. */
const RETRY_MS = 1_000;

/** What happened to an alert; the id is empty where another collector did it. */
export interface AlertEvent {
  alertId: string;
  change: string;
}

export interface StreamDeps {
  views: Pick<Views, 'overview'>;
  clock: Pick<Clock, 'every' | 'nowMs'>;
  version: string;
  onError(error: unknown): void;
}

export interface LiveStream {
  /** Answers with a stream that ends when either side goes. */
  open(response: ServerResponse): void;
  tellAlert(event: AlertEvent): void;
  /** Ends all streams, and those that are opened from now on. */
  close(): void;
}

export function createLiveStream({ views, clock, version, onError }: StreamDeps): LiveStream {
  const viewers = new Set<ServerResponse>();
  const startedAt = new Date(clock.nowMs()).toISOString();
  let stopTicking: (() => void) | undefined;
  let isClosed = false;

  function send(viewer: ServerResponse, event: string, data: object | string): void {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    if (viewer.writableLength > MAX_WAITING_BYTES) return void viewer.destroy();
    viewer.write(`event: ${event}\ndata: ${text}\n\n`);
  }

  async function tellOverview(to: readonly ServerResponse[]): Promise<void> {
    try {
      const data = JSON.stringify(presentedOverview(await views.overview()));
      for (const viewer of to) if (viewers.has(viewer)) send(viewer, 'overview', data);
    } catch (error) {
      onError(error);
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
    open(response) {
      viewers.add(response);
      response.on('close', () => leave(response));
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
      response.write(`retry: ${RETRY_MS}\n\n`);
      send(response, 'hello', { version, startedAt });
      if (isClosed) return end(response);
      stopTicking ??= clock.every(OVERVIEW_EVERY_MS, () => void tellOverview([...viewers]));
      void tellOverview([response]);
    },
    tellAlert(event) {
      for (const viewer of viewers) send(viewer, 'alert', event);
    },
    close() {
      isClosed = true;
      for (const viewer of viewers) end(viewer);
    },
  };
}
