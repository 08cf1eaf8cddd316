import { Digest, Histogram } from '@mcp-vitals/sketch';
import fc from 'fast-check';
import { Packr } from 'msgpackr/pack';
import { Unpackr } from 'msgpackr/unpack';
import { describe, expect, inject, it, test } from 'vitest';
import { decodeBatch, WireFormatError, type WireFormatReason } from './decode.ts';
import { type Batch, encodeBatch, SERIES_KINDS, WIRE_LIMITS } from './encode.ts';
import {
  comparedBatch,
  controlledBatch,
  crowdedBatch,
  exampleBatch,
  fullBatch,
  sharedBatch,
  tracedBatch,
} from './fixtures/batches.ts';
import {
  COMPARED_HEX,
  CONTROLLED_HEX,
  CROWDED_HEX,
  EXAMPLE_HEX,
  FULL_HEX,
  SHARED_HEX,
  TRACED_HEX,
} from './fixtures/bytes.ts';
import { FIRST_LATER_KIND, type WireBatch } from './layout.ts';

/** Digests hide their content: compared by their bytes. */
function comparable(batch: Batch): unknown {
  return { ...batch, windows: batch.windows.map((window) => ({ ...window, digest: hex(window.digest.toBytes()) })) };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

function refusalOf(body: Uint8Array): WireFormatError {
  try {
    decodeBatch(body);
  } catch (error) {
    expect(error).toBeInstanceOf(WireFormatError);
    return error as WireFormatError;
  }
  throw new Error('was read');
}

const packr = new Packr({ useRecords: false, variableMapSize: true });

/** A batch as any msgpack library would write it. */
function wire(change: (batch: WireBatch) => unknown): Uint8Array {
  const batch: WireBatch = {
    v: 1,
    instance: 'a',
    seq: 1,
    process: { host: 'h', pid: 1, runtime: 'r', sdk: 's' },
    baseMs: 1_750_000_000_000,
    servers: [['files', '1']],
    names: ['read'],
    windows: [[0, 0, 0, 0, 1_000, [2], Digest.ofSorted(Float64Array.of(1, 2)).toBytes()]],
    resources: [],
    inFlight: [],
    dropped: {},
  };
  return packr.pack(change(batch) ?? batch);
}

describe.each([
  ['example', exampleBatch, EXAMPLE_HEX],
  ['full', fullBatch, FULL_HEX],
  ['traced', tracedBatch, TRACED_HEX],
  ['crowded', crowdedBatch, CROWDED_HEX],
  ['controlled', controlledBatch, CONTROLLED_HEX],
  ['shared', sharedBatch, SHARED_HEX],
  ['compared', comparedBatch, COMPARED_HEX],
] as const)('the %s batch', (_, batch, frozen) => {
  it('has the bytes it always had', () => {
    expect(hex(encodeBatch(batch))).toBe(frozen);
  });

  it('is read from them', () => {
    expect(comparable(decodeBatch(fromHex(frozen)))).toEqual(comparable(batch));
  });

  it('is refused at every truncation', () => {
    const bytes = fromHex(frozen);
    for (let length = 0; length < bytes.length; length++) {
      expect(refusalOf(bytes.subarray(0, length)).reason).toBe('truncated');
    }
  });
});

const times = fc.integer({ min: 0, max: 4e12 });
const duration = fc.double({ min: 0, max: 1e7, noNaN: true }).map((value) => value + 0);
const count = fc.nat(1_000);
const text = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength: Math.floor(maxLength / 12) });

const hexDigits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length }).filter(isNotZero);
const isNotZero = (digits: string): boolean => /[^0]/.test(digits);

const exemplar = fc.record({ traceId: hexDigits(32), spanId: hexDigits(16), valueMs: duration, atMs: times });

const arbitraryResources = fc.record(
  {
    atMs: times,
    cpuPercent: duration,
    memoryMb: duration,
    memoryPercent: duration,
    diskIoKb: duration,
    eventLoopDelayMs: duration,
    heapUsedMb: duration,
    heapTotalMb: duration,
    externalMb: duration,
    cpuWaitPercent: duration,
    hostCpuPercent: duration,
  },
  { requiredKeys: ['atMs', 'cpuPercent', 'memoryMb', 'memoryPercent', 'diskIoKb', 'eventLoopDelayMs'] },
);

