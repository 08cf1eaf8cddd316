/**
 * The views of MCP Apps: one self-contained page, which shows the result that it is given. It is to be had under two
 * addresses, since a tool names the address of its view, and a client may treat the two views apart.
 */
import { readBuiltFile } from '../builtFiles.ts';
import { DASHBOARD_VIEW_URI, REPORT_VIEW_URI } from '../viewUris.ts';
import { defineResource } from './defineResource.ts';

/** Of the extension `io.modelcontextprotocol/ui`. */
export const VIEW_MIME_TYPE = 'text/html;profile=mcp-app';

/** Everything is in the page: it loads nothing, connects to nothing, embeds nothing. */
const meta = { ui: { csp: { connectDomains: [], resourceDomains: [], frameDomains: [] }, prefersBorder: true } };

let html: string | undefined;

const shared = {
  mimeType: VIEW_MIME_TYPE,
  meta,
  isConstant: true,
  read: async () => {
    html ??= readBuiltFile('views/index.html');
    return html;
  },
};

export const dashboardView = defineResource({
  ...shared,
  name: 'dashboard_view',
  title: 'Dashboard view',
  description: 'Shows what get_performance_dashboard answers, inside the client.',
  uri: DASHBOARD_VIEW_URI,
});

export const reportView = defineResource({
  ...shared,
  name: 'report_view',
  title: 'Report view',
  description: 'Shows what generate_performance_report answers, inside the client.',
  uri: REPORT_VIEW_URI,
});
