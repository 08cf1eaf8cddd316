import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { VitalsError } from '../errors.ts';
import type { Scope, ToolCaller } from './toolBackend.ts';
import { createLocalBackend, type LimitKind, runTool } from './toolCall.ts';
import { defineTool } from './tools/defineTool.ts';

const ADMIN: ToolCaller = { client: 'me', scope: 'admin' };

function tool(run: () => Promise<{ structured: { n: number }; text: string }>, scope: Scope = 'read') {
  return defineTool({
    name: 'probe',
    title: 'Probe',
    description: 'Probes.',
    scope,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    input: z.strictObject({ n: z.number().min(0).default(1) }),
    output: z.object({ n: z.number() }),
    run,
  });
}

function observed() {
  const taken: [LimitKind, string][] = [];
  const errors: unknown[] = [];
  const limits = { take: (kind: LimitKind, client: string) => void taken.push([kind, client]) };
  return { taken, errors, deps: { limits, onError: (error: unknown) => void errors.push(error) } };
}

const answer = async () => ({ structured: { n: 1 }, text: 'one' });

describe('runTool', () => {
  it('answers with text and structure', async () => {
    const { taken, deps } = observed();
    expect(await runTool(tool(answer), undefined, undefined, { caller: ADMIN }, deps)).toEqual({
      content: [{ type: 'text', text: 'one' }],
      structuredContent: { n: 1 },
    });
    expect(taken).toEqual([['query', 'me']]);
  });

  it('counts what reports metrics apart', async () => {
    const { taken, deps } = observed();
    await runTool(tool(answer, 'ingest'), {}, undefined, { caller: { client: 'sdk', scope: 'ingest' } }, deps);
    expect(taken).toEqual([['metric', 'sdk']]);
  });

  it.each([
    [{ n: -1 }, 'probe: n: Too small: expected number to be >=0'],
    [{ n: 'x', m: 1 }, 'probe: n: Invalid input: expected number, received string; unknown parameter "m"'],
    ['text', 'probe: Invalid input: expected object, received string'],
    [{ 'evil\n"': 1 }, 'probe: unknown parameter "evil\\n\\""'],
  ])('says what is wrong with %j', async (args, text) => {
    const { errors, deps } = observed();
    expect(await runTool(tool(answer), args, undefined, { caller: ADMIN }, deps)).toEqual({
      content: [{ type: 'text', text: `${text}\nParameters: n.` }],
      isError: true,
    });
    expect(errors).toEqual([]);
  });

  it('does not run for a token of too small a scope, nor count it', async () => {
    const { taken, deps } = observed();
    let runs = 0;
    const counted = tool(() => {
      runs++;
      return answer();
    }, 'admin');
    const result = await runTool(counted, {}, undefined, { caller: { client: 'me', scope: 'read' } }, deps);
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: 'probe needs a token of scope admin, not read' }],
    });
    expect([runs, taken]).toEqual([0, []]);
  });

  it('passes on the words of a limit', async () => {
    const { deps } = observed();
    const limits = {
      take() {
        throw new VitalsError('rate_limited', 'More than 100 queries in a minute', { hint: 'Try again in 7 s.' });
      },
    };
    expect(await runTool(tool(answer), {}, undefined, { caller: ADMIN }, { ...deps, limits })).toEqual({
      content: [{ type: 'text', text: 'More than 100 queries in a minute\nTry again in 7 s.' }],
      isError: true,
    });
  });

  it('reports what is our fault once and keeps its details to itself', async () => {
    for (const failure of [
      new TypeError('secret path'),
      new VitalsError('internal', 'The collector failed; its log says why.'),
    ]) {
      const { errors, deps } = observed();
      const result = await runTool(
        tool(() => Promise.reject(failure)),
        {},
        undefined,
        { caller: ADMIN },
        deps,
      );
      expect(result).toEqual({
        content: [{ type: 'text', text: 'The collector failed; its log says why.' }],
        isError: true,
      });
      expect(errors).toEqual([failure]);
    }
  });

  it('does not report what the caller can mend', async () => {
    const { errors, deps } = observed();
    const missing = () => Promise.reject(new VitalsError('not_found', 'There is no alert x'));
    await runTool(tool(missing), {}, undefined, { caller: ADMIN }, deps);
    expect(errors).toEqual([]);
  });
});

describe('createLocalBackend', () => {
  it('rejects for a tool that does not exist', async () => {
    const backend = createLocalBackend({} as Parameters<typeof createLocalBackend>[0], observed().deps);
    await expect(backend.call('no_such\n', {}, ADMIN)).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no tool "no_such\\n"',
    });
  });
});
