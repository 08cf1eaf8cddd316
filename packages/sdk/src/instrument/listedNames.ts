/** What a server says it has, read from its answers to `tools/list` and `prompts/list` as they pass. */
import type { Recorder } from '../record/recorder.ts';
import type { MonitoredServer } from '../window/series.ts';

const LISTS = {
  'tools/list': { kind: 'tool', key: 'tools' },
  'prompts/list': { kind: 'prompt', key: 'prompts' },
} as const;

/** A reader of answers to `method`; undefined when they list nothing that is called by name. */
export function listReader(
  method: string,
  server: MonitoredServer,
  recorder: Pick<Recorder, 'group' | 'learnNames'>,
): ((request: unknown, answer: unknown) => void) | undefined {
  if (method !== 'tools/list' && method !== 'prompts/list') return undefined;
  const { kind, key } = LISTS[method];
  return (request, answer) => {
    const listed = (answer as Record<string, unknown> | null | undefined)?.[key];
    if (!Array.isArray(listed)) return;
    const names = listed.map((entry: { name?: unknown }) => entry?.name).filter((name) => typeof name === 'string');
    const cursor = (request as { params?: { cursor?: unknown } } | undefined)?.params?.cursor;
    recorder.learnNames(recorder.group(server, kind), names, cursor !== undefined);
  };
}
