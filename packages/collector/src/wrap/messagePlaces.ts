/** Where in a JSON-RPC message stands what is read of it, and where that is put. */
import { schemeOf } from '@mcp-vitals/sdk';
import type { Wanted } from './jsonScanner.ts';
import type { MessageHead, MessageId } from './messageHead.ts';

const MAX_TOOLS = 10_000;
const MAX_REASON_LENGTH = 200;

/** A message as it is being read. */
export interface Draft {
  id?: MessageId | undefined;
  method?: string | undefined;
  params: Pick<
    MessageHead,
    'name' | 'uriScheme' | 'hasCursor' | 'traceparent' | 'introducedAs' | 'clientName' | 'cancelledId' | 'cancelReason'
  >;
  hasResult: boolean;
  result: Pick<MessageHead, 'isError' | 'resultType' | 'hasTask' | 'tools' | 'resultBytes'>;
  serverInfo: { name?: string; version?: string } | undefined;
  errorCode?: number | string | undefined;
}

export interface Reading {
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

/** Of a client's name and version, the name. */
const clientInfo = (key: 'introducedAs' | 'clientName'): Place => ({
  begin({ draft }) {
    draft.params[key] = undefined;
  },
  keys: {
    name: text((draft, value) => {
      draft.params[key] = value;
    }),
  },
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
        draft.params.clientName = undefined;
      },
      keys: {
        traceparent: text((draft, value) => {
          draft.params.traceparent = value;
        }),
        'io.modelcontextprotocol/clientInfo': clientInfo('clientName'),
      },
    },
    clientInfo: clientInfo('introducedAs'),
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

/** A JSON text: a message, or an array of them. */
export const TEXT: Place = {
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

export function emptyDraft(): Draft {
  return { params: {}, hasResult: false, result: {}, serverInfo: undefined };
}
