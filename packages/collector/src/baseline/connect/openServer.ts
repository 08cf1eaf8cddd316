/** A server that is connected to as a client would be: started on stdio, or reached over HTTP; its tools, and calls of them. */
import {
  type CallToolResult,
  Client,
  SdkError,
  SdkErrorCode,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import { VitalsError } from '../../errors.ts';
import { visibleText } from '../../model/visibleText.ts';
import { type ServerCommand, tellingComplaint } from '../../serverProcess.ts';
import type { ServerIdentity } from '../baseline.ts';
import type { CallOutcome, LoadTarget } from '../load/target.ts';
import type { ListedTool } from '../plan/planCalls.ts';
import { failedOutcome } from './outcomes.ts';
import { StdioTransport } from './stdioTransport.ts';

export type ServerAddress = ServerCommand | { url: URL; headers: Readonly<Record<string, string>> };

export interface OpenServer extends LoadTarget {
  identity: ServerIdentity;
  tools: readonly ListedTool[];
  /** Of what was started; undefined over HTTP. */
  pid: number | undefined;
  /** The newest lines that the server has written to stderr. */
  complaints: readonly string[];
  /** Ends the connection; and the server, if it was started. */
  close(): Promise<void>;
}

export interface OpenOptions {
  address: ServerAddress;
  /** For the start, and again for the list of tools; a package runner may have to download the server first. */
  startMs: number;
  /** Of this program, for the server. */
  version: string;
  /** Gives up while the server has not answered yet. */
  signal: AbortSignal;
  /** Told as soon as there is one, of what was started. */
  onStarted?(pid: number): void;
}

const MAX_MESSAGE = 500;

/** @throws VitalsError `unavailable` when there is no server, or it does not list its tools; it is ended then */
export async function openServer({ address, startMs, version, signal, onStarted }: OpenOptions): Promise<OpenServer> {
  const stdio = 'command' in address ? new StdioTransport(address) : undefined;
  if (stdio?.pid !== undefined) onStarted?.(stdio.pid);
  const transport: Transport = stdio ?? httpTransport(address as Exclude<ServerAddress, ServerCommand>);
  const client = new Client({ name: 'mcp-vitals bench', version });
  try {
    await client.connect(transport, { timeout: startMs, signal });
    const { tools } = await client.listTools(undefined, { timeout: startMs, signal });
    const { name = 'unknown', version: serverVersion = '' } = client.getServerVersion() ?? {};
    return {
      identity: { name, version: serverVersion },
      tools: tools as ListedTool[],
      pid: stdio?.pid,
      complaints: stdio?.complaints ?? [],
      ended: stdio?.ended ?? new Promise<string>(() => {}),
      call: (tool, args, timeoutMs, signal) => callOnce(client, { name: tool, arguments: args }, { timeoutMs, signal }),
      close: () => client.close(),
    };
  } catch (error) {
    const ending = await Promise.race([stdio?.ended, Promise.resolve(undefined)]);
    await closed(client, transport);
    throw notOpened(error as Error, address, ending, stdio?.complaints ?? []);
  }
}

function httpTransport({ url, headers }: Exclude<ServerAddress, ServerCommand>): Transport {
  return new StreamableHTTPClientTransport(url, { requestInit: { headers: { ...headers }, redirect: 'error' } });
}

async function closed(client: Client, transport: Transport): Promise<void> {
  await client.close();
  // A client that never connected does not know it.
  await transport.close();
}

async function callOnce(
  client: Client,
  call: { name: string; arguments: Record<string, unknown> },
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<CallOutcome> {
  try {
    const result = await client.callTool(call, { timeout: timeoutMs, signal });
    return result.isError === true ? { ok: false, kind: 'tool_error', detail: textOf(result) } : { ok: true };
  } catch (error) {
    return failedOutcome(error);
  }
}

function textOf({ content }: CallToolResult): string {
  const [first] = content;
  return first?.type === 'text' ? first.text : '';
}

/** Messages and what is said on stderr are a stranger's. */
function notOpened(
  error: Error,
  address: ServerAddress,
  ending: string | undefined,
  complaints: readonly string[],
): VitalsError {
  const said = tellingComplaint(complaints);
  const complaint = said === undefined ? '' : `; it said: ${said}`;
  const message = `The server ${whyNotOpened(error, address, ending)}${complaint}`;
  const hint =
    'command' in address
      ? 'Look at it by `mcp-vitals doctor -- COMMAND`, or run its command in a terminal.'
      : 'Does it listen there, at this path, and let this client in (--header)?';
  return new VitalsError('unavailable', visibleText(message, MAX_MESSAGE), { cause: error, hint });
}

function whyNotOpened(error: Error, address: ServerAddress, ending: string | undefined): string {
  if (ending === 'ENOENT' && 'command' in address) return `cannot be started: ${address.command} is not there`;
  if (ending !== undefined) return `ended before it answered (${ending})`;
  const isLate = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
  return isLate ? 'does not answer' : `cannot be used: ${messageOf(error)}`;
}

/** What `fetch` failed with stands in its cause. */
function messageOf({ message, cause }: Error): string {
  return cause instanceof Error && cause.message !== '' ? `${message}: ${cause.message}` : message;
}
