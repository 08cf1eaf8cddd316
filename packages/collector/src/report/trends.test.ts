import { Digest } from '@mcp-vitals/sketch';
import { describe, expect, it } from 'vitest';
import type { Rollup } from '../model/rollup.ts';
import { trendsOf } from './trends.ts';

const tool = { server: 'files', tool: 'read' };

/** The quantiles of a lognormal distribution: a sample without chance. */
function rollup(calls: number, medianMs: number, failures = 0): Rollup {
  const durations = Float64Array.from({ length: calls }, (_, index) => {
    const q = (index + 0.5) / calls;
    return medianMs * Math.exp(0.5 * Math.log(q / (1 - q)) * 0.6);
  });
  return {
    outcomes: [calls - failures, failures, 0, 0, 0, 0, 0],
    sumMs: durations.reduce((sum, ms) => sum + ms, 0),
    minMs: durations[0] ?? Number.NaN,
    maxMs: durations.at(-1) ?? Number.NaN,
    digest: Digest.ofSorted(durations),
  };
}

function direction(metric: string, before: Rollup, after: Rollup) {
  return trendsOf(tool, before, after).find((trend) => trend.metric === metric)?.direction;
}

describe('trendsOf', () => {
  it('sees a tool become slower, and faster', () => {
    expect(direction('response_time', rollup(500, 100), rollup(500, 150))).toBe('degrading');
    expect(direction('response_time', rollup(500, 150), rollup(500, 100))).toBe('improving');
  });

  it('calls stable what is small, what is short and what may be chance', () => {
    expect(direction('response_time', rollup(500, 100), rollup(500, 110))).toBe('stable');
    expect(direction('response_time', rollup(5000, 0.1), rollup(5000, 0.3))).toBe('stable');
    expect(direction('response_time', rollup(25, 100), rollup(25, 130))).toBe('stable');
  });

  it('says nothing of times and errors of a handful of calls', () => {
    expect(trendsOf(tool, rollup(19, 100), rollup(500, 900)).map(({ metric }) => metric)).toEqual(['calls']);
  });

  it('sees errors rise and fall, beyond chance', () => {
    expect(direction('error_rate', rollup(1000, 10, 5), rollup(1000, 10, 50))).toBe('degrading');
    expect(direction('error_rate', rollup(1000, 10, 50), rollup(1000, 10, 5))).toBe('improving');
    expect(direction('error_rate', rollup(100, 10, 1), rollup(100, 10, 3))).toBe('stable');
    expect(direction('error_rate', rollup(100, 10), rollup(100, 10))).toBe('stable');
  });

  it('has no per cent for a change from nothing', () => {
    const [errors] = trendsOf(tool, rollup(1000, 10), rollup(1000, 10, 50)).filter(
      ({ metric }) => metric === 'error_rate',
    );
    expect(errors).toMatchObject({ before: 0, after: 5, changePercent: null, direction: 'degrading' });
    expect(trendsOf(tool, rollup(0, 1), rollup(30, 1))[0]).toMatchObject({ changePercent: null, direction: 'rising' });
  });

  it('calls more and fewer calls neither good nor bad', () => {
    expect(direction('calls', rollup(100, 1), rollup(200, 1))).toBe('rising');
    expect(direction('calls', rollup(200, 1), rollup(100, 1))).toBe('falling');
    expect(direction('calls', rollup(100, 1), rollup(110, 1))).toBe('stable');
  });
});
