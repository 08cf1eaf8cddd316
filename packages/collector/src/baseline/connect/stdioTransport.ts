/**
 * The client's side of a server on stdio, over a process that we start and end ourselves: the SDK's own transport says neither
 * how a server ended nor what it complained of, leaves behind what a package runner has started, and has Ctrl-C end the server
 * before it can be told.
 */
import { type JSONRPCMessage, ReadBuffer, serializeMessage, type Transport } from '@modelcontextprotocol/client';
import { endServerProcess, type ServerCommand, type ServerProcess, startServerProcess } from '../../serverProcess.ts';

/** How long a server may take to end after its stdin has. */
const EXIT_MS = 5_000;

export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #server: ServerProcess;
  readonly #buffer = new ReadBuffer();

  /** Starts the server. */
  constructor(command: ServerCommand) {
    this.#server = startServerProcess(command);
  }

  /** Resolves with how the server ended, in words. */
  get ended(): Promise<string> {
    return this.#server.ended;
  }

  /** Of what was started; undefined when it could not be. */
  get pid(): number | undefined {
    return this.#server.child.pid;
  }

  /** The newest lines on stderr. */
  get complaints(): readonly string[] {
    return this.#server.complaints;
  }

  async start(): Promise<void> {
    const { child, ended } = this.#server;
    child.stdin?.on('error', (error) => this.onerror?.(error));
    child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
    // Processes that it leaves behind may hold its streams open; who waits for an answer learns of the end all the same.
    void ended.then(() => this.onclose?.());
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const { child } = this.#server;
    if (child.stdin?.writable) child.stdin.write(serializeMessage(message));
    else throw new Error('the server has closed its stdin');
  }

  async close(): Promise<void> {
    await endServerProcess(this.#server, EXIT_MS);
    this.onclose?.();
  }

  #read(chunk: Buffer): void {
    try {
      this.#buffer.append(chunk);
      for (;;) {
        const message = this.#buffer.readMessage();
        if (message === null) return;
        this.onmessage?.(message);
      }
    } catch (error) {
      this.onerror?.(error as Error);
    }
  }
}
