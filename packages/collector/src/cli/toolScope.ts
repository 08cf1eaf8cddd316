/** The arguments of a tool that looks at the system, a server or a tool of it, from what was typed. */

export interface ToolScope {
  scope: 'system' | 'server' | 'tool';
  mcpServer?: string;
  toolName?: string;
}

export function toolScopeOf({ server, tool }: { server?: string; tool?: string }): ToolScope {
  return {
    scope: tool !== undefined ? 'tool' : server !== undefined ? 'server' : 'system',
    ...(server !== undefined && { mcpServer: server }),
    ...(tool !== undefined && { toolName: tool }),
  };
}
