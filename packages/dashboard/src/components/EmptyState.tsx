/** Before anything has reported: the one line that makes it. */
export function EmptyState() {
  return (
    <div class="empty-state">
      <h1>Waiting for the first server</h1>
      <p>The collector runs. Add one line to an MCP server, and it appears here with its first call:</p>
      <pre tabIndex={0}>
        <code>{"import { withMonitoring } from '@mcp-vitals/sdk';\n\nwithMonitoring(server);"}</code>
      </pre>
      <p>Without touching its code, or in any other language:</p>
      <pre tabIndex={0}>
        <code>{'node --import @mcp-vitals/sdk/register server.js\nmcp-vitals wrap -- python server.py'}</code>
      </pre>
      <p class="soft">
        <code>mcp-vitals init</code> shows how the servers of your MCP clients would be monitored, and changes nothing.
      </p>
    </div>
  );
}
