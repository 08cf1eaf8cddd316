// Answers batches as a collector does that has a policy, given as JSON; its port goes to stdout.
import { createServer } from 'node:http';

const answer = JSON.stringify({ accepted: true, duplicate: false, policies: JSON.parse(process.argv[2]) });
const server = createServer((request, response) => request.resume().once('end', () => response.end(answer)));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
