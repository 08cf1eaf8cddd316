import { describe, expect, it, vi } from 'vitest';
import { createAdopt } from './adopt.ts';
import { ADOPT_NAME, rewrite } from './rewrite.ts';

/** What stands beside it in every copy of the SDKs. */
const COMPANY = ';_notificationHandlers;setRequestHandler';
const HANDED_OVER = `(globalThis.${ADOPT_NAME}?.(this)??new Map())`;

describe('rewrite', () => {
  it.each([
    ['this._requestHandlers = new Map();', `this._requestHandlers = ${HANDED_OVER};`],
    ['\t_requestHandlers = /* @__PURE__ */ new Map();', `\t_requestHandlers = /* @__PURE__ */ ${HANDED_OVER};`],
    ['{this._requestHandlers=new Map,this.b=1}', `{this._requestHandlers=${HANDED_OVER},this.b=1}`],
    ['class A{_requestHandlers=new Map;b=1}', `class A{_requestHandlers=${HANDED_OVER};b=1}`],
    ['__publicField(this, "_requestHandlers", new Map());', `__publicField(this, "_requestHandlers", ${HANDED_OVER});`],
  ])('hands over the map of %s', (before, after) => {
    const [source, rewritten] = [before + COMPANY, after + COMPANY];
    expect(rewrite(source)).toBe(rewritten);
    expect(rewrite(Buffer.from(source))).toBe(rewritten);
    expect(rewrite(new TextEncoder().encode(source).buffer)).toBe(rewritten);
    expect(rewrite(rewritten)).toBeUndefined();
  });

  it('leaves everything else alone', () => {
    for (const source of [
      'new Map()',
      'x._requestHandlers.get(1)',
      'other_requestHandlers = new Map()',
      'const _requestHandlers = new Map()',
      'this._requestHandlers = new Map([[1, 2]])',
      'this._requestHandlers = new Map().set(1, 2)',
      '',
    ]) {
      expect(rewrite(source + COMPANY)).toBeUndefined();
    }
    expect(rewrite(undefined)).toBeUndefined();
  });

  it("leaves a class alone that is not the protocol's", () => {
    expect(rewrite('this._requestHandlers = new Map();')).toBeUndefined();
  });

  it('leaves a program as it was where nobody takes the map', () => {
    const source = rewrite(
      'class A { _requestHandlers = new Map(); _notificationHandlers; setRequestHandler() {} }; return new A()._requestHandlers',
    )!;
    expect(new Function(source)()).toEqual(new Map());
  });
});

describe('adopt', () => {
  type Handlers = Map<string, unknown>;
  /** An instance as its constructor makes it. */
  const ownerOf = (monitor: (server: object) => void) => {
    const owner: { _requestHandlers?: Handlers } = {};
    owner._requestHandlers = createAdopt(monitor)(owner);
    return { owner, handlers: owner._requestHandlers };
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('has a server monitored when it has to answer, once, and is an ordinary map from then on', () => {
    const monitor = vi.fn();
    const { owner, handlers } = ownerOf(monitor);
    expect(Object.keys(handlers)).toEqual([]);
    handlers.set('ping', 1).set('initialize', 2).set('tools/call', 3);
    expect(monitor).not.toHaveBeenCalled();
    expect(handlers.get('tools/call')).toBe(3);
    expect(handlers.get('ping')).toBe(1);
    expect(monitor.mock.calls).toEqual([[owner]]);
    expect(Object.hasOwn(handlers, 'get')).toBe(false);
  });

  it('answers the greeting of a client first', async () => {
    const monitor = vi.fn();
    const { handlers } = ownerOf(monitor);
    handlers.set('initialize', 1);
    expect(handlers.get('initialize')).toBe(1);
    expect(monitor).not.toHaveBeenCalled();
    await turn();
    expect(handlers.get('initialize')).toBe(1);
    await turn();
    expect(monitor).toHaveBeenCalledTimes(1);
  });

  it('leaves clients alone', async () => {
    const monitor = vi.fn();
    const { handlers } = ownerOf(monitor);
    handlers.set('ping', 1).set('sampling/createMessage', 2);
    expect(handlers.get('sampling/createMessage')).toBe(2);
    await turn();
    expect(monitor).not.toHaveBeenCalled();
  });

  it('leaves maps alone that are used for something else', () => {
    const monitor = vi.fn();
    const handlers = createAdopt(monitor)({}).set('tools/call', 1);
    expect(handlers.get('tools/call')).toBe(1);
    expect(monitor).not.toHaveBeenCalled();
  });

  it('answers with the handler that `monitor` puts in place of the one there was', () => {
    const { handlers } = ownerOf(() => handlers.set('tools/call', 'timed'));
    handlers.set('tools/call', 'plain');
    expect(handlers.get('tools/call')).toBe('timed');
  });
});
