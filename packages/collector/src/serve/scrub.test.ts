import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_MESSAGE_LENGTH, scrubMessage } from './scrub.ts';

const EMAIL = fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.(com|org)$/);

describe('scrubMessage', () => {
  it.each([
    ['ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED 127.0.0.1:5432'],
    ['HTTP 503 after 3 tries in 1500 ms', 'HTTP 503 after 3 tries in 1500 ms'],
    [
      "Cannot read properties of undefined (reading 'length')",
      "Cannot read properties of undefined (reading 'length')",
    ],
  ])('leaves %s', (message) => {
    expect(scrubMessage(message)).toBe(message);
  });

  it.each([
    ['no such user jane.doe+x@mail.example.co.uk', 'no such user <email>'],
    ['GET https://api.example.com/v1/a?key=abc&x=1 failed', 'GET https://api.example.com/v1/a?… failed'],
    ['https://bob:hunter2@example.com/x', 'https://example.com/x'],
    ['postgres://app:pw@db:5432/main', 'postgres://db:5432/main'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: <secret> <secret>'],
    ['sent Bearer abc.def-ghi', 'sent Bearer <secret>'],
    ['password=hunter2, retry', 'password=<secret>, retry'],
    ['{"api_key": "s p a c e"}', '{"api_key": <secret>}'],
    ['OPENAI_API_KEY=sk-12', 'OPENAI_API_KEY=<secret>'],
    ['ENOENT /home/jane/app/x.json', 'ENOENT /home/<user>/app/x.json'],
    ['ENOENT C:\\Users\\Jane\\x', 'ENOENT C:\\Users\\<user>\\x'],
    ['key ghp_16C7e42F292c6912E7710c838347Ae178B4a is revoked', 'key <token> is revoked'],
    ['card 4111 1111 1111 1111 declined', 'card <number> declined'],
    ['call +49 170 1234567', 'call +<number>'],
  ])('scrubs %s', (message, scrubbed) => {
    expect(scrubMessage(message)).toBe(scrubbed);
  });

  it('has nothing to keep of an empty message', () => {
    expect(scrubMessage(' \n ')).toBeUndefined();
  });

  it('is short, whatever comes in, and finds e-mail addresses anywhere in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), EMAIL, (before, email) => {
        const scrubbed = scrubMessage(`${before} ${email} end`) ?? '';
        expect(scrubbed.length).toBeLessThanOrEqual(MAX_MESSAGE_LENGTH);
        expect(scrubbed).not.toContain(email);
      }),
    );
  });

  it('takes no longer for a megabyte of bait than for a page', () => {
    for (const bait of ['a', '1 ', 'a1', '@', 'token=', 'http://', '/home/', 'x@y.']) {
      expect(scrubMessage(bait.repeat(1_000_000))!.length).toBeLessThanOrEqual(MAX_MESSAGE_LENGTH);
    }
  });
});
