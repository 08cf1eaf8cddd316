/** `communications-mcp` in small: a webhook message, which is really posted, and an e-mail, which is written down. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';
import { writeDown } from './toldFile.ts';

const server = new McpServer({ name: 'communications-mcp', version: '1.0.0' });

server.registerTool(
  'send_google_chat_webhook',
  { description: 'Posts a message to Google Chat.', inputSchema: { webhookUrl: z.url(), message: z.string() } },
  async ({ webhookUrl, message }) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(webhookUrl, { method: 'POST', headers, body: JSON.stringify({ text: message }) });
    if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
    return writeDown('send_google_chat_webhook', { message });
  },
);
server.registerTool(
  'send_email',
  {
    description: 'Sends an e-mail.',
    inputSchema: { to: z.string(), subject: z.string(), body: z.string() },
  },
  (email) => writeDown('send_email', email),
);

await server.connect(new StdioServerTransport());
