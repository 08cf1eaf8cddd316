/** What the answer to a batch carries: the policies of its servers, for processes whose authors permit anything. */
import { type Batch, POLICY_LIMITS, type Policy } from '@mcp-vitals/wire/decode';
import type { PolicyRecord } from '../model/optimization/policyRecord.ts';
import { splitName } from '../model/workspace.ts';

/** What the answer holds beside the policies. */
const ENVELOPE_BYTES = 100;

export interface Answers {
  /** As a JSON array; undefined where there is none, as for almost every batch. */
  policiesFor(batch: Batch): string | undefined;
}

/** @param inForce of a server, now */
export function createAnswers(inForce: (server: string) => PolicyRecord | undefined, leaseMs: number): Answers {
  const texts = new WeakMap<PolicyRecord, string>();
  const textOf = (record: PolicyRecord) => {
    const { version, tools } = record;
    // As the server calls itself: it need not know what its workspace makes of its name.
    const server = splitName(record.server).name;
    const text = texts.get(record) ?? JSON.stringify({ server, version, leaseMs, tools } satisfies Policy);
    texts.set(record, text);
    return text;
  };
  return {
    policiesFor({ controls, servers }) {
      if (controls === undefined) return undefined;
      const policies: string[] = [];
      let bytes = ENVELOPE_BYTES;
      for (const { server, permitted } of controls) {
        const record = permitted.length === 0 ? undefined : inForce(servers[server]!.name);
        if (record === undefined) continue;
        const text = textOf(record);
        bytes += Buffer.byteLength(text) + 1;
        if (bytes > POLICY_LIMITS.maxAnswerBytes || policies.length >= POLICY_LIMITS.maxPolicies) break;
        policies.push(text);
      }
      return policies.length === 0 ? undefined : `[${policies.join(',')}]`;
    },
  };
}
