/** What all servers of the matrix have in common: their tools, the one line when it is asked for, and what they say of themselves. */

/** Does what each tool does; the result goes to the client. */
const BEHAVIOUR = {
  answer: () => ({ content: [{ type: 'text', text: 'fine' }] }),
  fail: () => ({ content: [{ type: 'text', text: 'it failed' }], isError: true }),
  exit: () => process.exit(3),
  crash() {
    // Later than the answer is on its way, whatever the transport does for it.
    setTimeout(() => {
      throw new Error('uncaught');
    }, 50);
    return BEHAVIOUR.answer();
  },
};

export const TOOLS = Object.keys(BEHAVIOUR);

export const INFO = { name: 'lifecycle', version: '1.0.0' };

export function callTool(name) {
  return BEHAVIOUR[name]();
}

/** The one line, with `MONITORED=1`; a server that is not monitored does not load us. */
export const monitored =
  process.env.MONITORED === '1' ? (await import('@mcp-vitals/sdk')).withMonitoring : (server) => server;

process.stderr.write(`pid ${process.pid}\n`);
