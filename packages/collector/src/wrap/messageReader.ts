/**
 * Reads along what JSON-RPC messages say about calls: from newline-delimited bytes, as stdio servers speak, or from one
 * JSON text, as HTTP bodies and events hold. A text may be an array of messages. What is no message is passed over.
 */

import { schemeOf } from '@mcp-vitals/sdk';
import { JsonScanner, type Wanted } from './jsonScanner.ts';
import type { MessageHead, MessageId } from './messageHead.ts';
import type { BodyReader } from './readAlong.ts';

const MAX_TOOLS = 10_000;
const MAX_REASON_LENGTH = 200;
const NEWLINE = 0x0a;

/** A message as it is being read. */
interface Draft {
  id?: MessageId | undefined;
  method?: string | undefined;
  params: Pick<MessageHead, 'name' | 'uriScheme' | 'hasCursor' | 'traceparent' | 'cancelledId' | 'cancelReason'>;
  hasResult: boolean;
  result: Pick<MessageHead, 'isError' | 'resultType' | 'hasTask' | 'tools' | 'resultBytes'>;
  serverInfo: { name?: string; version?: string } | undefined;
  errorCode?: number | string | undefined;
}

interface Reading {
  draft: Draft;
  /** Whether the text is an array of messages. */
  isArray: boolean;
  emit(draft: Draft, bytes: number): void;
}

type Place = Wanted<Reading>;

const text = (set: (draft: Draft, value: string | undefined) => void): Place => ({
  begin: ({ draft }) => set(draft, undefined),
  take: ({ draft }, value) => set(draft, typeof value === 'string' ? value : undefined),
});

const id = (set: (draft: Draft, value: MessageId | undefined) => void): Place => ({
  begin: ({ draft }) => set(draft, undefined),
  take: ({ draft }, value) => set(draft, typeof value === 'string' || typeof value === 'number' ? value : undefined),
});

const SERVER_INFO: Place = {
  begin({ draft }, shape) {
    draft.serverInfo = shape === 'object' ? {} : undefined;
  },
  keys: {
    name: {
      take({ draft }, value) {
        if (draft.serverInfo !== undefined && typeof value === 'string') draft.serverInfo.name = value;
      },
    },
    version: {
      take({ draft }, value) {
        if (draft.serverInfo !== undefined && typeof value === 'string') draft.serverInfo.version = value;
      },
    },
  },
};

const PARAMS: Place = {
  begin({ draft }) {
    draft.params = {};
  },
  keys: {
    name: text((draft, value) => {
      draft.params.name = value;
    }),
    uri: text((draft, value) => {
      draft.params.uriScheme = value === undefined ? undefined : schemeOf(value);
    }),
    cursor: {
      begin({ draft }) {
        draft.params.hasCursor = true;
      },
    },
    _meta: {
      begin({ draft }) {
        draft.params.traceparent = undefined;
      },
      keys: {
        traceparent: text((draft, value) => {
          draft.params.traceparent = value;
        }),
      },
    },
    requestId: id((draft, value) => {
      draft.params.cancelledId = value;
    }),
    reason: text((draft, value) => {
      draft.params.cancelReason = value?.slice(0, MAX_REASON_LENGTH);
    }),
  },
};

const TASK: Place = {
  begin({ draft }) {
    draft.result.hasTask = undefined;
  },
  keys: {
    taskId: {
      take({ draft }, value) {
        draft.result.hasTask = typeof value === 'string' ? true : undefined;
      },
    },
  },
};

const TOOLS: Place = {
  begin({ draft }, shape) {
    draft.result.tools = shape === 'array' ? [] : undefined;
  },
  items: {
    keys: {
      name: {
        take({ draft }, value) {
          const tools = draft.result.tools as string[] | undefined;
          if (typeof value === 'string' && tools !== undefined && tools.length < MAX_TOOLS) tools.push(value);
        },
      },
    },
  },
};

