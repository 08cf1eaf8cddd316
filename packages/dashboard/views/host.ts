/** The MCP client around the view, as far as the views need it. */

import type { McpUiHostContext } from '@modelcontextprotocol/ext-apps';
import { App, applyDocumentTheme, applyHostFonts, applyHostStyleVariables } from '@modelcontextprotocol/ext-apps';

/** What became of the call that the view belongs to. */
export type Call =
  | { state: 'running' }
  | { state: 'cancelled' }
  | { state: 'failed'; text: string }
  | { state: 'done'; structured: unknown };

export interface Host {
  /** What the client calls itself. */
  name: string;
  /** Whether it lets the view call tools; else the view shows what it was given. */
  canCallTools: boolean;
  /** Null is the browser's own. */
  locale: string | null;
  timeZone: string | null;
  /** @throws Error with the tool's own words when it refuses */
  callTool(name: string, args: Record<string, unknown>): Promise<unknown>;
  /** Arguments of the call that the view belongs to. */
  args(): Record<string, unknown>;
  /** @returns a function that ends it; told the present state at once */
  onCall(listener: (call: Call) => void): () => void;
  onTeardown: () => void;
}

interface ToolResult {
  isError?: boolean | undefined;
  content: readonly { type: string; text?: unknown }[];
  structuredContent?: unknown;
}

function textOf({ content }: ToolResult): string {
  return content.map(({ text }) => (typeof text === 'string' ? text : '')).join('\n');
}

function callOf(result: ToolResult): Call {
  if (result.isError) return { state: 'failed', text: textOf(result) };
  return { state: 'done', structured: result.structuredContent };
}

function applyContext({ theme, styles }: McpUiHostContext): void {
  if (theme) applyDocumentTheme(theme);
  if (styles?.variables) applyHostStyleVariables(styles.variables);
  if (styles?.css?.fonts) applyHostFonts(styles.css.fonts);
}

/** Resolves once the client has answered; what it sends from then on is kept for whoever listens. */
export async function connectHost(): Promise<Host> {
  const app = new App({ name: 'mcp-vitals', version: '1' }, { availableDisplayModes: ['inline', 'fullscreen'] });
  let call: Call = { state: 'running' };
  let args: Record<string, unknown> = {};
  const listeners = new Set<(call: Call) => void>();
  const tell = (next: Call) => {
    call = next;
    for (const listener of listeners) listener(next);
  };
  app.ontoolinput = (input) => {
    args = input.arguments ?? {};
  };
  app.ontoolresult = (result) => tell(callOf(result));
  app.ontoolcancelled = () => tell({ state: 'cancelled' });
  app.onhostcontextchanged = applyContext;
  const host: Host = {
    name: 'MCP client',
    canCallTools: false,
    locale: null,
    timeZone: null,
    async callTool(name, given) {
      const result = await app.callServerTool({ name, arguments: given });
      if (result.isError) throw new Error(textOf(result));
      return result.structuredContent;
    },
    args: () => args,
    onCall(listener) {
      listeners.add(listener);
      listener(call);
      return () => listeners.delete(listener);
    },
    onTeardown: () => {},
  };
  app.onteardown = () => {
    host.onTeardown();
    return {};
  };
  await app.connect();
  const context = app.getHostContext() ?? {};
  applyContext(context);
  host.name = app.getHostVersion()?.name ?? host.name;
  host.canCallTools = app.getHostCapabilities()?.serverTools !== undefined;
  host.locale = context.locale ?? null;
  host.timeZone = context.timeZone ?? null;
  return host;
}
