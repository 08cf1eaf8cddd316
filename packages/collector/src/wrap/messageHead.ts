/** What is read of a JSON-RPC message that passes: enough to time it and to name it, and nothing of arguments or results. */

export interface ServerInfo {
  name: string;
  version: string;
}

/** A request or notification id: `"1"` and `1` are different ones. */
export type MessageId = string | number;

export interface MessageHead {
  type: 'request' | 'notification' | 'response';
  id?: MessageId | undefined;
  method?: string | undefined;
  /** `params.name` of a request. */
  name?: string | undefined;
  /** The scheme of `params.uri`, e.g. `file:`. The rest of a URI is an argument. */
  uriScheme?: string | undefined;
  /** Whether a request has `params.cursor`: it asks for a further page of a list. */
  hasCursor?: boolean | undefined;
  /** `params._meta.traceparent` of a request. */
  traceparent?: string | undefined;
  /** What the client calls itself in `initialize`: `params.clientInfo.name`. */
  introducedAs?: string | undefined;
  /** The same with each request, since revision 2026-07-28: in `params._meta`. */
  clientName?: string | undefined;
  /** `params.requestId` of `notifications/cancelled`. */
  cancelledId?: MessageId | undefined;
  /** The start of its `params.reason`, which says whether the client ran out of time. */
  cancelReason?: string | undefined;
  /** `result.isError`. */
  isError?: boolean | undefined;
  /** `result.resultType`, of protocol revision 2026-07-28. */
  resultType?: string | undefined;
  /** Whether the result is a task that goes on: it has `result.task.taskId`. */
  hasTask?: boolean | undefined;
  /** `error.code`. Present exactly when the response is an error; 0 stands for one without a readable code. */
  errorCode?: number | string | undefined;
  /** Names of `result.tools`. */
  tools?: readonly string[] | undefined;
  /** `result.serverInfo`, or that of the result's `_meta`. */
  serverInfo?: ServerInfo | undefined;
  /** Size of the JSON of `result`. */
  resultBytes?: number | undefined;
  /** Size of the message. */
  bytes: number;
}
