import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import type { MessageHead } from './messageHead.ts';
import { JsonMessageReader, MessageReader } from './messageReader.ts';

const numRuns = 300 * inject('thoroughness');

/** Heads of newline-delimited bytes that come in pieces which end at the given places. */
function headsOf(input: string | Uint8Array, cuts: readonly number[] = []): MessageHead[] {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const heads: MessageHead[] = [];
  const reader = new MessageReader((head) => heads.push(head));
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...places, bytes.length]) {
    reader.write(bytes.subarray(from, to));
    from = to;
  }
  reader.end();
  return heads.map(defined);
}

/** Without what is undefined. */
const defined = (head: MessageHead) => JSON.parse(JSON.stringify(head)) as MessageHead;

/** What `JSON.parse` makes of a message: slow, but beyond doubt. */
function expectedHead(line: string): Partial<MessageHead> | undefined {
  const message = JSON.parse(line);
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(message)) return undefined;
  const { params, result, error } = message;
  const id = ['string', 'number'].includes(typeof message.id) ? message.id : undefined;
  if (typeof message.method === 'string') {
    const asked = isObject(params) ? params : {};
    return {
      type: id === undefined ? 'notification' : 'request',
      id,
      method: message.method,
      name: typeof asked.name === 'string' ? asked.name : undefined,
      hasCursor: 'cursor' in asked ? true : undefined,
      traceparent:
        isObject(asked._meta) && typeof asked._meta.traceparent === 'string' ? asked._meta.traceparent : undefined,
    } as Partial<MessageHead>;
  }
  if (!('result' in message) && !isObject(error)) return undefined;
  const answer = isObject(result) ? result : {};
  const task = isObject(answer.task) ? answer.task : {};
  const code = isObject(error) ? error.code : undefined;
  return {
    type: 'response',
    id,
    isError: typeof answer.isError === 'boolean' ? answer.isError : undefined,
    hasTask: typeof task.taskId === 'string' ? true : undefined,
    tools: Array.isArray(answer.tools)
      ? answer.tools.filter((tool) => isObject(tool) && typeof tool.name === 'string').map(({ name }) => name)
      : undefined,
    errorCode: isObject(error) ? (['string', 'number'].includes(typeof code) ? code : 0) : undefined,
  } as Partial<MessageHead>;
}

const key = fc.constantFrom(
  'id',
  'method',
  'params',
  'result',
  'error',
  'name',
  'isError',
  'task',
  'taskId',
  'tools',
  'code',
  '_meta',
  'traceparent',
  'x',
);
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(true, false, null, 'tools/call', 'a"b\\c\n\u0041é💥'),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 6 }),
  ),
}));
const message = fc.dictionary(key, anyValue, { maxKeys: 6, minKeys: 1 });
const pretty = fc.constantFrom('', ' ', '\t');

