/** The service behind a story's server, in a process of its own: `dependency.ts BEHAVIOUR SEED`, prints its address. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../../scripts/demo/random.ts';
import { answerMs, type DependencyBehaviour } from './behaviour.ts';

const [behaviourJson, seed] = process.argv.slice(2);
const behaviour = JSON.parse(behaviourJson!) as DependencyBehaviour;
const random = new Random(Number(seed));

let underWay = 0;
let firstMs: number | undefined;

const server = createServer(async (_request, response) => {
  underWay += 1;
  firstMs ??= performance.now();
  await sleep(answerMs(behaviour, underWay, performance.now() - firstMs) * (0.9 + 0.2 * random.next()));
  underWay -= 1;
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
// Whoever started it ends it, or has ended.
process.stdin.on('end', () => process.exit()).resume();