const RESULT: Place = {
  begin({ draft }) {
    draft.hasResult = true;
    draft.result = {};
    draft.serverInfo = undefined;
  },
  end({ draft }, bytes) {
    draft.result.resultBytes = bytes;
  },
  keys: {
    isError: {
      begin({ draft }) {
        draft.result.isError = undefined;
      },
      take({ draft }, value) {
        if (typeof value === 'boolean') draft.result.isError = value;
      },
    },
    resultType: text((draft, value) => {
      draft.result.resultType = value;
    }),
    task: TASK,
    tools: TOOLS,
    serverInfo: SERVER_INFO,
    _meta: { keys: { 'io.modelcontextprotocol/serverInfo': SERVER_INFO } },
  },
};

const ERROR: Place = {
  begin({ draft }, shape) {
    draft.errorCode = shape === 'object' ? 0 : undefined;
  },
  keys: {
    code: {
      take({ draft }, value) {
        if (draft.errorCode !== undefined) {
          draft.errorCode = typeof value === 'number' || typeof value === 'string' ? value : 0;
        }
      },
    },
  },
};

const MESSAGE: Place = {
  begin(reading) {
    reading.draft = emptyDraft();
  },
  end: ({ draft, emit }, bytes) => emit(draft, bytes),
  keys: {
    id: id((draft, value) => {
      draft.id = value;
    }),
    method: text((draft, value) => {
      draft.method = value;
    }),
    params: PARAMS,
    result: RESULT,
    error: ERROR,
  },
};

const TEXT: Place = {
  ...MESSAGE,
  begin(reading, shape) {
    reading.draft = emptyDraft();
    reading.isArray = shape === 'array';
  },
  end({ draft, emit, isArray }, bytes) {
    if (!isArray) emit(draft, bytes);
  },
  items: MESSAGE,
};

function emptyDraft(): Draft {
  return { params: {}, hasResult: false, result: {}, serverInfo: undefined };
}

/** Undefined for what is no message of JSON-RPC. */
function headOf(
  { id, method, params, hasResult, result, serverInfo, errorCode }: Draft,
  bytes: number,
): MessageHead | undefined {
  if (method !== undefined) {
    return { type: id === undefined ? 'notification' : 'request', id, method, ...params, bytes };
  }
  if (!hasResult && errorCode === undefined) return undefined;
  const { name, version = '' } = serverInfo ?? {};
  return {
    type: 'response',
    id,
    ...result,
    serverInfo: name === undefined ? undefined : { name, version },
    errorCode,
    bytes,
  };
}

/** Reads one JSON text. Its messages are told when it is complete, so that nothing of a broken one counts. */
export class JsonMessageReader implements BodyReader {
  readonly #heads: MessageHead[] = [];
  readonly #scanner: JsonScanner<Reading>;
  readonly #onMessage: (head: MessageHead) => void;

  constructor(onMessage: (head: MessageHead) => void) {
    this.#onMessage = onMessage;
    const emit = (draft: Draft, bytes: number) => {
      const head = headOf(draft, bytes);
      if (head !== undefined) this.#heads.push(head);
    };
    this.#scanner = new JsonScanner(TEXT, { draft: emptyDraft(), isArray: false, emit });
  }

  write(bytes: Uint8Array, from?: number, to?: number): void {
    this.#scanner.write(bytes, from, to);
  }

  end(): void {
    if (this.#scanner.end()) for (const head of this.#heads) this.#onMessage(head);
  }
}

/** Reads messages that are separated by newlines. */
export class MessageReader {
  #line: JsonMessageReader | undefined;

  constructor(readonly onMessage: (head: MessageHead) => void) {}

  write(chunk: Uint8Array): void {
    let from = 0;
    while (from < chunk.length) {
      const newline = chunk.indexOf(NEWLINE, from);
      const to = newline === -1 ? chunk.length : newline;
      if (to > from) {
        this.#line ??= new JsonMessageReader(this.onMessage);
        this.#line.write(chunk, from, to);
      }
      if (newline === -1) return;
      this.end();
      from = newline + 1;
    }
  }

  /** The stream has ended; what came after the last newline is a message as well. */
  end(): void {
    this.#line?.end();
    this.#line = undefined;
  }
}
