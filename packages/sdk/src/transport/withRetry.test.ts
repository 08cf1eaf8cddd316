import { describe, expect, it } from 'vitest';
import { HandClock } from '../testing/handClock.ts';
import { MemoryTransport } from './memory.ts';
import type { SendResult } from './transport.ts';
import { withRetry } from './withRetry.ts';

const BODY = Uint8Array.of(1);

function retrying(answer: SendResult) {
  const clock = new HandClock();
  const transport = new MemoryTransport();
  transport.answer = answer;
  const retry = withRetry(transport, { clock, maxAttempts: 3, firstDelayMs: 100, random: () => 0.5 });
  return { clock, transport, retry };
}

describe('withRetry', () => {
  it.each([{ status: 'success' }, { status: 'duplicate' }, { status: 'failure', reason: 'no' }] as const)(
    'takes $status for an answer',
    async (answer) => {
      const { retry, transport } = retrying(answer);
      expect(await retry.send(BODY)).toEqual(answer);
      expect(transport.sent).toHaveLength(1);
    },
  );

  it('tries again with growing pauses, and gives up', async () => {
    const { retry, transport, clock } = retrying({ status: 'retryable', reason: 'away' });
    const result = retry.send(BODY);
    await clock.advance(99);
    expect(transport.sent).toHaveLength(1);
    await clock.advance(1);
    expect(transport.sent).toHaveLength(2);
    await clock.advance(200);
    expect(transport.sent).toHaveLength(3);
    expect(await result).toEqual({ status: 'retryable', reason: 'away' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('leaves a collector alone that says when to come back', async () => {
    const { retry, transport } = retrying({ status: 'retryable', reason: 'busy', retryAfterMs: 50 });
    expect(await retry.send(BODY)).toMatchObject({ retryAfterMs: 50 });
    expect(transport.sent).toHaveLength(1);
  });

  it('ends a pause, and tries nothing again, when there is no time left', async () => {
    const { retry, transport, clock } = retrying({ status: 'retryable', reason: 'away' });
    const result = retry.send(BODY);
    await clock.advance(1);
    retry.hurry!();
    expect(await result).toEqual({ status: 'retryable', reason: 'away' });
    await retry.send(BODY);
    expect(transport.sent).toHaveLength(2);
    expect(clock.pendingTimers).toBe(0);
  });

  it('passes closing on', async () => {
    const { retry, transport } = retrying({ status: 'success' });
    await retry.close();
    expect(transport.closed).toBe(true);
  });
});
