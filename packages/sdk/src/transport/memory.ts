/** A transport for tests and examples: keeps what it is given and answers as it is told. */
import type { SendResult, Transport } from './transport.ts';

export class MemoryTransport implements Transport {
  /** Every batch that was sent, repeats included. */
  readonly sent: Uint8Array[] = [];
  /** How the next sends end. */
  answer: SendResult = { status: 'success' };
  closed = false;

  async send(body: Uint8Array): Promise<SendResult> {
    this.sent.push(body);
    return this.answer;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