const arbitraryWindow = fc
  .record({
    server: fc.constant(0),
    kind: fc.constantFrom(...SERIES_KINDS),
    name: text(1_000),
    startMs: times,
    lengthMs: fc.nat(60_000),
    durations: fc.array(duration, { maxLength: 30 }),
    others: fc.tuple(count, count, count),
    errors: fc.array(
      fc.record(
        { atMs: times, errorClass: text(200), code: text(100), message: text(500) },
        { requiredKeys: ['atMs', 'errorClass', 'code'] },
      ),
      { maxLength: 20 },
    ),
    exemplar: fc.option(exemplar),
  })
  .map(({ lengthMs, durations, others, errors, exemplar, ...window }) => ({
    ...window,
    ...(errors.length > 0 && { errors }),
    ...(exemplar !== null && { exemplar }),
    endMs: window.startMs + lengthMs,
    outcomes: [durations.length, 0, 0, 0, ...others] as Batch['windows'][number]['outcomes'],
    digest: Digest.ofSorted(Float64Array.from(durations).sort()),
  }));

const windowsAndResources = fc.tuple(
  fc.array(arbitraryWindow, { maxLength: 20 }),
  fc.array(arbitraryResources, { maxLength: 3 }),
);

test('what is encoded is decoded', () => {
  fc.assert(
    fc.property(windowsAndResources, fc.integer({ min: 1, max: 2 ** 40 }), ([all, resources], seq) => {
      const isLater = ({ kind }: Batch['windows'][number]) => SERIES_KINDS.indexOf(kind) >= FIRST_LATER_KIND;
      // Windows of later kinds come after the others.
      const windows = [...all.filter((window) => !isLater(window)), ...all.filter(isLater)];
      const batch: Batch = { ...exampleBatch, seq, windows: all, resources };
      const read = decodeBatch(encodeBatch(batch));
      expect({ ...read, windows: [] }).toEqual({ ...batch, windows: [] });
      const sent = new Unpackr({ useRecords: false }).unpack(encodeBatch(batch)) as WireBatch;
      expect(sent.windows.every(([, kind]) => kind < FIRST_LATER_KIND)).toBe(true);
      expect(read.windows.map(({ digest, ...window }) => [window, digest.count, digest.sum, digest.max])).toEqual(
        windows.map(({ digest, ...window }) => [window, digest.count, digest.sum, digest.max]),
      );
    }),
    { numRuns: 200 * inject('thoroughness') },
  );
});

describe('a window whose durations somebody else has counted', () => {
  const histogram = Histogram.explicit([10, 100], [1, 2, 0], { sum: 60, min: 5, max: 40 });
  const window = { ...exampleBatch.windows[0]!, errors: [] };
  const read = (change: Partial<Batch['windows'][number]>) =>
    decodeBatch(encodeBatch({ ...exampleBatch, windows: [{ ...window, ...change }] })).windows[0]!;

  it('keeps its buckets, beside a digest or alone', () => {
    const alone = read({ outcomes: [2, 1, 0, 0, 0, 0, 0], digest: new Digest(), histogram });
    expect(alone).toMatchObject({ histogram, digest: { count: 0 } });
    const digest = Digest.ofSorted(Float64Array.of(1, 2));
    const both = read({ outcomes: [5, 0, 0, 0, 0, 0, 0], digest, histogram });
    expect([both.digest.count, both.histogram]).toEqual([2, histogram]);
  });

  it('is refused when they are not as many as its calls', () => {
    expect(() => read({ outcomes: [2, 0, 0, 0, 0, 0, 0], digest: new Digest(), histogram })).toThrow(
      'windows[0].digest: must be durations of 2 calls, as many as outcomes, is 3',
    );
  });
});

test('a window over ten samples takes 40 bytes or fewer', () => {
  const windows = Array.from({ length: 100 }, (_, i) => ({
    ...exampleBatch.windows[0]!,
    name: `tool ${i % 20}`,
    errors: [],
    outcomes: [10, 0, 0, 0, 0, 0, 0] as Batch['windows'][number]['outcomes'],
    digest: Digest.ofSorted(Float64Array.from({ length: 10 }, (_, k) => (10_000 + 7_919 * k + 13 * i) / 1_000)),
  }));
  const without = encodeBatch({ ...exampleBatch, windows: [] }).length;
  expect((encodeBatch({ ...exampleBatch, windows }).length - without) / windows.length).toBeLessThanOrEqual(40);
});

