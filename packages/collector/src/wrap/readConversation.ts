/** Reads along what a client and the server that was started for it say to each other. */
import { basename } from 'node:path';
import { createMonitor } from '@mcp-vitals/sdk';
import { childUsage } from '../childUsage.ts';
import { MessageReader } from './messageReader.ts';
import { createPairing } from './pairing.ts';

export interface WrappedServer {
  pid: number;
  /** The command that started it. */
  file: string;
  /** Name to monitor the server under; its own when absent. */
  name: string | undefined;
  /** What it belongs to; the default one when absent. */
  workspace: string | undefined;
}

export interface Conversation {
  fromClient(chunk: Uint8Array): void;
  fromServer(chunk: Uint8Array): void;
  /** The server has ended, and everything it wrote was read. */
  ended(): void;
}

export function readConversation({ pid, file, name, workspace }: WrappedServer): Conversation {
  const pairing = createPairing((info) =>
    createMonitor({
      serverName: name ?? info?.name ?? basename(file),
      serverVersion: info?.version,
      workspace,
      usage: childUsage(pid, basename(file)),
      // stderr is the server's own.
      onProblem: () => {},
    }),
  );
  const client = new MessageReader((head) => pairing.fromClient(head));
  const server = new MessageReader((head) => pairing.fromServer(head));
  return {
    fromClient: (chunk) => client.write(chunk),
    fromServer: (chunk) => server.write(chunk),
    ended: () => pairing.closed(),
  };
}
