/** A call of a tool by somebody who may everything. */
import type { ToolCall } from '../serve/toolBackend.ts';

export const ADMIN_CALL: ToolCall = { caller: { client: 'test', scope: 'admin' } };
