/** Calls a tool that takes its time on the collector that runs: how far it is stands on a line, and Ctrl-C ends it with what it has. */
import { systemClock } from '../clock.ts';
import { readDiscovery } from '../daemon/discovery.ts';
import { attach, type Remote } from '../daemon/remote.ts';
import { VitalsError } from '../errors.ts';
import { readTokenOf } from '../serve/auth.ts';
import type { CallControl, Scope, ToolCaller } from '../serve/toolBackend.ts';
import { answerOf, type ToolAnswer } from './callTool.ts';
import { createProgress } from './terminal/progress.ts';

/** @throws VitalsError `not_found` when no collector runs there; `invalid` with what the tool said was wrong */
export async function callLive(dataDir: string, tool: string, args: object, caller: ToolCaller): Promise<ToolAnswer> {
  const remote = await attached(dataDir, caller.scope);
  const cancelling = new AbortController();
  const cancel = () => cancelling.abort();
  process.once('SIGINT', cancel);
  const line = createProgress('s');
  const onProgress: CallControl['onProgress'] = ({ progress, total, message = '' }) =>
    line.update({ done: progress, total, doing: message });
  try {
    return answerOf(await remote.callTool(tool, args, caller, { signal: cancelling.signal, onProgress }));
  } finally {
    line.end();
    process.removeListener('SIGINT', cancel);
    await remote.close();
  }
}

async function attached(dataDir: string, scope: Scope): Promise<Remote> {
  const discovery = readDiscovery(dataDir);
  const token = readTokenOf(dataDir, scope);
  const found =
    discovery && token ? await attach(discovery, token, systemClock.nowMs).catch(() => undefined) : undefined;
  if (found !== undefined) return found;
  throw new VitalsError('not_found', `No collector answers for ${dataDir}`, {
    hint: 'Start one with `mcp-vitals serve`.',
  });
}
