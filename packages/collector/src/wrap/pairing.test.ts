import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordCalls } from '../testing/recordingMonitor.ts';
import type { MessageHead, MessageId } from './messageHead.ts';
import { createPairing, type PairingOptions } from './pairing.ts';
import { ServersBehind } from './serversBehind.ts';

const SERVER = { name: 'files', version: '1.0.0' };
const call = (id: MessageId, name = 'read'): MessageHead => ({
  type: 'request',
  id,
  method: 'tools/call',
  name,
  bytes: 50,
});
const answer = (id: MessageId, rest: Partial<MessageHead> = {}): MessageHead => ({
  type: 'response',
  id,
  resultBytes: 20,
  bytes: 50,
  ...rest,
});
const cancel = (cancelledId: MessageId, cancelReason?: string): MessageHead => ({
  type: 'notification',
  method: 'notifications/cancelled',
  cancelledId,
  cancelReason,
  bytes: 50,
});
const question = (id: MessageId, method = 'elicitation/create'): MessageHead => ({
  type: 'request',
  id,
  method,
  bytes: 50,
});

function pair(options: PairingOptions = {}) {
  const clock = { now: 0, monotonicMs: () => clock.now };
  const recorded = recordCalls();
  const pairing = createPairing(recorded.monitorOf, { clock, ...options });
  /** As every conversation of the first era begins. */
  const initialize = () => {
    pairing.fromClient({ type: 'request', id: 'init', method: 'initialize', bytes: 1 });
    pairing.fromServer(answer('init', { serverInfo: SERVER }));
    recorded.calls.length = 0;
  };
  return { clock, recorded, pairing, initialize };
}

