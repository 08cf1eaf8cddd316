import { describe, expect, it } from 'vitest';
import { RateLimiter } from './rateLimit.ts';

describe('RateLimiter', () => {
  it('lets the limit pass in any minute, to the millisecond', () => {
    let nowMs = 0;
    const limiter = new RateLimiter('queries', 3, { monotonicMs: () => nowMs });
    for (const atMs of [0, 30_000, 59_000]) {
      nowMs = atMs;
      limiter.take('a');
    }
    nowMs = 59_999;
    expect(() => limiter.take('a')).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfterMs: 1 }));
    nowMs = 60_000;
    limiter.take('a');
    nowMs = 89_999;
    expect(() => limiter.take('a')).toThrow('More than 3 queries in a minute');
    nowMs = 90_000;
    limiter.take('a');
  });

  it('counts each client by itself', () => {
    const limiter = new RateLimiter('queries', 1, { monotonicMs: () => 0 });
    limiter.take('a');
    limiter.take('b');
    expect(() => limiter.take('a')).toThrow();
  });

  it('does not count what it refused', () => {
    let nowMs = 0;
    const limiter = new RateLimiter('queries', 1, { monotonicMs: () => nowMs });
    limiter.take('a');
    nowMs = 59_000;
    expect(() => limiter.take('a')).toThrow();
    nowMs = 60_000;
    limiter.take('a');
  });
});
