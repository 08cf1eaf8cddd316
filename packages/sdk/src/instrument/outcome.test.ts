import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOfAnswer, outcomeOfError } from './outcome.ts';

const aborted = (reason: unknown) => ({ signal: AbortSignal.abort(reason) });
const hostile = new Proxy(
  {},
  {
    get: () => {
      throw new Error('hands off');
    },
  },
);

describe('an answer', () => {
  it.each([
    [{ content: [] }, undefined, 'ok'],
    [undefined, undefined, 'ok'],
    [{ isError: true }, undefined, 'tool_error'],
    [{ isError: 'yes' }, undefined, 'ok'],
    [{ resultType: 'input_required', inputRequests: {} }, undefined, 'input_required'],
    [{ task: { taskId: '1', status: 'working' } }, undefined, 'task_created'],
    [{ resultType: 'task' }, undefined, 'task_created'],
    [{ task: null }, undefined, 'ok'],
    [{ content: [] }, aborted('no longer wanted'), 'cancelled'],
    [{ content: [] }, { mcpReq: aborted(undefined) }, 'cancelled'],
    [{ content: [] }, aborted('McpError: MCP error -32001: Request timed out'), 'timeout'],
    [{ content: [] }, { mcpReq: aborted('SdkError: Request timed out') }, 'timeout'],
    [{ content: [] }, { signal: new AbortController().signal }, 'ok'],
    [hostile, undefined, 'ok'],
    [{}, hostile, 'ok'],
  ])('%#', (answer, extra, outcome) => expect(outcomeOfAnswer(answer, extra)).toBe(outcome));
});

describe('an error', () => {
  it.each([
    [new Error('x'), undefined, 'protocol_error'],
    ['text', undefined, 'protocol_error'],
    [undefined, undefined, 'protocol_error'],
    [{ code: -32001 }, undefined, 'timeout'],
    [{ code: 'REQUEST_TIMEOUT' }, undefined, 'timeout'],
    [new Error('x'), aborted('bye'), 'cancelled'],
    [hostile, undefined, 'protocol_error'],
  ])('%#', (error, extra, outcome) => expect(outcomeOfError(error, extra)).toBe(outcome));
});

it('never throws', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (value, extra) => {
      outcomeOfAnswer(value, extra);
      outcomeOfError(value, extra);
    }),
  );
});