describe('pairing', () => {
  it('times a call and tells the size of its result', () => {
    const { clock, recorded, pairing, initialize } = pair();
    initialize();
    pairing.fromClient(call(1));
    clock.now = 12;
    pairing.fromServer(answer(1, { resultBytes: 77 }));
    expect(recorded.calls).toEqual([
      { server: 'files', kind: 'tool', name: 'read', outcome: 'ok', resultBytes: 77, durationMs: 12, waitMs: 0 },
    ]);
  });

  it('hands on the trace context, also of a call that began before the server was known', () => {
    const { recorded, pairing } = pair();
    pairing.fromClient({ ...call(1), traceparent: 'first' });
    pairing.fromServer(answer(1, { serverInfo: SERVER }));
    pairing.fromClient({ ...call(2), traceparent: 'second' });
    pairing.fromServer(answer(2));
    expect(recorded.calls.map(({ server, traceparent }) => [server, traceparent])).toEqual([
      ['files', 'first'],
      ['files', 'second'],
    ]);
  });

  it('hands on whose calls they are, as was said in the beginning or with the request', () => {
    const { recorded, pairing } = pair();
    const begin = { type: 'request', id: 'init', method: 'initialize', introducedAs: 'zed', bytes: 1 } as const;
    pairing.fromClient(begin);
    pairing.fromServer(answer('init', { serverInfo: SERVER }));
    pairing.fromClient({ ...call(1), introducedAs: 'nobody' });
    pairing.fromClient({ ...call(2), clientName: 'cursor' });
    for (const id of [1, 2]) pairing.fromServer(answer(id));
    expect(recorded.calls.map(({ client }) => client)).toEqual(['zed', 'zed', 'cursor']);
  });

  it.each<[Partial<MessageHead>, string]>([
    [{}, 'ok'],
    [{ isError: true }, 'tool_error'],
    [{ isError: false }, 'ok'],
    [{ errorCode: -32_602 }, 'protocol_error'],
    [{ errorCode: -32_001 }, 'timeout'],
    [{ resultType: 'input_required' }, 'input_required'],
    [{ resultType: 'complete' }, 'ok'],
    [{ resultType: 'task' }, 'task_created'],
    [{ hasTask: true }, 'task_created'],
  ])('reads %j as %s', (head, outcome) => {
    const { recorded, pairing } = pair();
    pairing.fromClient(call(1));
    pairing.fromServer(answer(1, head));
    expect(recorded.summary()).toEqual([`read ${outcome}`]);
  });

  it('names requests by what the server has, never by arguments', () => {
    const { recorded, pairing } = pair();
    const send = (method: string, rest: Partial<MessageHead> = {}) => {
      pairing.fromClient({ type: 'request', id: method, method, bytes: 1, ...rest });
      pairing.fromServer(answer(method));
    };
    send('prompts/get', { name: 'greet' });
    send('resources/read', { uriScheme: 'file:' });
    send('resources/read');
    send('completion/complete');
    send('tools/call');
    expect(recorded.summary()).toEqual([
      '__unnamed__ ok',
      'method:completion/complete ok',
      'prompt:greet ok',
      'resource:__unnamed__ ok',
      'resource:file: ok',
    ]);
    expect(recorded.calls.filter(({ resultBytes }) => resultBytes !== undefined)).toHaveLength(1);
  });

  it('keeps 1 and "1" apart, and the ids of the two directions', () => {
    const { recorded, pairing } = pair();
    pairing.fromClient(call(1, 'number'));
    pairing.fromClient(call('1', 'text'));
    pairing.fromServer(question(1));
    pairing.fromClient(answer(1));
    expect(recorded.summary()).toEqual([]);
    pairing.fromServer(answer('1', { isError: true }));
    pairing.fromServer(answer(1));
    expect(recorded.summary()).toEqual(['number ok', 'text tool_error']);
  });

  it('counts answers to ids that are not open, and nothing else of them', () => {
    const { recorded, pairing } = pair();
    pairing.fromServer(answer(7));
    pairing.fromClient(call(7));
    pairing.fromServer(answer(7));
    pairing.fromServer(answer(7));
    expect(pairing.unmatched).toBe(2);
    expect(recorded.summary()).toEqual(['read ok']);
  });

  it.each([
    ['MCP error -32001: Request timed out', 'timeout'],
    ['the user pressed escape', 'cancelled'],
    [undefined, 'cancelled'],
  ])('tells by the reason %j of a cancellation: %s', (reason, outcome) => {
    const { recorded, pairing } = pair();
    pairing.fromClient(call(1));
    pairing.fromClient(cancel(1, reason));
    pairing.fromServer(answer(1));
    expect(recorded.summary()).toEqual([`read ${outcome}`]);
  });

  it('calls what is open at the end cancelled, or failed when the server was lost', () => {
    for (const [endedBy, outcome] of [
      ['client', 'cancelled'],
      ['server', 'protocol_error'],
    ] as const) {
      const { recorded, pairing } = pair();
      pairing.fromClient(call(1));
      pairing.closed(endedBy);
      expect(recorded.summary()).toEqual([`read ${outcome}`]);
      expect(pairing.open).toBe(0);
    }
  });

  it('gives up the oldest of too many, and counts it', () => {
    const { recorded, pairing } = pair({ maxOpen: 2 });
    for (const id of [1, 2, 3]) pairing.fromClient(call(id, `tool${id}`));
    expect(pairing).toMatchObject({ open: 2, forgotten: 1 });
    expect(recorded.summary()).toEqual(['tool1 cancelled']);
    for (let id = 0; id < 10; id++) pairing.fromServer(question(id));
    pairing.fromServer(answer(2));
    expect(recorded.summary()).toEqual(['tool1 cancelled', 'tool2 ok']);
  });

  it('takes a subscription for no call', () => {
    const { recorded, pairing } = pair();
    pairing.fromClient({ type: 'request', id: 1, method: 'subscriptions/listen', bytes: 1 });
    expect(pairing.open).toBe(0);
    expect(recorded.calls).toEqual([]);
  });

  describe('waiting', () => {
    const waited = (ask: (t: ReturnType<typeof pair>) => void) => {
      const t = pair();
      t.initialize();
      t.pairing.fromClient(call(1));
      t.clock.now = 10;
      ask(t);
      t.clock.now = 100;
      t.pairing.fromServer(answer(1));
      return t.recorded.calls.find(({ name }) => name === 'read');
    };

    it('is the time between a question and its answer; overlapping questions count once', () => {
      const recorded = waited(({ clock, pairing }) => {
        pairing.fromServer(question('a'));
        clock.now = 20;
        pairing.fromServer(question('b', 'sampling/createMessage'));
        clock.now = 30;
        pairing.fromClient(answer('a'));
        clock.now = 45;
        pairing.fromClient(answer('b'));
        clock.now = 50;
        pairing.fromServer(question('c', 'roots/list'));
        clock.now = 55;
        pairing.fromServer(cancel('c'));
      });
      expect(recorded).toMatchObject({ waitMs: 40, durationMs: 100 });
    });

    it('lasts to the end of the call when nobody answers', () => {
      expect(waited(({ pairing }) => pairing.fromServer(question('a')))).toMatchObject({ waitMs: 90 });
    });

    it("is nobody's with several calls in flight, unless the transport tells whose", () => {
      const others = (relatedTo?: MessageId) =>
        waited(({ pairing }) => {
          pairing.fromClient(call(2, 'other'));
          pairing.fromServer(question('a'), relatedTo);
        });
      expect(others()).toMatchObject({ waitMs: 0 });
      expect(others(1)).toMatchObject({ waitMs: 90 });
      expect(others(2)).toMatchObject({ waitMs: 0 });
    });

    it('is not for a ping', () => {
      expect(waited(({ pairing }) => pairing.fromServer(question('a', 'ping')))).toMatchObject({ waitMs: 0 });
    });
  });

  describe('the server', () => {
    it('is that of the first answer that says who it is, for calls before it as well', () => {
      const { clock, recorded, pairing } = pair();
      pairing.fromClient(call(1, 'first'));
      pairing.fromClient(call(2, 'second'));
      clock.now = 5;
      pairing.fromServer(answer(2, { serverInfo: SERVER }));
      clock.now = 9;
      pairing.fromServer(answer(1));
      pairing.fromClient(call(3, 'third'));
      pairing.closed();
      expect(recorded.calls.map(({ server, name, durationMs }) => [server, name, durationMs])).toEqual([
        ['files', 'first', 9],
        ['files', 'second', 5],
        ['files', 'third', 0],
      ]);
    });

    it('has no name when it says none', () => {
      const { recorded, pairing } = pair();
      pairing.fromClient(call(1));
      pairing.fromServer(answer(1));
      expect(recorded.calls).toMatchObject([{ server: '', outcome: 'ok' }]);
    });

    it('is known to the conversations after the first', () => {
      const recorded = recordCalls();
      const servers = new ServersBehind(recorded.monitorOf);
      const [first, second] = [createPairing(servers), createPairing(servers)];
      first.fromClient(call(1));
      first.fromServer(answer(1, { serverInfo: SERVER }));
      const third = createPairing(servers);
      third.fromClient(call(1));
      third.fromServer(answer(1));
      second.fromClient(call(1));
      second.fromServer(answer(1));
      expect(recorded.calls.map(({ server }) => server)).toEqual(['files', 'files', 'files']);
    });

    it('has the tools of all pages of its newest list', () => {
      const { recorded, pairing, initialize } = pair();
      initialize();
      const list = (tools: string[], hasCursor: boolean) => {
        pairing.fromClient({ type: 'request', id: 1, method: 'tools/list', hasCursor, bytes: 1 });
        pairing.fromServer(answer(1, { tools }));
      };
      list(['a', 'b'], false);
      list(['c'], true);
      expect(recorded.tools).toEqual({ files: ['a', 'b', 'c'] });
      list(['d'], false);
      expect(recorded.tools).toEqual({ files: ['d'] });
      pairing.fromClient(call(2));
      pairing.fromServer(answer(2, { tools: ['smuggled'] }));
      expect(recorded.tools).toEqual({ files: ['d'] });
    });
  });
});

