/** The DevTools protocol over the pipes that `--remote-debugging-pipe` opens: no port that others could connect to. */
import type { Readable, Writable } from 'node:stream';

type Fields = Record<string, unknown>;

interface Incoming {
  id?: number;
  method?: string;
  result?: Fields;
  error?: { message: string };
}

export interface DevtoolsPipe {
  /** @param sessionId of the page that it is for; the browser itself without one */
  send(method: string, params?: Fields, sessionId?: string): Promise<Fields>;
  /** Resolves when something happens; to be called before what makes it happen. */
  happened(event: string): Promise<void>;
}

/** Commands that are unanswered when the browser ends never settle: whoever waits has to watch for its end. */
export function devtoolsPipe(toBrowser: Writable, fromBrowser: Readable): DevtoolsPipe {
  const unanswered = new Map<number, (message: Incoming) => void>();
  const awaited = new Map<string, () => void>();
  let [lastId, rest] = [0, ''];

  function take(message: Incoming): void {
    if (message.id !== undefined) unanswered.get(message.id)?.(message);
    else if (message.method !== undefined) awaited.get(message.method)?.();
  }

  toBrowser.on('error', () => {});
  fromBrowser.on('error', () => {});
  fromBrowser.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop()!;
    for (const message of messages) take(JSON.parse(message) as Incoming);
  });

  return {
    send(method, params = {}, sessionId) {
      const id = ++lastId;
      toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      return new Promise((resolve, reject) => {
        unanswered.set(id, ({ result = {}, error }) => {
          unanswered.delete(id);
          if (error === undefined) resolve(result);
          else reject(new Error(`${method}: ${error.message}`));
        });
      });
    },
    happened: (event) => new Promise((resolve) => void awaited.set(event, resolve)),
  };
}
