import type { EventStore } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

type Message = Parameters<EventStore['storeEvent']>[1];

/** Keeps events in the order they came in. The SDK's example sorts by time and chance, and loses an event of the same millisecond. */
export class OrderedEventStore implements EventStore {
  readonly #events: { streamId: string; message: Message }[] = [];

  async storeEvent(streamId: string, message: Message): Promise<string> {
    this.#events.push({ streamId, message });
    return String(this.#events.length);
  }

  async replayEventsAfter(
    lastEventId: string,
    { send }: Parameters<EventStore['replayEventsAfter']>[1],
  ): Promise<string> {
    const { streamId } = this.#events[Number(lastEventId) - 1]!;
    for (const [i, event] of [...this.#events.entries()].slice(Number(lastEventId)))
      if (event.streamId === streamId) await send(String(i + 1), event.message);
    return streamId;
  }
}