describe('what may be added', () => {
  it('is ignored, in maps and at the end of rows', () => {
    const body = wire((batch) => ({
      ...batch,
      later: { deeply: [{ nested: 1 }] },
      process: { ...batch.process, arch: 'arm64' },
      servers: [['files', '1', null, 'prod']],
      windows: [[...batch.windows[0]!, [[1, 'E', '', null, 'more']], { bytes: 12 }]],
      resources: [[0, 1, 2, 3, 4, 5, 6, null, 8, null, 10, 'more']],
      inFlight: [[0, 0, 0, 1, 2, 'more']],
    }));
    const batch = decodeBatch(body);
    expect(batch.windows[0]!.errors).toEqual([{ atMs: 1_750_000_000_001, errorClass: 'E', code: '' }]);
    expect(batch.servers).toEqual([{ name: 'files', version: '1' }]);
    expect(batch.resources[0]).toEqual({
      atMs: 1_750_000_000_000,
      cpuPercent: 1,
      memoryMb: 2,
      memoryPercent: 3,
      diskIoKb: 4,
      eventLoopDelayMs: 5,
      heapUsedMb: 6,
      externalMb: 8,
      hostCpuPercent: 10,
    });
    expect(batch.inFlight[0]!.count).toBe(1);
  });

  it('is ignored beside an exemplar', () => {
    const row = [TRACE_ID, SPAN_ID, 2, 1_000, 'more'];
    const batch = decodeBatch(wire((whole) => withWindow(whole, 8, { exemplar: row, later: [1] })));
    const exemplar = { traceId: TRACE_ID, spanId: SPAN_ID, valueMs: 2, atMs: 1_750_000_001_000 };
    expect(batch.windows[0]).toMatchObject({ exemplar });
  });

  it('is ignored as a window of a kind that came later, beside those that are known', () => {
    const rows = (batch: WireBatch, kind: number) => [[0, kind, ...batch.windows[0]!.slice(2)], batch.windows[0]];
    const body = wire((batch) => ({ ...batch, laterWindows: rows(batch, SERIES_KINDS.length) }));
    expect(decodeBatch(body).windows.map(({ kind }) => kind)).toEqual(['tool', 'tool']);
    const known = wire((batch) => ({ ...batch, laterWindows: rows(batch, FIRST_LATER_KIND) }));
    expect(decodeBatch(known).windows.map(({ kind }) => kind)).toEqual(['tool', 'by_client', 'tool']);
  });

  it('is ignored as an outcome of a newer SDK', () => {
    const body = wire((batch) => batch.windows[0]!.splice(5, 1, [1, 1, 0, 0, 0, 0, 0, 9]) && batch);
    expect(decodeBatch(body).windows[0]!.outcomes).toEqual([1, 1, 0, 0, 0, 0, 0]);
  });
});

type Row = unknown[];

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';

