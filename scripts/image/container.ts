/**
 * What a container has without a container engine, on Linux and as root: file systems of its own, of which only some can be
 * written, another user, no rights beyond that. Ports are shared with the machine.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

export interface Mount {
  /** A directory of the machine; absent: an empty one in memory. */
  from?: string;
  /** Where the process sees it; above it everything else is hidden. */
  to: string;
  readOnly?: boolean;
}

export interface ContainerOptions {
  /** `uid:gid` */
  user: string;
  env: Readonly<Record<string, string>>;
  mounts: readonly Mount[];
  /** Whether all else can only be read. */
  readOnly: boolean;
  cwd?: string;
}

/** Why this machine cannot do it; undefined where it can. */
export function whyNot(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  const tried = spawnSync('unshare', ['--mount', 'setpriv', '--reuid=1', '--clear-groups', 'true']);
  return tried.status === 0 ? undefined : 'needs unshare and setpriv, and the right to mount';
}

/** Starts a command as the process of a container; it inherits nothing of the environment. */
export function spawnContained(command: readonly string[], options: ContainerOptions): ChildProcess {
  const script = [...options.mounts.flatMap(mountCommands), ...(options.readOnly ? [READ_ONLY_ROOT] : [])];
  const [uid, gid] = options.user.split(':');
  const asUser = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--inh-caps=-all'];
  const limits = ['--bounding-set=-all', '--no-new-privs'];
  const cd = `cd ${quoted(options.cwd ?? '/')}`;
  const args = [...asUser, ...limits, '--', ...command];
  return spawn(
    'unshare',
    ['--mount', '--propagation', 'private', 'sh', '-ec', `${[...script, cd].join('\n')}\nexec "$@"`, 'sh', ...args],
    { env: { ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
}

const READ_ONLY_ROOT = 'mount -o remount,ro,bind /';

function mountCommands({ from, to, readOnly }: Mount): string[] {
  const target = quoted(to);
  if (from === undefined) return [`mount -t tmpfs -o mode=1777 tmpfs ${target}`];
  const parent = quoted(to.replace(/\/[^/]+$/, ''));
  return [
    // A directory that the machine lacks cannot be made there without leaving it behind.
    `exec 9< ${quoted(from)}`,
    `mount -t tmpfs -o mode=755 tmpfs ${parent}`,
    `mkdir -p ${target}`,
    `mount --bind /proc/self/fd/9 ${target}`,
    'exec 9<&-',
    ...(readOnly ? [`mount -o remount,ro,bind ${target}`] : []),
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