describe('a message', () => {
  it.each([
    ['{"jsonrpc":"2.0","id":1,"method":"ping"}', { type: 'request', id: 1, method: 'ping' }],
    ['{"method":"notifications/initialized"}', { type: 'notification', method: 'notifications/initialized' }],
    [
      '{"id":"\\u0031","method":"tools/call","params":{"arguments":{"name":"no"},"name":"re\\u0061d"}}',
      { type: 'request', id: '1', method: 'tools/call', name: 'read' },
    ],
    [
      '{"id":1,"method":"resources/read","params":{"uri":"FILE:///secret"}}',
      { type: 'request', id: 1, method: 'resources/read', uriScheme: 'file:' },
    ],
    [
      '{"id":1,"method":"a","params":{"_meta":{"baggage":"secret","traceparent":"00-ab"},"name":"read"}}',
      { type: 'request', id: 1, method: 'a', name: 'read', traceparent: '00-ab' },
    ],
    [
      '{"id":1,"method":"a","params":{"_meta":{"traceparent":"00-ab"},"_meta":{}}}',
      { type: 'request', id: 1, method: 'a' },
    ],
    [
      '{"id":1,"method":"initialize","params":{"clientInfo":{"name":"zed","version":"3"}}}',
      { type: 'request', id: 1, method: 'initialize', introducedAs: 'zed' },
    ],
    [
      '{"id":1,"method":"a","params":{"_meta":{"io.modelcontextprotocol/clientInfo":{"name":"zed"}},"clientInfo":7}}',
      { type: 'request', id: 1, method: 'a', clientName: 'zed' },
    ],
    [
      '{"method":"notifications/cancelled","params":{"requestId":"a","reason":"gone"}}',
      { type: 'notification', method: 'notifications/cancelled', cancelledId: 'a', cancelReason: 'gone' },
    ],
    [
      '{"id":1,"result":{"content":[{"isError":false}],"isError":true}}',
      { type: 'response', id: 1, isError: true, resultBytes: 46 },
    ],
    [
      '{"id":1,"result":{"task":{"taskId":"t"},"resultType":"task"}}',
      { type: 'response', id: 1, hasTask: true, resultType: 'task', resultBytes: 43 },
    ],
    ['{"id":1,"error":{"code":-32602,"message":"no"}}', { type: 'response', id: 1, errorCode: -32602 }],
    ['{"id":1,"error":{}}', { type: 'response', id: 1, errorCode: 0 }],
    [
      '{"id":1,"result":{"serverInfo":{"name":"s","version":"2"}}}',
      { type: 'response', id: 1, serverInfo: { name: 's', version: '2' }, resultBytes: 41 },
    ],
    [
      '{"id":1,"result":{"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s"}}}}',
      { type: 'response', id: 1, serverInfo: { name: 's', version: '' }, resultBytes: 61 },
    ],
    // With a key that occurs twice the last one counts, as in JSON.parse.
    ['{"id":1,"id":2,"method":"a","params":{"name":"x"},"params":{}}', { type: 'request', id: 2, method: 'a' }],
  ])('%s', (line, head) => {
    expect(headsOf(`${line}\n`)).toEqual([{ ...head, bytes: line.length }]);
  });

  it('is read as JSON.parse reads it, however the bytes are cut and the text is laid out', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), pretty, fc.array(fc.nat()), (messages, space, cuts) => {
        const lines = messages.map((value) => JSON.stringify(value, undefined, space).replaceAll('\n', '\r'));
        const expected = lines.flatMap((line) => {
          const head = expectedHead(line);
          return head === undefined ? [] : [defined({ ...head, bytes: Buffer.byteLength(line) } as MessageHead)];
        });
        const heads = headsOf(lines.join('\n'), cuts).map(({ resultBytes, resultType, serverInfo, ...head }) => head);
        expect(heads).toEqual(expected);
      }),
      { numRuns },
    );
  });

  it('is found between any bytes, and none of them is an error', () => {
    const ping = '{"id":7,"method":"ping"}';
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat()), (noise, cuts) => {
        const bytes = Buffer.concat([Buffer.from(noise), Buffer.from(`\n${ping}\n`), Buffer.from(noise)]);
        expect(headsOf(bytes, cuts)).toContainEqual({ type: 'request', id: 7, method: 'ping', bytes: ping.length });
      }),
      { numRuns },
    );
  });

  it('that is broken is none', () => {
    const broken = [
      '{"id":1,"method":"a"',
      '{"id":1 "method":"a"}',
      '{"id":01,"method":"a"}',
      '{"id":1,"method":"a"}}',
    ];
    const more = [
      '{"id":tru,"method":"a"}',
      '[1',
      '{,"method":"a"}',
      '{"id":1,"method":"\\x"}',
      '"a',
      '',
      '   ',
      'null',
    ];
    for (const line of [...broken, ...more]) expect(headsOf(`${line}\n`)).toEqual([]);
  });

  it('may be one of an array', () => {
    const lines = '[{"id":1,"method":"a"},{"id":2,"result":{}}, 3, []]\n[{"id":3,"method":"b"}]\n';
    expect(headsOf(lines)).toMatchObject([
      { type: 'request', id: 1, method: 'a', bytes: 21 },
      { type: 'response', id: 2, resultBytes: 2, bytes: 20 },
      { type: 'request', id: 3, method: 'b', bytes: 21 },
    ]);
  });
});

describe('size', () => {
  it('does not matter: what nobody wants is not kept', () => {
    const heads: MessageHead[] = [];
    const reader = new JsonMessageReader((head) => heads.push(head));
    const piece = Buffer.from('x\\"\\\\'.repeat(20_000));
    reader.write(Buffer.from('{"id":1,"result":{"content":[{"text":"'));
    for (let i = 0; i < 100; i += 1) reader.write(piece);
    reader.write(Buffer.from('"}],"isError":true}}'));
    reader.end();
    expect(heads).toMatchObject([{ id: 1, isError: true, bytes: piece.length * 100 + 58 }]);
  });

  it('of a name has a limit', () => {
    const [head] = headsOf(`{"id":1,"method":"tools/call","params":{"name":"${'\\u00e9'.repeat(10_000)}"}}`);
    expect(head!.name!.length).toBeGreaterThan(100);
    expect(head!.name).toMatch(/^é+$/);
  });

  it('of a nesting has a limit, and the next message is read all the same', () => {
    const deep = '['.repeat(1_000_000);
    expect(headsOf(`${deep}\n{"id":1,"method":"ping"}\n`)).toMatchObject([{ id: 1 }]);
  });
});
