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

/** What the client has said of the call so far; who listens later is told as well. */
class CallWatch {
  args: Record<string, unknown> = {};
  #call: Call = { state: 'running' };
  readonly #listeners = new Set<(call: Call) => void>();

  set(call: Call): void {
    this.#call = call;
    for (const listener of this.#listeners) listener(call);
  }

  listen(listener: (call: Call) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#call);
    return () => this.#listeners.delete(listener);
  }
}

/** Resolves once the client has answered. */
export async function connectHost(): Promise<Host> {
  const app = new App({ name: 'mcp-vitals', version: '1' }, { availableDisplayModes: ['inline', 'fullscreen'] });
  const watch = new CallWatch();
  // All before connecting: clients send arguments and result right after.
  app.ontoolinput = (input) => {
    watch.args = input.arguments ?? {};
  };
  app.ontoolresult = (result) => watch.set(callOf(result));
  app.ontoolcancelled = () => watch.set({ state: 'cancelled' });
  app.onhostcontextchanged = applyContext;
  let host: Host | undefined;
  app.onteardown = () => {
    host?.onTeardown();
    return {};
  };
  await app.connect();
  applyContext(app.getHostContext() ?? {});
  host = hostOf(app, watch);
  return host;
}

function hostOf(app: App, watch: CallWatch): Host {
  const { locale = null, timeZone = null } = app.getHostContext() ?? {};
  return {
    name: app.getHostVersion()?.name ?? 'an MCP client',
    canCallTools: app.getHostCapabilities()?.serverTools !== undefined,
    locale,
    timeZone,
    async callTool(name, args) {
      const result = await app.callServerTool({ name, arguments: args });
      if (result.isError) throw new Error(textOf(result));
      return result.structuredContent;
    },
    args: () => watch.args,
    onCall: (listener) => watch.listen(listener),
    onTeardown: () => {},
  };
}
