/**
 * What a wrapped server uses: the process that was started and everything below it, because a command like `npx` is not the
 * server but starts it. Linux tells in /proc; elsewhere nothing is reported, rather than a process started per second to ask.
 */
import { readFileSync } from 'node:fs';
import type { ProcessUsage, UsageReading } from '@mcp-vitals/sdk';

/** Clock ticks per second and bytes per page, as Linux has them on all machines that Node runs on by default. */
const TICKS_PER_SECOND = 100;
const PAGE_KB = 4;

/** A process tree that grows beyond this is read in part. */
const MAX_PROCESSES = 64;

/** @param runtime what to call it, e.g. the name of its command */
export function childUsage(pid: number, runtime: string): ProcessUsage {
  return { pid, runtime, read: () => (process.platform === 'linux' ? readTree(pid) : undefined) };
}

function readTree(root: number): UsageReading | undefined {
  const total = { cpuMs: 0, memoryMb: 0, diskIoKb: 0 };
  const pids = [root];
  let found = false;
  for (let i = 0; i < pids.length && i < MAX_PROCESSES; i += 1) {
    const reading = readProcess(pids[i]!);
    if (reading === undefined) continue;
    found = true;
    total.cpuMs += reading.cpuMs;
    total.memoryMb += reading.memoryMb;
    total.diskIoKb += reading.diskIoKb;
    pids.push(...childrenOf(pids[i]!));
  }
  return found ? total : undefined;
}

function readProcess(pid: number): UsageReading | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the command in brackets, and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime, stime, and those of children that have ended.
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  const io = read(`/proc/${pid}/io`) ?? '';
  return {
    cpuMs: (ticks * 1_000) / TICKS_PER_SECOND,
    memoryMb: (Number(fields[21]) * PAGE_KB) / 1_024,
    diskIoKb: (bytesOf(io, 'read_bytes') + bytesOf(io, 'write_bytes')) / 1_024,
  };
}

function childrenOf(pid: number): number[] {
  return (read(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number);
}

function bytesOf(io: string, key: string): number {
  return Number(new RegExp(`^${key}: (\\d+)$`, 'm').exec(io)?.[1] ?? 0);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
