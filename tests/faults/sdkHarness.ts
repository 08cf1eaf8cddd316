/** Runs tests/faults/sdkServer.mjs, or another server, in a process of its own and talks raw JSON-RPC to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('./sdkServer.mjs', import.meta.url));

/** How a process ended and all it said. */
export interface Ending {
  stdout: string;
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Answer {
  result?: unknown;
  error?: unknown;
}

export function temporaryDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'mcp-vitals-faults-'));
}

export function spoolFiles(dataDir: string): string[] {
  try {
    return readdirSync(join(dataDir, 'spool'));
  } catch {
    return [];
  }
}

export class ServerProcess {
  stderr = '';
  #stdout = '';
  #lastId = 0;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (message: Answer) => void>();
  readonly #ended: Promise<Ending>;

  /** @param monitored whether the server has the one line */
  constructor(monitored: boolean, env: Record<string, string>, server = SERVER) {
    this.#child = spawn(process.execPath, ['--expose-gc', server], {
      env: { PATH: process.env.PATH, HOME: env.MCP_VITALS_DATA ?? tmpdir(), MONITORED: monitored ? '1' : '0', ...env },
    });
    // Writing to a server that has just died is part of what is tested.
    this.#child.stdin!.on('error', () => {});
    this.#child.stdout!.on('data', (chunk: Buffer) => {
      this.#stdout += chunk.toString();
    });
    this.#child.stderr!.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      const message = JSON.parse(line) as Answer & { id: number };
      this.#waiting.get(message.id)?.(message);
    });
    this.#ended = once(this.#child, 'close').then(([code, signal]) => ({ stdout: this.#stdout, code, signal }));
  }

  /** Sends a request and waits for its answer, or for the end of the process, which counts as none. */
  request(method: string, params: object = {}): Promise<Answer> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#child.stdin!.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return Promise.race([answered, this.#ended.then(() => ({ error: this.stderr }))]);
  }

  async initialize(): Promise<void> {
    const clientInfo = { name: 'harness', version: '0' };
    const { error } = await this.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    if (error) throw new Error(`The server did not start: ${String(error)}`);
  }

  callTool(name: string): Promise<Answer> {
    return this.request('tools/call', { name, arguments: {} });
  }

  /** Text of the answer of a tool. */
  async textOf(name: string): Promise<string> {
    const { result } = await this.callTool(name);
    return (result as { content: { text: string }[] }).content[0]!.text;
  }

  endStdin(): Promise<Ending> {
    this.#child.stdin!.end();
    return this.#ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  kill(signal: NodeJS.Signals): Promise<Ending> {
    this.signal(signal);
    return this.#ended;
  }

  ending(): Promise<Ending> {
    return this.#ended;
  }
}
