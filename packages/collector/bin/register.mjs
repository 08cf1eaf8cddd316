// What `node --import` loads for the servers that `mcp-vitals init` has set up: it keeps its place when versions change.
import '@mcp-vitals/sdk/register';
