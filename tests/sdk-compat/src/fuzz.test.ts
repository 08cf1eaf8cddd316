/**
 * Random lives of a server and its unmonitored twin: tools are registered, updated, disabled, removed, listed, called and
 * cancelled in any order, and monitoring begins at any moment. A client must not be able to tell the two apart.
 */
import { randomUUID } from 'node:crypto';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { BatchCollector } from './batchCollector.ts';
import { type HighLevelServer, SDKS, type Sdk, type TestClient, type ToolBody, type ToolHandle } from './sdks.ts';

const collector = new BatchCollector();

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {}); // The SDKs have opinions about names.
  process.env.MCP_VITALS_URL = await collector.listen();
  process.env.MCP_VITALS_DATA = `/tmp/mcp-vitals-fuzz-${randomUUID()}`;
});

afterAll(async () => {
  await getMonitor()?.shutdown();
  await collector.close();
});

const text = (value: string) => ({ content: [{ type: 'text', text: value }] });

const BODIES = {
  answers: () => text('fine'),
  answersLater: async () => text('fine, later'),
  saysIsError: () => ({ ...text('went wrong'), isError: true }),
  throws: () => {
    throw new RangeError('thrown');
  },
  rejects: async () => {
    throw Object.assign(new Error('rejected'), { code: -32_001 });
  },
  answersNonsense: () => 'no result at all',
  answersNothing: () => undefined,
} satisfies Record<string, ToolBody>;

type Body = keyof typeof BODIES;

/** Old releases do not answer a call at all whose handler returns these. */
const UNANSWERED_BEFORE_1_32: ReadonlySet<Body> = new Set(['answersNonsense', 'answersNothing']);

function bodiesFor(sdk: Sdk): Body[] {
  const bodies = Object.keys(BODIES) as Body[];
  const isOld = sdk.name === 'v1 1.10' || sdk.name === 'v1 1.20';
  return isOld ? bodies.filter((body) => !UNANSWERED_BEFORE_1_32.has(body)) : bodies;
}

/** Ends only when its call is cancelled, so nothing else is done to it. */
const WAITS = 'waits';
const waitsForCancel: ToolBody = (signal) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(text('aborted')), { once: true }));

type Action =
  | { do: 'register'; name: string; body: Body; style: number }
  | { do: 'update'; name: string; body: Body }
  | { do: 'enable' | 'disable' | 'remove' | 'call'; name: string }
  | { do: 'cancel'; name: string; isLate: boolean }
  | { do: 'list' | 'monitor' };

const name = fc.constantFrom('a', 'b', 'constructor', '__proto__', 'Ünïcode\n');

function actionOn(sdk: Sdk): fc.Arbitrary<Action> {
  const body = fc.constantFrom(...bodiesFor(sdk));
  const cancelled = fc.oneof(fc.constant(WAITS), name);
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('register' as const), name, body, style: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('update' as const), name, body }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('enable', 'disable', 'remove'), name }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('call' as const), name }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('cancel' as const), name: cancelled, isLate: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('list' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('monitor' as const) }) },
  );
}

/** One of the twins, with the client that talks to it. */
class Life {
  readonly #sdk: Sdk;
  readonly #server: HighLevelServer;
  readonly #isMonitored: boolean;
  readonly #handles = new Map<string, ToolHandle>();
  #client!: TestClient;

  constructor(sdk: Sdk, isMonitored: boolean) {
    this.#sdk = sdk;
    this.#isMonitored = isMonitored;
    this.#server = sdk.createHighLevel('lived');
    this.#server.add(sdk.styles[0]!, WAITS, waitsForCancel);
  }

  async begin(): Promise<void> {
    this.#client = await this.#sdk.connect(this.#server.server);
  }

  end(): Promise<void> {
    return this.#client.close();
  }

  /** What came of it, as far as anybody outside can see. */
  async act(action: Action): Promise<unknown> {
    try {
      return { answer: await this.#do(action) };
    } catch (error) {
      const { name, message, code, data } = error as Error & { code?: unknown; data?: unknown };
      return { error: { name, message, code, data } };
    }
  }

  #do(action: Action): unknown {
    switch (action.do) {
      case 'monitor':
        return this.#isMonitored ? void withMonitoring(this.#server.server) : undefined;
      case 'register': {
        const style = this.#sdk.styles[action.style % this.#sdk.styles.length]!;
        this.#handles.set(action.name, this.#server.add(style, action.name, BODIES[action.body]));
        return undefined;
      }
      case 'update':
        return this.#handles.get(action.name)?.update({ callback: BODIES[action.body] });
      case 'call':
        return this.#client.callTool({ name: action.name, arguments: {} });
      case 'cancel':
        return this.#cancel(action.name, action.isLate);
      case 'list':
        return this.#client.listTools();
      default:
        return this.#handles.get(action.name)?.[action.do]();
    }
  }

  /** Cancels a call that has been sent, before it reached its handler or after. */
  async #cancel(name: string, isLate: boolean): Promise<unknown> {
    const controller = new AbortController();
    const call = this.#client.callTool({ name, arguments: {} }, controller.signal);
    call.catch(() => {}); // It is awaited below.
    if (isLate) await new Promise((resolve) => setImmediate(resolve));
    controller.abort('changed my mind');
    return call;
  }
}

describe.each(SDKS.map((sdk) => [sdk.name, sdk] as const))('%s', (_name, sdk) => {
  it('answers as its unmonitored twin does, whatever happens', async () => {
    const action = actionOn(sdk);
    const lives = fc.record({ before: fc.array(action, { maxLength: 5 }), after: fc.array(action, { maxLength: 25 }) });
    await fc.assert(
      fc.asyncProperty(lives, async ({ before, after }) => {
        const twins = [new Life(sdk, true), new Life(sdk, false)] as const;
        const expectEqual = async (action: Action) => {
          const [monitored, bare] = [await twins[0].act(action), await twins[1].act(action)];
          expect(monitored, JSON.stringify(action)).toEqual(bare);
        };
        const isOffline = ({ do: what }: Action) => !['call', 'cancel', 'list'].includes(what);
        for (const action of before.filter(isOffline)) await expectEqual(action);
        for (const twin of twins) await twin.begin();
        for (const action of after) await expectEqual(action);
        for (const twin of twins) await twin.end();
      }),
      { numRuns: 100 * inject('thoroughness') },
    );
  });
});