/** Batches that are wrong in one place, and the field that the message has to name. */
const WRONG: [field: string, (batch: WireBatch) => unknown][] = [
  ['instance', (batch) => ({ ...batch, instance: '' })],
  ['instance', (batch) => ({ ...batch, instance: '../x' })],
  ['seq', (batch) => ({ ...batch, seq: 0 })],
  ['seq', (batch) => ({ ...batch, seq: 2n ** 63n })],
  ['process', (batch) => ({ ...batch, process: [] })],
  ['process.pid', (batch) => ({ ...batch, process: { ...batch.process, pid: '1' } })],
  ['baseMs', (batch) => ({ ...batch, baseMs: Number.NaN })],
  ['baseMs', (batch) => ({ ...batch, baseMs: 1e16 })],
  ['servers[0][0]', (batch) => ({ ...batch, servers: [[1, '1']] })],
  ['servers', (batch) => ({ ...batch, servers: Array(WIRE_LIMITS.maxServers + 1).fill(['a', '1']) })],
  ['names[0]', (batch) => ({ ...batch, names: ['x'.repeat(10_001)] })],
  ['windows', (batch) => ({ ...batch, windows: {} })],
  ['windows', (batch) => ({ ...batch, windows: Array(WIRE_LIMITS.maxWindows + 1).fill(batch.windows[0]) })],
  ['windows[0]', (batch) => ({ ...batch, windows: ['window'] })],
  ['windows[0].server', (batch) => withWindow(batch, 0, 1)],
  ['windows[0].server', (batch) => withWindow(batch, 0, -1)],
  ['windows[0].kind', (batch) => withWindow(batch, 1, SERIES_KINDS.length)],
  ['windows[0].name', (batch) => withWindow(batch, 2, 1)],
  ['windows[0].startMs', (batch) => withWindow(batch, 3, -2e12)],
  ['windows[0].startMs', (batch) => withWindow(batch, 3, Number.NaN)],
  ['windows[0].lengthMs', (batch) => withWindow(batch, 4, -1)],
  ['windows[0].endMs', (batch) => withWindow(batch, 4, 1e16)],
  ['windows[0].outcomes', (batch) => withWindow(batch, 5, 2)],
  ['windows[0].outcomes[0]', (batch) => withWindow(batch, 5, [1.5])],
  ['windows[0].outcomes[1]', (batch) => withWindow(batch, 5, [2, -1])],
  ['windows[0].digest', (batch) => withWindow(batch, 5, [3])],
  ['windows[0].digest', (batch) => withWindow(batch, 6, 'text')],
  ['windows[0].digest', (batch) => withWindow(batch, 6, Uint8Array.of(0x11, 2))],
  ['windows[0].digest', (batch) => withWindow(batch, 6, Digest.ofSorted(Float64Array.of(-1, 1)).toBytes())],
  ['windows[0].errors', (batch) => withWindow(batch, 7, 'text')],
  ['windows[0].errors', (batch) => withWindow(batch, 7, Array(21).fill([0, 'E', '']))],
  ['windows[0].errors[0]', (batch) => withWindow(batch, 7, [1])],
  ['windows[0].errors[0].atMs', (batch) => withWindow(batch, 7, [[-2e12, 'E', '']])],
  ['windows[0].errors[0].errorClass', (batch) => withWindow(batch, 7, [[0, 'E'.repeat(201), '']])],
  ['windows[0].errors[0].code', (batch) => withWindow(batch, 7, [[0, 'E', 5]])],
  ['windows[0].errors[0].message', (batch) => withWindow(batch, 7, [[0, 'E', '', 'x'.repeat(501)]])],
  ['windows[0].further', (batch) => withWindow(batch, 8, [1])],
  ['windows[0].exemplar', (batch) => withWindow(batch, 8, { exemplar: 'text' })],
  ['windows[0].exemplar.traceId', (batch) => withExemplar(batch, 0, TRACE_ID.toUpperCase())],
  ['windows[0].exemplar.traceId', (batch) => withExemplar(batch, 0, '0'.repeat(32))],
  ['windows[0].exemplar.traceId', (batch) => withExemplar(batch, 0, `${TRACE_ID}\n`)],
  ['windows[0].exemplar.spanId', (batch) => withExemplar(batch, 1, '0'.repeat(16))],
  ['windows[0].exemplar.spanId', (batch) => withExemplar(batch, 1, TRACE_ID)],
  ['windows[0].exemplar.valueMs', (batch) => withExemplar(batch, 2, -1)],
  ['windows[0].exemplar.valueMs', (batch) => withExemplar(batch, 2, Number.POSITIVE_INFINITY)],
  ['windows[0].exemplar.atMs', (batch) => withExemplar(batch, 3, -2e12)],
  ['laterWindows', (batch) => ({ ...batch, laterWindows: {} })],
  ['laterWindows', (batch) => ({ ...batch, laterWindows: Array(WIRE_LIMITS.maxWindows).fill(batch.windows[0]) })],
  ['laterWindows[0]', (batch) => ({ ...batch, laterWindows: ['window'] })],
  ['laterWindows[0].kind', (batch) => ({ ...batch, laterWindows: withWindow(batch, 1, -1).windows })],
  ['resources[0][1]', (batch) => ({ ...batch, resources: [[0, -1, 0, 0, 0, 0]] })],
  ['resources[0]', (batch) => ({ ...batch, resources: [[0, 1]] })],
  ['resources[0][6]', (batch) => ({ ...batch, resources: [[0, 1, 0, 0, 0, 0, -1]] })],
  ['resources[0][8]', (batch) => ({ ...batch, resources: [[0, 1, 0, 0, 0, 0, null, 1, '1']] })],
  ['inFlight[0]', (batch) => ({ ...batch, inFlight: [null] })],
  ['inFlight[0].count', (batch) => ({ ...batch, inFlight: [[0, 0, 0, -1, 0]] })],
  ['inFlight[0].oldestAgeMs', (batch) => ({ ...batch, inFlight: [[0, 0, 0, 1, -1]] })],
  ['dropped.queue_full', (batch) => ({ ...batch, dropped: { queue_full: -1 } })],
  [
    'dropped',
    (batch) => ({ ...batch, dropped: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`r${i}`, 1])) }),
  ],
  ['dropped', (batch) => ({ ...batch, dropped: new Map([['__proto__', 1]]) })],
  ['body', (batch) => new Map<string, unknown>([...Object.entries(batch), ['__proto__', {}]])],
  ['body', () => [1, 2]],
  ['v', (batch) => ({ ...batch, v: '1' })],
];

