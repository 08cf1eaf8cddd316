/** What a stage of a Dockerfile says of how its image runs: the few instructions that `exerciseImage.ts` follows. */

export interface ImageStage {
  /** `uid:gid` */
  user: string;
  env: Record<string, string>;
  /** As the shell of the build gets them. */
  runs: string[];
  healthcheck: string[];
  /** ENTRYPOINT and CMD, one after the other. */
  command: string[];
}

/** @throws Error for a stage that is not there */
export function readStage(dockerfile: string, name: string): ImageStage {
  const instructions = instructionsOf(dockerfile);
  const from = instructions.findIndex(([word, rest]) => word === 'FROM' && rest.endsWith(` AS ${name}`));
  if (from < 0) throw new Error(`The Dockerfile has no stage ${name}`);
  const length = instructions.slice(from + 1).findIndex(([word]) => word === 'FROM');
  const own = instructions.slice(from + 1, length < 0 ? undefined : from + 1 + length);
  const all = (word: string) => own.filter(([each]) => each === word).map(([, rest]) => rest);
  const list = (word: string): string[] => all(word).flatMap((rest) => JSON.parse(rest.slice(rest.indexOf('['))));
  return {
    user: all('USER').at(-1) ?? 'root',
    env: Object.fromEntries(
      all('ENV').flatMap((rest) => rest.split(/\s+/).map((pair) => pair.split(/=(.*)/s).slice(0, 2))),
    ),
    runs: all('RUN'),
    healthcheck: list('HEALTHCHECK'),
    command: [...list('ENTRYPOINT'), ...list('CMD')],
  };
}

/** One per instruction, its lines put together, without comments. */
function instructionsOf(dockerfile: string): [word: string, rest: string][] {
  const lines = dockerfile.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  return lines
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, word, rest] = /^(\w+)\s+(.*)$/.exec(line.trim())!;
      return [word!, rest!];
    });
}
