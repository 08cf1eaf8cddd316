import { decodeBatch, replaceServers } from '@mcp-vitals/wire/decode';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import { describe, expect, it } from 'vitest';
import { exampleBatch, fullBatch, sharedBatch, tracedBatch } from '../../../wire/src/fixtures/batches.ts';
import { withQualifiedServers } from './fileServers.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const named = (...names: string[]) => ({ ...exampleBatch, servers: names.map((name) => ({ name, version: '1' })) });
const namesOf = (batch: typeof exampleBatch) => batch.servers.map(({ name }) => name);

describe('withQualifiedServers', () => {
  it('leaves a batch that says nothing of workspaces alone', () => {
    const batch = named('files', 'Foo::Bar');
    expect(withQualifiedServers(batch, undefined)).toBe(batch);
  });

  it('names servers by the workspace that they say, or by that of the token', () => {
    expect(namesOf(withQualifiedServers(sharedBatch, undefined))).toEqual(['team-a::files', 'mail']);
    expect(namesOf(withQualifiedServers(sharedBatch, 'team-b'))).toEqual(['team-b::files', 'team-b::mail']);
    expect(namesOf(withQualifiedServers(sharedBatch, 'default'))).toEqual(['files', 'mail']);
    expect(namesOf(withQualifiedServers(named('team-a::files'), undefined))).toEqual(['team-a:files']);
    expect(namesOf(withQualifiedServers(named('', '*'), 'team-a'))).toEqual(['team-a::(unnamed)', 'team-a::(unnamed)']);
  });

  it.each([fullBatch, tracedBatch, sharedBatch])('keeps all else of it through the journal', (batch) => {
    const body = encodeBatch(batch);
    const { servers } = withQualifiedServers(decodeBatch(body), 'team-b');
    const journalled = decodeBatch(replaceServers(body, servers));
    expect(journalled.servers).toEqual(servers);
    expect(hex(encodeBatch({ ...journalled, servers: batch.servers }))).toBe(hex(body));
  });
});
