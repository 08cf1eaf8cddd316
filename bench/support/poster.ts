/**
 * A process that does nothing but post prepared bodies, so that what is measured is the receiver. Started by `post` in
 * the measuring process; the bodies come through a file, each with its length in front.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { temporaryDirectory } from './collectorProcess.ts';

export interface PostOptions {
  url: string;
  path: string;
  headers: Record<string, string>;
  bodies: readonly Uint8Array[];
  connections: number;
}

/** Posts all bodies and resolves with the time it took, in milliseconds. @throws when one is not answered with 2xx */
export async function post({ bodies, ...rest }: PostOptions): Promise<number> {
  const directory = temporaryDirectory();
  const file = join(directory, 'bodies');
  const parts = bodies.flatMap((body) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    return [length, body];
  });
  writeFileSync(file, Buffer.concat(parts));
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify({ ...rest, file })]);
  try {
    const [answer] = (await once(child, 'message')) as [{ elapsedMs: number } | { failure: string }];
    if ('failure' in answer) throw new Error(answer.failure);
    return answer.elapsedMs;
  } finally {
    child.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

function readBodies(file: string): Buffer[] {
  const all = readFileSync(file);
  const bodies: Buffer[] = [];
  for (let at = 0; at < all.length; ) {
    const length = all.readUInt32LE(at);
    bodies.push(all.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return bodies;
}

async function postAll({
  url,
  path,
  headers,
  connections,
  file,
}: Omit<PostOptions, 'bodies'> & { file: string }): Promise<number> {
  const bodies = readBodies(file);
  const pool = new Pool(url, { connections });
  let next = 0;
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let body = bodies[next++]; body; body = bodies[next++]) {
        const response = await pool.request({ method: 'POST', path, headers, body });
        const text = await response.body.text();
        if (response.statusCode >= 300) throw new Error(`${path} answered ${response.statusCode}: ${text}`);
      }
    }),
  );
  const elapsedMs = performance.now() - startedMs;
  await pool.close();
  return elapsedMs;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  postAll(JSON.parse(process.argv[2]!)).then(
    (elapsedMs) => process.send!({ elapsedMs }),
    (error: Error) => process.send!({ failure: error.message }),
  );
}
