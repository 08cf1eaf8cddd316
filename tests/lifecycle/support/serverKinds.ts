/** The kinds of servers of the matrix: how each is started, with and without monitoring, and how a client talks to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const own = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const COMMAND = own('../../../packages/collector/bin/mcp-vitals.mjs');
const REGISTER = own('../../../packages/sdk/dist/register.mjs');

interface Kind {
  transport: 'stdio' | 'http';
  server: readonly string[];
  /** What comes before the server when it is to be monitored; without it, the server has the one line. */
  before?: readonly string[];
}

const STDIO_V1 = [own('../servers/stdioV1.mjs')];

export const KINDS = {
  'SDK v1 on stdio': { transport: 'stdio', server: STDIO_V1 },
  'SDK v2 on stdio': { transport: 'stdio', server: [own('../servers/stdioV2.mjs')] },
  'Streamable HTTP with sessions': { transport: 'http', server: [own('../servers/http.mjs'), 'stateful'] },
  'Streamable HTTP without': { transport: 'http', server: [own('../servers/http.mjs'), 'stateless'] },
  preload: { transport: 'stdio', server: STDIO_V1, before: ['--import', REGISTER] },
  proxy: { transport: 'stdio', server: STDIO_V1, before: [COMMAND, 'wrap', '--', process.execPath] },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

/** What a client sees of a server's end. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  /** Answers that came another way than on stdout. */
  answers: string;
}

/** A server in a process of its own, and its client. */
export class RunningServer {
  readonly #child: ChildProcess;
  readonly #ended: Promise<[number | null, NodeJS.Signals | null]>;
  readonly #says = new Map<string, (value: number) => void>();
  /** The process of the server itself, which is not the started one behind a proxy. */
  readonly pid = this.#said('pid');
  readonly #port = this.#said('port');
  readonly #transport: Kind['transport'];
  readonly #waiting = new Map<number, (line: string) => void>();
  #stdout = '';
  #answers = '';
  #session: string | undefined;
  #lastId = 0;

  constructor(name: KindName, monitored: boolean, env: Record<string, string>) {
    const { transport, server, before }: Kind = KINDS[name];
    const MONITORED = monitored && before === undefined ? '1' : '0';
    const args = monitored && before !== undefined ? [...before, ...server] : server;
    this.#transport = transport;
    this.#child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, MONITORED, ...env } });
    this.#ended = once(this.#child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    // Writing to a server that has just died is part of what is tested.
    this.#child.stdin!.on('error', () => {});
    this.#child.stdout!.on('data', (chunk: Buffer) => {
      this.#stdout += chunk.toString();
    });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#receive(line));
    createInterface({ input: this.#child.stderr! }).on('line', (line) => {
      const [what, value] = line.split(' ');
      this.#says.get(what!)?.(Number(value));
    });
  }

  async initialize(): Promise<void> {
    const clientInfo = { name: 'lifecycle', version: '0' };
    await this.#request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    await this.pid;
  }

  /** Resolves with whether there was an answer before the server ended. */
  async callTool(name: string): Promise<boolean> {
    return (await this.#request('tools/call', { name, arguments: {} })) !== undefined;
  }

  endStdin(): void {
    this.#child.stdin!.end();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async ending(): Promise<Ending> {
    const [code, signal] = await this.#ended;
    return { code, signal, stdout: this.#stdout, answers: this.#answers };
  }

  #said(what: string): Promise<number> {
    return new Promise((resolve) => this.#says.set(what, resolve));
  }

  #receive(line: string): void {
    const { id } = JSON.parse(line) as { id?: number };
    this.#waiting.get(id!)?.(line);
  }

  async #request(method: string, params: object): Promise<string | undefined> {
    this.#lastId += 1;
    const message = JSON.stringify({ jsonrpc: '2.0', id: this.#lastId, method, params });
    const answered = this.#transport === 'stdio' ? this.#write(message) : this.#post(message);
    return Promise.race([answered, this.#ended.then(() => undefined)]);
  }

  #write(message: string): Promise<string> {
    const id = this.#lastId;
    this.#child.stdin!.write(`${message}\n`);
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  async #post(body: string): Promise<string | undefined> {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(this.#session !== undefined && { 'mcp-session-id': this.#session }),
    };
    try {
      const response = await fetch(`http://127.0.0.1:${await this.#port}/mcp`, { method: 'POST', headers, body });
      this.#session ??= response.headers.get('mcp-session-id') ?? undefined;
      const answer = await response.text();
      this.#answers += answer;
      return answer;
    } catch {
      return undefined;
    }
  }
}
