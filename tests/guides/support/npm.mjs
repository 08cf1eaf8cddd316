/** npm, for which the packages of this repository are not in the registry but in the tarballs that $PACKED names. */
import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';

const [npm, ...args] = process.argv.slice(2);
const isOurs = (arg) => arg.startsWith('@mcp-vitals/');
const others = args.filter((arg) => !isOurs(arg));
// All of them: they need each other.
const tarballs = args.some(isOurs) ? process.env.PACKED.split(delimiter) : [];
process.exitCode = spawnSync(npm, [...others, ...tarballs], { stdio: 'inherit' }).status ?? 1;
