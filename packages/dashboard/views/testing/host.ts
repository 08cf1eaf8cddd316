/**
 * A client's side of MCP Apps in a browser, as small as it can be: a sandboxed frame under the policy that the extension
 * prescribes, and a bridge. Tools are called by a function that the test exposes.
 */
import { AppBridge, type McpUiHostContext, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';

type BridgeResult = Parameters<AppBridge['sendToolResult']>[0];

export interface ShowOptions {
  html: string;
  context: McpUiHostContext;
  args: Record<string, unknown>;
  /** Absent: the call is still running. */
  result?: BridgeResult;
  canCallTools: boolean;
}

declare global {
  interface Window {
    callTool(name: string, args: unknown): Promise<BridgeResult>;
    show(options: ShowOptions): Promise<void>;
    tell(context: McpUiHostContext): void;
    teardown(): Promise<unknown>;
    /** Heights that the view has asked for. */
    heights: number[];
  }
}

/** Of the extension's specification, for a resource that declares no domains. */
const POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; connect-src 'none'; frame-src 'none'; base-uri 'self'";

let bridge: AppBridge;
window.heights = [];

window.show = async ({ html, context, args, result, canCallTools }) => {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.title = 'mcp-vitals';
  bridge = new AppBridge(null, { name: 'test host', version: '1' }, canCallTools ? { serverTools: {} } : {}, {
    hostContext: context,
  });
  bridge.oncalltool = ({ name, arguments: given }) => window.callTool(name, given);
  bridge.onsizechange = ({ height }) => {
    if (height === undefined) return;
    window.heights.push(height);
    frame.style.height = `${height}px`;
  };
  const initialized = new Promise<void>((resolve) => {
    bridge.oninitialized = () => resolve();
  });
  document.body.replaceChildren(frame);
  await bridge.connect(new PostMessageTransport(frame.contentWindow!, frame.contentWindow!));
  frame.srcdoc = html.replace('<head>', `<head><meta http-equiv="Content-Security-Policy" content="${POLICY}">`);
  await initialized;
  await bridge.sendToolInput({ arguments: args });
  if (result) await bridge.sendToolResult(result);
};
window.tell = (context) => bridge.setHostContext(context);
window.teardown = () => bridge.teardownResource({});
