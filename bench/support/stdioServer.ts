/** A server that a benchmark or a comparison starts, spoken to in JSON lines, with everything kept that it says. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** From the reason to exit to the exit. */
  afterMs: number;
}

export class StdioServer {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (line: string) => void>();
  readonly #exited: Promise<[number | null, NodeJS.Signals | null]>;
  #id = 0;

  constructor(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, args, { cwd, env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#exited = once(this.#child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    this.#child.stdin!.on('error', () => {});
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#read(line));
  }

  /** The line that answers; `undefined` when the server ended before, or said nothing for ten seconds. */
  async request(method: string, params: object = {}): Promise<string | undefined> {
    const id = ++this.#id;
    const answer = new Promise<string>((resolve) => this.#waiting.set(id, resolve));
    this.#child.stdin!.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    const timeout = new Promise<undefined>((resolve) => setTimeout(resolve, 10_000, undefined).unref());
    return Promise.race([answer, this.#exited.then(() => undefined), timeout]);
  }

  async initialize(): Promise<string | undefined> {
    const clientInfo = { name: 'comparison', version: '1' };
    const answer = await this.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    this.#child.stdin!.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
    return answer;
  }

  callTool(name: string, args: object = {}): Promise<string | undefined> {
    return this.request('tools/call', { name, arguments: args });
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Gives the server a reason to exit and waits for it, ten seconds at most. */
  async end(how: 'stdin' | 'SIGTERM'): Promise<Exit | 'stays'> {
    const startedMs = performance.now();
    if (how === 'stdin') this.#child.stdin!.end();
    else this.#child.kill(how);
    const timeout = new Promise<'stays'>((resolve) => setTimeout(resolve, 10_000, 'stays').unref());
    const exit = await Promise.race([this.#exited, timeout]);
    if (exit === 'stays') {
      this.#child.kill('SIGKILL');
      return exit;
    }
    return { code: exit[0], signal: exit[1], afterMs: performance.now() - startedMs };
  }

  #read(line: string): void {
    this.lines.push(line);
    try {
      const { id } = JSON.parse(line) as { id?: number };
      this.#waiting.get(id!)?.(line);
    } catch {
      // Not a message; it is among the lines.
    }
  }
}
