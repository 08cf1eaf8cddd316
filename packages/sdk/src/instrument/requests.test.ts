import { describe, expect, it, vi } from 'vitest';
import { settle } from '../testing/handClock.ts';
import { createTestMonitor } from '../testing/testMonitor.ts';
import { interceptRequests, type RequestHandler } from './dispatch.ts';
import { timeRequests } from './requests.ts';
import { namingOf } from './seriesNames.ts';

function wrapped(original: RequestHandler) {
  const { monitor, diagnostics } = createTestMonitor();
  const server = monitor.serverFor('server', '1');
  const { recorder } = monitor;
  const group = recorder.group(server, 'tool');
  const handler = timeRequests(original, {
    ...namingOf('tools/call', {}),
    group,
    recorder,
    owner: {},
    nowMs: () => 0,
    errorMessages: false,
    resultBytes: false,
  });
  const outcomes = () => group.byName.get('tool')?.outcomes;
  const exemplar = () => group.byName.get('tool')?.exemplar;
  return { handler, outcomes, exemplar, recorder, diagnostics };
}

const request = { params: { name: 'tool' } };

describe('the original', () => {
  it('runs once, with its this and arguments, and its very answer is returned', async () => {
    const answer = Promise.resolve({ content: [] });
    const original = vi.fn(() => answer);
    const { handler } = wrapped(original);
    const owner = {};
    const extra = { signal: new AbortController().signal };
    expect(handler.call(owner, request, extra, 'third')).toBe(answer);
    await settle();
    expect(original.mock.calls).toEqual([[request, extra, 'third']]);
    expect(original.mock.contexts).toEqual([owner]);
  });

  it('runs once when it throws, and its very error comes out, at once', () => {
    const error = new Error('thrown');
    const original = vi.fn(() => {
      throw error;
    });
    const { handler, outcomes } = wrapped(original);
    expect(() => handler(request)).toThrow(error);
    expect(original).toHaveBeenCalledTimes(1);
    expect(outcomes()).toEqual([0, 0, 1, 0, 0, 0, 0]);
  });

  it('that rejects is counted once, and its very promise is returned', async () => {
    const answer = Promise.reject(new Error('rejected'));
    const { handler, outcomes } = wrapped(() => answer);
    await expect(handler(request)).rejects.toThrow('rejected');
    expect(outcomes()).toEqual([0, 0, 1, 0, 0, 0, 0]);
  });

  it('may answer with a thenable, which is not started', () => {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
    const lazy = { then: vi.fn() };
    const { handler, outcomes } = wrapped(() => lazy);
    expect(handler(request)).toBe(lazy);
    expect(lazy.then).not.toHaveBeenCalled();
    expect(outcomes()).toEqual([1, 0, 0, 0, 0, 0, 0]);
  });

  it('may answer with what only looks like a promise', () => {
    const { handler } = wrapped(() => Object.create(Promise.prototype));
    expect(() => handler(request)).not.toThrow();
  });

  it('leaves nothing in flight once all calls ended', async () => {
    const { handler, recorder } = wrapped(() => new Promise((resolve) => setImmediate(resolve)));
    const calls = Array.from({ length: 300 }, () => handler(request));
    expect(recorder.inFlight.snapshot(0)).toMatchObject([{ count: 300 }]);
    await Promise.all(calls);
    expect(recorder.inFlight.snapshot(0)).toEqual([]);
  });
});

describe('the trace context of a request', () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const traced = () => ({ params: { name: 'tool', _meta: { traceparent, progressToken: 'secret' } } });

  it('is read before the handler runs, and nothing else of _meta is kept', () => {
    const { handler, exemplar } = wrapped((asked) => {
      (asked as { params: { _meta?: object } }).params._meta = {};
      return {};
    });
    handler(traced());
    expect(exemplar()).toEqual({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      valueMs: expect.any(Number),
      atMs: expect.any(Number),
    });
  });

  it('is that of a failure too', () => {
    const { handler, exemplar } = wrapped(() => {
      throw new Error('thrown');
    });
    expect(() => handler(traced())).toThrow('thrown');
    expect(exemplar()).toMatchObject({ spanId: '00f067aa0ba902b7' });
  });

  it.each([
    ['none', { name: 'tool' }],
    ['one that is no text', { name: 'tool', _meta: { traceparent: {} } }],
    ['somewhere else', { name: 'tool', traceparent, arguments: { _meta: { traceparent } } }],
    ['no _meta but a number', { name: 'tool', _meta: 1 }],
    [
      'one that cannot be read',
      {
        name: 'tool',
        get _meta(): never {
          throw new Error('hands off');
        },
      },
    ],
  ])('may be %s', (_, params) => {
    const { handler, exemplar, outcomes } = wrapped(() => 'answer');
    expect(handler({ params })).toBe('answer');
    expect(outcomes()).toEqual([1, 0, 0, 0, 0, 0, 0]);
    expect(exemplar()).toBeUndefined();
  });
});

describe('interceptRequests', () => {
  it('wraps what is there and what is set later', () => {
    const handlers = new Map<string, RequestHandler>([['tools/call', () => 'first']]);
    interceptRequests(handlers, (method, original) => () => `${method}: ${String(original())}`);
    expect(handlers.get('tools/call')!()).toBe('tools/call: first');
    expect(handlers.set('tools/call', () => 'second').set('tools/list', () => 'list')).toBe(handlers);
    expect(handlers.get('tools/call')!()).toBe('tools/call: second');
    expect(handlers.get('tools/list')!()).toBe('tools/list: list');
    expect(Object.keys(handlers)).toEqual([]);
    handlers.delete('tools/call');
    expect(handlers.has('tools/call')).toBe(false);
  });
});
