/** `learning-optimizer-mcp` in small: it remembers issues, to find what they have in common. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';
import { writeDown } from './toldFile.ts';

const server = new McpServer({ name: 'learning-optimizer-mcp', version: '1.0.0' });

server.registerTool(
  'track_issue',
  {
    description: 'Remembers an issue.',
    inputSchema: {
      domain: z.string(),
      title: z.string(),
      symptom: z.string(),
      solution: z.string(),
      root_cause: z.string(),
      prevention: z.string(),
    },
  },
  (issue) => writeDown('track_issue', issue),
);

await server.connect(new StdioServerTransport());
