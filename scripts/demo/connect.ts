/** A real MCP client on a child process's stdin and stdout. */
import { openSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

export interface ConnectOptions {
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd?: string;
  /** File that the server's stderr is appended to; discarded when absent. */
  logFile?: string;
}

/** Starts the server and shakes hands with it. `close()` of the client ends the server. */
export async function connectStdio({ logFile, ...server }: ConnectOptions): Promise<Client> {
  const client = new Client({ name: 'mcp-vitals-demo', version: '1.0.0' });
  const stderr = logFile === undefined ? 'ignore' : openSync(logFile, 'a');
  await client.connect(new StdioClientTransport({ ...server, stderr }));
  return client;
}
