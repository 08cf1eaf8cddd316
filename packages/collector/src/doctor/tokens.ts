/** Whether servers of this user can read what they prove themselves with, and nobody else can. */
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { isOpenToOthers } from '../daemon/ownership.ts';
import { SCOPES } from '../serve/auth.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const CHECK = 'tokens';

export function checkTokens(dataDir: string): Finding {
  for (const scope of SCOPES) {
    const path = join(dataDir, 'tokens', scope);
    try {
      const { size } = statSync(path);
      accessSync(path, constants.R_OK);
      if (size === 0)
        return problem(CHECK, `${path} is empty`, 'Delete it: the collector makes another when it starts.');
      if (isOpenToOthers(path))
        return problem(
          CHECK,
          `${path} can be read by other users`,
          `Run \`chmod 600\` on it, and replace it if others use this machine.`,
        );
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return warning(CHECK, `${path} does not exist`, 'A collector makes it when it starts.');
      return problem(
        CHECK,
        `${path} cannot be read (${code})`,
        'Make it yours: servers started by you need to read it.',
      );
    }
  }
  return ok(CHECK, 'readable for you alone');
}
