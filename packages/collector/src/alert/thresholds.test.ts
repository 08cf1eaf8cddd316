/** Which threshold wins, and that names from strangers stay apart. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Threshold } from '../model/alert.ts';
import { DEFAULT_THRESHOLDS, severityAbove, ThresholdBook, thresholdIdOf } from './thresholds.ts';

function threshold(given: Partial<Threshold>): Threshold {
  const scope = { server: '', tool: '', metric: 'response_time', severity: 'warning', ...given } as const;
  return { threshold: 1, enabled: true, ...scope, thresholdId: thresholdIdOf(scope) };
}

function bookOf(...thresholds: Partial<Threshold>[]): ThresholdBook {
  const book = new ThresholdBook();
  for (const each of thresholds) book.set(threshold(each));
  return book;
}

it('starts with the figures of the specification', () => {
  const table = DEFAULT_THRESHOLDS.map(({ metric, severity, threshold: value }) => `${metric} ${severity} ${value}`);
  expect(table).toEqual([
    'response_time warning 500',
    'response_time critical 1000',
    'error_rate warning 1',
    'error_rate critical 5',
    'cpu warning 70',
    'cpu critical 90',
    'memory warning 75',
    'memory critical 90',
  ]);
  expect(bookOf().limits('any', 'tool', 'response_time')).toEqual({ warning: 500, critical: 1000 });
});

describe('the most specific threshold wins', () => {
  const everywhere = { threshold: 10 };
  const server = { server: 's', threshold: 20 };
  const tool = { tool: 't', threshold: 30 };
  const both = { server: 's', tool: 't', threshold: 40 };

  it.each([
    ['tool on the server', [everywhere, server, tool, both], 40],
    ['tool anywhere', [everywhere, server, tool], 30],
    ['server', [everywhere, server], 20],
    ['everything', [everywhere], 10],
  ])('%s', (_name, set, expected) => {
    expect(bookOf(...set).limits('s', 't', 'response_time').warning).toBe(expected);
    expect(bookOf(...set.toReversed()).limits('s', 't', 'response_time').warning).toBe(expected);
  });

  it('disabled or not', () => {
    expect(bookOf(server, { ...both, enabled: false }).limits('s', 't', 'response_time')).toEqual({ critical: 1000 });
    expect(bookOf({ ...server, enabled: false }, both).limits('s', 't', 'response_time').warning).toBe(40);
  });

  it('for each severity on its own', () => {
    const book = bookOf({ ...both, severity: 'critical' }, server);
    expect(book.limits('s', 't', 'response_time')).toEqual({ warning: 20, critical: 40 });
  });

  it('and leaves others alone', () => {
    const book = bookOf(both);
    for (const [s, t] of [
      ['s', 'u'],
      ['u', 't'],
      ['s', ''],
    ]) {
      expect(book.limits(s!, t!, 'response_time').warning).toBe(500);
    }
    expect(book.limits('s', 't', 'error_rate').warning).toBe(1);
  });
});

it('replaces a threshold that is set again, and changes its version', () => {
  const book = bookOf({ server: 's', threshold: 20 });
  const before = book.version;
  book.set(threshold({ server: 's', threshold: 25 }));
  expect(book.limits('s', 'x', 'response_time').warning).toBe(25);
  expect(book.version).not.toBe(before);
});

it('gives every scope its own id', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('', '__proto__', 'constructor', '","', '\u0000'));
  const scope = fc.record({ server: name, tool: name });
  fc.assert(
    fc.property(scope, scope, (a, b) => {
      const same = a.server === b.server && a.tool === b.tool;
      expect(threshold(a).thresholdId === threshold(b).thresholdId).toBe(same);
    }),
  );
  expect(threshold({ server: 'x'.repeat(10_000) }).thresholdId.length).toBeLessThan(60);
});

it('takes the worst limit that a value is above, and none for a value at it or for NaN', () => {
  const limits = { warning: 5, critical: 10 };
  expect([5, 5.1, 10, 10.1, Number.NaN].map((value) => severityAbove(limits, value))).toEqual([
    undefined,
    'warning',
    'warning',
    'critical',
    undefined,
  ]);
  expect(severityAbove({}, 1e9)).toBeUndefined();
});

describe('a threshold of a workspace', () => {
  const limit = (server: string, tool: string, threshold: number) =>
    ({
      server,
      tool,
      metric: 'response_time',
      severity: 'warning',
      threshold,
      enabled: true,
      thresholdId: '',
    }) as const;

  it('comes before what is said of all servers, and after what is said of one', () => {
    const book = new ThresholdBook();
    const warning = (server: string, tool: string) => book.limits(server, tool, 'response_time').warning;
    book.set(limit('team-a::*', '', 700));
    expect(['team-a::files', 'team-b::files', 'files'].map((server) => warning(server, 't'))).toEqual([700, 500, 500]);
    book.set(limit('', 't', 600));
    expect(warning('team-a::files', 't')).toBe(600);
    book.set(limit('team-a::*', 't', 800));
    expect(warning('team-a::files', 't')).toBe(800);
    book.set(limit('team-a::files', '', 900));
    expect([warning('team-a::files', 't'), warning('team-a::files', 'u')]).toEqual([800, 900]);
    book.set(limit('default::*', '', 300));
    expect([warning('files', 'u'), warning('team-b::files', 'u')]).toEqual([300, 500]);
  });
});
