/** The messages in a stream of events, and the two other things that such a stream tells. */
import type { MessageHead } from './messageHead.ts';
import { JsonMessageReader } from './messageReader.ts';
import type { BodyReader } from './readAlong.ts';
import { SseReader } from './sseReader.ts';

export interface StreamTells {
  /** The stream can be resumed. */
  resumable(): void;
  /** Where the client is to post its messages, in the transport of revision 2024-11-05. */
  endpoint(address: string): void;
}

const MAX_ADDRESS_BYTES = 2_048;

export function sseMessages(onMessage: (head: MessageHead) => void, tells: StreamTells): BodyReader {
  let reader: JsonMessageReader | undefined;
  let address = '';
  return new SseReader({
    onData(bytes, type) {
      if (type === 'endpoint') {
        if (address.length < MAX_ADDRESS_BYTES) address += Buffer.from(bytes).toString('latin1');
        return;
      }
      reader ??= new JsonMessageReader(onMessage);
      reader.write(bytes);
    },
    onEvent() {
      reader?.end();
      reader = undefined;
      if (address !== '') tells.endpoint(address);
      address = '';
    },
    onId: () => tells.resumable(),
  });
}
