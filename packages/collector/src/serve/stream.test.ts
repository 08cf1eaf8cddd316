/** The stream over real connections, with a clock that ticks when the test says so. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Overview } from '../model/overview.ts';
import { createLiveStream, type LiveStream } from './stream.ts';

const OVERVIEW: Overview = {
  atMs: 0,
  servers: [],
  activeAlerts: 0,
  recentAnomalies: 0,
  systemHealth: 'healthy',
  totals: { calls: 0, errors: 0, errorRatePercent: 0, avgMs: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0 },
  callsPerMinute: 0,
  sparkFromMs: 0,
  firingAlerts: 0,
  alerts: [],
  changes: [],
  timeShares: [],
};

let server: Server;
let stream: LiveStream;
let responses: ServerResponse[];
let asked: number;
let errors: unknown[];
/** What the clock calls when it ticks. */
let ticking: Set<() => void>;
let makeOverview: (workspace: string | undefined) => Promise<Overview>;
let clients: IncomingMessage[];

beforeEach(async () => {
  asked = 0;
  [errors, responses, clients, ticking] = [[], [], [], new Set()];
  makeOverview = async () => OVERVIEW;
  const overview = (workspace: string | undefined) => {
    asked++;
    return makeOverview(workspace);
  };
  const every = (_: number, run: () => void) => {
    ticking.add(run);
    return () => void ticking.delete(run);
  };
  stream = createLiveStream({
    viewsOf: (workspace) => ({ overview: () => overview(workspace) }),
    clock: { nowMs: () => 0, every },
    version: '1.2.3',
    onError: (error) => void errors.push(error),
  });
  server = createServer((request, response) => {
    responses.push(response);
    stream.open(response, request.url === '/' ? undefined : request.url!.slice(1));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function tick(): void {
  for (const run of ticking) run();
}

interface Event {
  event: string;
  data: unknown;
}

async function connect(path = '/'): Promise<IncomingMessage> {
  const [response] = (await once(
    request({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, path, agent: false }).end(),
    'response',
  )) as [IncomingMessage];
  clients.push(response.on('error', () => {}));
  return response;
}

/** Reads events one at a time. */
async function* eventsOf(response: IncomingMessage): AsyncGenerator<Event, undefined> {
  let text = '';
  try {
    for await (const chunk of response) {
      text += String(chunk);
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
        if (event !== undefined) yield { event, data: JSON.parse(data!) };
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
  }
  return undefined;
}

async function watch(workspace = '') {
  const response = await connect(`/${workspace}`);
  const events = eventsOf(response);
  return { response, next: async () => (await events.next()).value as Event | undefined };
}

const gone = (response: ServerResponse) => (response.closed ? undefined : once(response, 'close'));

describe('the stream', () => {
  it('says hello, shows the overview, and again at each tick', async () => {
    const { response, next } = await watch();
    expect(response.headers['content-type']).toBe('text/event-stream');
    expect(await next()).toEqual({ event: 'hello', data: { version: '1.2.3', startedAt: '1970-01-01T00:00:00.000Z' } });
    expect(await next()).toMatchObject({ event: 'overview', data: { systemHealth: 'healthy', servers: [] } });
    tick();
    expect(await next()).toMatchObject({ event: 'overview' });
  });

  it('tells all of an alert at once', async () => {
    const viewers = [await watch(), await watch()];
    for (const { next } of viewers) {
      await next();
      await next();
    }
    stream.tellAlert({ alertId: 'alert-1', change: 'created' }, 'files');
    for (const { next } of viewers)
      expect(await next()).toEqual({ event: 'alert', data: { alertId: 'alert-1', change: 'created' } });
  });

  it('shows those who see one workspace only what is theirs', async () => {
    makeOverview = async (workspace) => ({ ...OVERVIEW, servers: [], activeAlerts: workspace === undefined ? 2 : 1 });
    const [all, own, other] = [await watch(), await watch('team-a'), await watch('team-b')];
    for (const { next } of [all, own, other]) await next();
    expect(await all.next()).toMatchObject({ data: { activeAlerts: 2 } });
    for (const { next } of [own, other]) expect(await next()).toMatchObject({ data: { activeAlerts: 1 } });
    stream.tellAlert({ alertId: 'theirs', change: 'created' }, 'team-a::files');
    stream.tellAlert({ alertId: '', change: 'elsewhere' }, undefined);
    for (const { next } of [all, own]) expect(await next()).toMatchObject({ data: { alertId: 'theirs' } });
    for (const { next } of [all, own, other]) expect(await next()).toMatchObject({ data: { change: 'elsewhere' } });
    tick();
    expect(await other.next()).toMatchObject({ event: 'overview', data: { activeAlerts: 1 } });
  });

  it('makes no overview while nobody looks, and one a tick for however many do', async () => {
    tick();
    expect([asked, ticking.size]).toEqual([0, 0]);
    const viewers = await Promise.all(Array.from({ length: 20 }, () => watch()));
    for (const { next } of viewers) {
      await next();
      await next();
    }
    const before = asked;
    tick();
    for (const { next } of viewers) expect(await next()).toMatchObject({ event: 'overview' });
    expect([asked - before, ticking.size]).toEqual([1, 1]);
    for (const { response } of viewers) response.destroy();
    await Promise.all(responses.map(gone));
    tick();
    expect([asked - before, ticking.size]).toEqual([1, 0]);
    const again = await watch();
    await again.next();
    expect(ticking.size).toBe(1);
  });

  it('goes on after an overview that could not be made', async () => {
    makeOverview = async () => {
      throw new Error('no overview');
    };
    const { next } = await watch();
    expect(await next()).toMatchObject({ event: 'hello' });
    tick();
    makeOverview = async () => OVERVIEW;
    tick();
    expect(await next()).toMatchObject({ event: 'overview' });
    expect(errors.map(String)).toEqual(['Error: no overview', 'Error: no overview']);
  });

  it('cuts off who does not read, and nobody else', async () => {
    const slow = await connect();
    slow.pause();
    const { next } = await watch();
    await next();
    await next();
    const [response] = responses;
    const alertId = 'x'.repeat(200_000);
    for (let sent = 0; sent < 400 && !response!.destroyed; sent++) {
      stream.tellAlert({ alertId, change: 'created' }, 'files');
      expect(await next()).toMatchObject({ event: 'alert' });
    }
    expect(response!.destroyed).toBe(true);
    await gone(response!);
    stream.tellAlert({ alertId: 'still there', change: 'created' }, 'files');
    expect(await next()).toMatchObject({ data: { alertId: 'still there' } });
  });

  it('ends for all when it is closed, and says nothing afterwards', async () => {
    const viewers = [await watch(), await watch()];
    const slow = await connect();
    slow.pause();
    // Cannot be sent before the end, so the connection is still there after it.
    stream.tellAlert({ alertId: 'x'.repeat(3_000_000), change: 'created' }, 'files');
    let made: (overview: Overview) => void = () => {};
    makeOverview = () => new Promise((resolve) => (made = resolve));
    tick();
    stream.close();
    stream.tellAlert({ alertId: 'too late', change: 'created' }, 'files');
    made(OVERVIEW);
    await new Promise(setImmediate);
    for (const { next } of viewers) {
      const events: Event[] = [];
      for (let event = await next(); event !== undefined; event = await next()) events.push(event);
      expect(events.map(({ event }) => event)).toEqual(['hello', 'overview', 'alert']);
    }
    expect(ticking.size).toBe(0);
  });

  it('that is closed ends at once for who still comes', async () => {
    stream.close();
    const { next } = await watch();
    let event = await next();
    while (event !== undefined) {
      expect(event.event).toBe('hello');
      event = await next();
    }
    expect([asked, ticking.size]).toEqual([0, 0]);
  });
});
