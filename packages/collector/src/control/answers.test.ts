import { expect, it } from 'vitest';
import type { PolicyRecord } from '../model/optimization/policyRecord.ts';
import { incomingBatch } from '../store/storeFixtures.ts';
import { createAnswers } from './answers.ts';

it('tells a server of a workspace of its policy by the name that it calls itself', () => {
  const record = { server: 'team-a::files', version: 3, tools: {} } as PolicyRecord;
  const answers = createAnswers((server) => (server === record.server ? record : undefined), 5_000);
  const controls = [{ server: 0, permitted: ['cache' as const], version: 0 }];
  const toldTo = (name: string) => {
    const { batch } = incomingBatch({ seq: 1, receivedAtMs: 0, servers: [{ name, version: '1' }] });
    return answers.policiesFor({ ...batch, controls });
  };
  expect(JSON.parse(toldTo('team-a::files')!)).toEqual([{ server: 'files', version: 3, leaseMs: 5_000, tools: {} }]);
  expect(toldTo('files')).toBeUndefined();
  expect(toldTo('team-b::files')).toBeUndefined();
});
