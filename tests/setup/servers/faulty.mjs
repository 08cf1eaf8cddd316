/**
 * An MCP server with the fault that the first argument names. As JavaScript, because it runs in plain Node.
 *   none       has no fault
 *   chatty     greets people on stdout
 *   lingering  does not end with its stdin, and neither does the process that it starts; says that one's pid on stdout
 *   silent     answers nothing
 *   broken     ends with an error at once
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const [fault] = process.argv.slice(2);

function answer({ id, method, params }) {
  if (id === undefined || fault === 'silent') return;
  const { protocolVersion } = params;
  const result =
    method === 'initialize'
      ? { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: fault, version: '1.0.0' } }
      : { tools: [] };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
}

if (fault === 'broken') throw new Error('the database is not there');
if (fault === 'chatty') process.stdout.write('Welcome\u001b[31m!\n');
if (fault === 'lingering') {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'inherit' });
  process.stdout.write(`pid ${child.pid}\n`);
}
createInterface({ input: process.stdin }).on('line', (line) => answer(JSON.parse(line)));
