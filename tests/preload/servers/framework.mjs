// A framework that keeps the low-level server in a private field.
import { FastMCP } from 'fastmcp';

const server = new FastMCP({ name: 'framework', version: '1.0.0' });
server.addTool({ name: 'answer', description: 'Answers', execute: async () => 'fine' });
await server.start({ transportType: 'stdio' });