type Step =
  | { do: 'call' | 'answer' | 'fail' | 'cancel'; id: MessageId; afterMs: number }
  | { do: 'ask' | 'reply'; id: MessageId; afterMs: number };

/** What should have been recorded, found by looking through the whole history for each request. */
function expectedOf(steps: readonly Step[]) {
  const times: number[] = [];
  for (const [index, { afterMs }] of steps.entries()) times.push((times[index - 1] ?? 0) + afterMs);
  const endMs = times.at(-1) ?? 0;
  const ends = (step: Step, id: MessageId) => step.do !== 'ask' && step.do !== 'reply' && step.id === id;
  const calls = steps.flatMap((step, from) => {
    if (step.do !== 'call') return [];
    const to = steps.findIndex((later, at) => at > from && ends(later, step.id));
    const last = to === -1 ? undefined : steps[to]!.do;
    const outcome = last === 'answer' ? 'ok' : last === 'fail' ? 'tool_error' : 'cancelled';
    return [{ from, to: to === -1 ? steps.length : to, outcome, startMs: times[from]!, endMs: times[to] ?? endMs }];
  });
  const isWaiting = (one: (typeof calls)[number], at: number) =>
    steps.some((step, asked) => {
      if (step.do !== 'ask' || asked > at) return false;
      const inFlight = calls.filter(({ from, to }) => from < asked && asked < to);
      if (inFlight.length !== 1 || inFlight[0] !== one) return false;
      return !steps.some((later, then) => {
        const isOver = (later.do === 'ask' || later.do === 'reply') && later.id === step.id;
        return isOver && then > asked && then <= at;
      });
    });
  return calls.map((one) => {
    let waitMs = 0;
    for (let at = one.from; at < Math.min(one.to, steps.length - 1); at++) {
      if (isWaiting(one, at)) waitMs += times[at + 1]! - times[at]!;
    }
    return { outcome: one.outcome, durationMs: one.endMs - one.startMs, waitMs };
  });
}

describe('any interleaving', () => {
  const step = fc.record({
    do: fc.constantFrom<Step['do']>('call', 'answer', 'fail', 'cancel', 'ask', 'reply'),
    id: fc.constantFrom<MessageId>(1, '1', 2, 0, ''),
    afterMs: fc.integer({ min: 0, max: 9 }),
  });

  it('is recorded as its whole history says', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { clock, recorded, pairing, initialize } = pair();
        initialize();
        for (const { do: what, id, afterMs } of steps) {
          clock.now += afterMs;
          if (what === 'call') pairing.fromClient(call(id));
          else if (what === 'answer') pairing.fromServer(answer(id));
          else if (what === 'fail') pairing.fromServer(answer(id, { isError: true }));
          else if (what === 'cancel') pairing.fromClient(cancel(id));
          else if (what === 'ask') pairing.fromServer(question(id));
          else pairing.fromClient(answer(id));
        }
        pairing.closed();
        const found = recorded.calls.map(({ outcome, durationMs, waitMs }) => ({ outcome, durationMs, waitMs }));
        expect(found).toEqual(expectedOf(steps as Step[]));
      }),
    );
  });
});
