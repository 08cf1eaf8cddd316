import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeFailure } from './failure.ts';
import { scrub } from './scrub.ts';

class DatabaseError extends Error {
  code = 'ECONNRESET';
}

describe('describeFailure', () => {
  it('tells class and code', () => {
    expect(describeFailure('protocol_error', new DatabaseError('secret'), false)).toEqual({
      errorClass: 'DatabaseError',
      code: 'ECONNRESET',
    });
  });

  it('uses the outcome where there is no class', () => {
    expect(describeFailure('tool_error', { isError: true, content: [] }, false)).toEqual({
      errorClass: 'tool_error',
      code: '',
    });
    expect(describeFailure('protocol_error', 'just text', false)).toEqual({ errorClass: 'protocol_error', code: '' });
  });

  it('gives the text of an error answer only when asked', () => {
    const answer = { isError: true, content: [{ type: 'text', text: 'no such file' }] };
    expect(describeFailure('tool_error', answer, true).message).toBe('no such file');
    expect(describeFailure('tool_error', answer, false)).not.toHaveProperty('message');
  });

  it('shortens everything and never throws', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.string({ maxLength: 3_000, unit: 'binary' }),
        fc.boolean(),
        (thing, text, asked) => {
          describeFailure('protocol_error', thing, asked);
          const error = Object.assign(new Error(text), { code: text, name: text });
          const { errorClass, code, message } = describeFailure('protocol_error', error, asked);
          expect(errorClass.length).toBeLessThanOrEqual(200);
          expect(code.length).toBeLessThanOrEqual(100);
          expect(message?.length ?? 0).toBeLessThanOrEqual(500);
          expect(`${errorClass}${code}${message ?? ''}`.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});

describe('scrub', () => {
  it.each([
    ['postgres://bob:pw@db/x failed', 'postgres://[…]@db/x failed'],
    ['GET https://x.example/a?id=42&k=v gave 500', 'GET https://x.example/a?[…] gave 500'],
    ['no account bob@example.org', 'no account [email]'],
    ['Authorization: Bearer abc.def', 'Authorization: […]'],
    ['{"apiKey": "xyz"} refused', '{"apiKey": […]} refused'],
    ['cannot read /home/alice/notes.txt', 'cannot read /home/[…]/notes.txt'],
    ['key sk_live_4eC39HqLyjWDarjtT1zdp7dc is invalid', 'key […] is invalid'],
    ['card 4111 1111 1111 1111 declined', 'card […] declined'],
    ['connect ECONNREFUSED 10.1.2.3:5432', 'connect ECONNREFUSED [ip]:5432'],
    ['no such file', 'no such file'],
  ])('%s', (message, expected) => {
    const scrubbed = scrub(message);
    if (message.startsWith('Authorization')) expect(scrubbed).not.toContain('abc');
    else expect(scrubbed).toBe(expected);
  });
});
