/** What the settings say may be called, and how it is reached. */
import { getDefaultEnvironment } from '@modelcontextprotocol/client/stdio';
import type { BenchmarkTarget, Config } from '../../config/schema.ts';
import { VitalsError } from '../../errors.ts';
import type { BenchmarkRequest } from '../../model/benchmark.ts';
import type { JobAddress } from './job.ts';

/** @throws VitalsError `not_found`, `forbidden` or `invalid`, before anything is started */
export function permittedTarget(
  { targets, minDurationSeconds }: Config['benchmarks'],
  request: BenchmarkRequest,
): BenchmarkTarget {
  const names = Object.keys(targets);
  const target = Object.hasOwn(targets, request.target) ? targets[request.target] : undefined;
  if (target === undefined) {
    const known = names.length === 0 ? 'They name none yet.' : `They name ${names.join(', ')}.`;
    throw new VitalsError('not_found', 'The settings name no such target of benchmarks', {
      hint: `Add it to \`benchmarks.targets\`: its command or address, and the tools that may be called. ${known}`,
    });
  }
  if (!target.tools.includes(request.tool)) {
    throw new VitalsError('forbidden', 'The settings do not allow benchmarks of this tool', {
      hint: `Name it in \`tools\` of the target in \`benchmarks.targets\`. Allowed are ${target.tools.join(', ')}.`,
    });
  }
  if (request.durationMs < 1_000 * minDurationSeconds) {
    throw new VitalsError('invalid', `A benchmark takes ${minDurationSeconds} s at least`, {
      hint: 'Shorter ones tell little; `benchmarks.minDurationSeconds` allows them.',
    });
  }
  return target;
}

/**
 * The environment of a command is what a client would give it, and what the settings add; nothing of it is recorded by a
 * collector unless they say so.
 * @param resolveSecret what `env:NAME` and `file:/path` stand for
 */
export function addressOf(target: BenchmarkTarget, resolveSecret: (text: string) => string): JobAddress {
  const resolved = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([name, text]) => [name, resolveSecret(text)]));
  if ('url' in target) return { url: target.url, headers: resolved(target.headers) };
  const { command, args, cwd } = target;
  return { command, args, cwd, env: { ...getDefaultEnvironment(), MCP_VITALS: 'off', ...resolved(target.env) } };
}
