/**
 * What the collector tells while the page is open. A connection that breaks comes back by itself, soon at first and then
 * every few seconds; meanwhile the page keeps what it has and says how old it is.
 */
import { ApiFailure, answered, api, type Overview } from '../api/client.ts';
import { withWorkspace } from '../api/workspace.ts';
import { Observable } from './observable.ts';
import { noticeFailure } from './session.ts';

export type Connection = 'connecting' | 'live' | 'lost';

export const connection = new Observable<Connection>('connecting');
export const overview = new Observable<Overview | undefined>(undefined);
/** Counts the moments at which whatever is shown should be asked for again. */
export const pulse = new Observable(0);
export const collectorVersion = new Observable('');

/** Silence that is longer than a few overviews is no connection, whatever the browser thinks. */
const SILENT_AFTER_MS = 16_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5_000;

/** Returns what ends it. */
export function followCollector(): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = FIRST_RETRY_MS;

  function open(): void {
    const opened = new EventSource(withWorkspace('/api/v1/stream'));
    source = opened;
    opened.addEventListener('hello', ({ data }: MessageEvent<string>) => {
      collectorVersion.value = (JSON.parse(data) as { version: string }).version;
      retryMs = FIRST_RETRY_MS;
      connection.value = 'live';
      expectNews();
    });
    opened.addEventListener('overview', ({ data }: MessageEvent<string>) => {
      connection.value = 'live';
      overview.value = JSON.parse(data) as Overview;
      pulse.value++;
      expectNews();
    });
    opened.addEventListener('alert', () => void refresh());
    opened.onerror = lose;
  }

  function expectNews(): void {
    clearTimeout(timer);
    timer = setTimeout(lose, SILENT_AFTER_MS);
  }

  function lose(): void {
    source?.close();
    connection.value = 'lost';
    clearTimeout(timer);
    timer = setTimeout(open, retryMs);
    retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
    // An end of the session looks like any other failure to an EventSource.
    answered(api.GET('/session')).catch((error: ApiFailure) => noticeFailure(error));
  }

  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

/** For when something was changed just now. */
export async function refresh(): Promise<void> {
  try {
    overview.value = await answered(api.GET('/overview'));
    pulse.value++;
  } catch (error) {
    if (error instanceof ApiFailure) noticeFailure(error);
  }
}
