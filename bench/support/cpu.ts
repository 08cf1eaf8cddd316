/** CPU time of processes, and a limit to it. Both as Linux has them. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Fields of `/proc/PID/stat` after the command's name, which may hold spaces; undefined when the process is gone. */
function statOf(pid: number | string): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
  } catch {
    return undefined;
  }
}

export function cpuSecondsOf(pid: number): number {
  const fields = statOf(pid);
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Of a process, its children, and those of its children that have ended. */
export function cpuSecondsOfFamily(pid: number): number {
  const ended = (fields: string[]) => (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
  const own = statOf(pid);
  let seconds = own === undefined ? 0 : cpuSecondsOf(pid) + ended(own);
  for (const entry of readdirSync('/proc')) {
    if (/^\d+$/.test(entry) && statOf(entry)?.[1] === String(pid)) seconds += cpuSecondsOf(Number(entry));
  }
  return seconds;
}

const CPU_CONTROLLER = '/sys/fs/cgroup/cpu';
/** Short, so that a process under a quota is slow all the time rather than stopped most of it. */
const PERIOD_US = 20_000;

export interface CpuQuota {
  add(pid: number): void;
  remove(): void;
}

/**
 * Processes under a quota share so much of one core. Undefined where control groups (v1) cannot be made.
 * @param share 0.2 is a fifth of a core
 */
export function cpuQuota(name: string, share: number): CpuQuota | undefined {
  const path = `${CPU_CONTROLLER}/mcp-vitals-${process.pid}-${name}`;
  try {
    if (!existsSync(`${CPU_CONTROLLER}/cpu.cfs_period_us`)) return undefined;
    mkdirSync(path);
    writeFileSync(`${path}/cpu.cfs_period_us`, String(PERIOD_US));
    writeFileSync(`${path}/cpu.cfs_quota_us`, String(Math.round(PERIOD_US * share)));
  } catch {
    return undefined;
  }
  return {
    add: (pid) => writeFileSync(`${path}/cgroup.procs`, String(pid)),
    remove: () => rmdirSync(path),
  };
}
