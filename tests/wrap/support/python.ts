/** The Python on this machine, for servers in another language. A user may have none; `.ci/run` sees to it that there is one. */
import { spawnSync } from 'node:child_process';

const asked = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });

/** Its path, not that of whatever starts it by the developer's settings. */
export const PYTHON = asked.status === 0 ? asked.stdout.trim() : 'python3';

/** Whether tests that need it skip; in `.ci/run` they fail instead. */
export const hasNoPython = asked.status !== 0 && process.env.MCP_VITALS_CI !== '1';