function withWindow(batch: WireBatch, element: number, value: unknown): WireBatch {
  const row: Row = [...batch.windows[0]!];
  while (row.length < element) row.push(null);
  row[element] = value;
  return { ...batch, windows: [row as WireBatch['windows'][number]] };
}

function withExemplar(batch: WireBatch, element: number, value: unknown): WireBatch {
  const exemplar: Row = [TRACE_ID, SPAN_ID, 2, 1_000];
  exemplar[element] = value;
  return withWindow(batch, 8, { exemplar });
}

describe('refused', () => {
  test.each(WRONG)('%s', (field, change) => {
    const { reason, message } = refusalOf(wire(change));
    expect([reason, message.startsWith(`${field}:`) || message.startsWith(`${field}[`) || message]).toEqual([
      'invalid',
      true,
    ]);
  });

  test.each<[string, WireFormatReason, Uint8Array]>([
    ['nothing', 'truncated', new Uint8Array(0)],
    ['too many bytes', 'too_large', new Uint8Array(WIRE_LIMITS.maxBatchBytes + 1)],
    ['another version', 'unsupported_version', wire((batch) => ({ ...batch, v: 2 }))],
    ['nested arrays', 'too_deep', new Uint8Array(72_000).fill(0x91)],
    ['nested maps', 'too_deep', new Uint8Array(72_000).fill(0x81)],
    ['JSON', 'not_msgpack', new TextEncoder().encode('{"v":1}')],
    ['bytes after the end', 'not_msgpack', Uint8Array.of(...fromHex(EXAMPLE_HEX), 0)],
    ['a byte that msgpack does not use', 'not_msgpack', Uint8Array.of(0xc1)],
    ['a record definition', 'not_msgpack', Uint8Array.of(0xd4, 0x72, 0x40, 0x91, 0xa1, 0x76, 0x01)],
    ['a date', 'not_msgpack', packr.pack(new Date(0))],
    ['a regular expression', 'not_msgpack', new Packr({ moreTypes: true }).pack(/a+/)],
    ['an error', 'not_msgpack', new Packr({ moreTypes: true }).pack(new Error('no'))],
    ['an array that says it is huge', 'truncated', Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff)],
    ['a text that says it is huge', 'truncated', Uint8Array.of(0xdb, 0xff, 0xff, 0xff, 0xff)],
    ['a length that is cut', 'truncated', Uint8Array.of(0xdc, 0xff)],
  ])('%s', (_, reason, body) => {
    expect(refusalOf(body).reason).toBe(reason);
  });
});

function expectBatchOrRefusal(body: Uint8Array): void {
  try {
    const batch = decodeBatch(body);
    expect(decodeBatch(encodeBatch(batch)).windows.length).toBe(batch.windows.length);
  } catch (error) {
    expect(error).toBeInstanceOf(WireFormatError);
  }
}

describe('read or refused', () => {
  it('is any sequence of bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), expectBatchOrRefusal), {
      numRuns: 3_000 * inject('thoroughness'),
    });
  });

  it('is any batch that was damaged', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(EXAMPLE_HEX, FULL_HEX, TRACED_HEX), damage, (source, changes) => {
        const bytes = fromHex(source);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        expectBatchOrRefusal(bytes);
      }),
      { numRuns: 5_000 * inject('thoroughness') },
    );
  });

  it('is any value of JavaScript', () => {
    const batchOf = (key: keyof WireBatch, value: unknown) => wire((batch) => ({ ...batch, [key]: value }));
    const keys = Object.keys(decodeBatch(wire((batch) => batch))) as (keyof WireBatch)[];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.anything({ maxDepth: 4 }), (key, value) => {
        expectBatchOrRefusal(batchOf(key, value));
      }),
      { numRuns: 1_000 * inject('thoroughness') },
    );
  });
});

describe('what authors permit', () => {
  it('may name controls that this reader does not know', () => {
    const body = wire((batch) => ({ ...batch, controls: [[0, ['cache', 'teleport'], 3, 'more']] }));
    expect(decodeBatch(body).controls).toEqual([{ server: 0, permitted: ['cache'], version: 3 }]);
  });

  it.each([[[1, ['cache'], 0]], [[0, 'cache', 0]], [[0, [7], 0]], [[0, ['cache'], -1]], [[0, ['cache']]], ['cache']])(
    'is refused as %j',
    (row) => {
      expect(refusalOf(wire((batch) => ({ ...batch, controls: [row] }))).reason).toBe('invalid');
    },
  );
});
