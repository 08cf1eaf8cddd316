/** `mcp-vitals wrap -- COMMAND ARGS...`: a proxy before a server in any language, over stdio or, with --http, over HTTP. */
import type { Command } from 'commander';
import { VitalsError } from '../errors.ts';
import { type HttpWrapOptions, withHttpOptions, wrapHttp } from './wrapHttp.ts';

interface WrapOptions extends Omit<HttpWrapOptions, 'http'> {
  http?: string;
  name?: string;
  workspace?: string;
}

const HELP = `
Examples:
  mcp-vitals wrap -- python server.py
  mcp-vitals wrap --name files -- npx -y @modelcontextprotocol/server-filesystem /tmp
  mcp-vitals wrap --http http://127.0.0.1:3000/mcp --listen 3001

What client and server say passes unchanged; exit code, signals and stderr are the server's own.
Where measurements go is set by the environment, as for the SDK: MCP_VITALS_URL, MCP_VITALS_DATA, ...`;

export function wrapCommand(program: Command): void {
  const command = program
    .command('wrap')
    .description('monitor a server in any language by standing before it')
    .argument('[command...]', 'the command that starts the server on stdio, after --')
    .option('--name <name>', 'name to monitor the server under, instead of its own')
    .option('--workspace <name>', 'what the server belongs to in a collector that several teams share')
    .passThroughOptions()
    .addHelpText('after', HELP);
  withHttpOptions(command).action(async (words: string[], options: WrapOptions) => {
    const [file, ...args] = words;
    if (options.http !== undefined) {
      if (file !== undefined) throw new VitalsError('invalid', 'wrap takes a command or --http, not both');
      return wrapHttp({ ...options, http: options.http });
    }
    if (file === undefined) {
      throw new VitalsError('invalid', 'wrap needs the command that starts the server', {
        hint: 'E.g. mcp-vitals wrap -- python server.py',
      });
    }
    const { runStdioProxy } = await import('../wrap/stdioProxy.ts');
    await runStdioProxy({ file, args, name: options.name, workspace: options.workspace });
  });
}
