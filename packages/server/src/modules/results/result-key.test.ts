/** Guarantee: calls that differ in anything the agent sees have different cache keys. Otherwise a call would get the answer to another one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createIdSource } from '../../kernel/ids.ts';
import { resultKey } from './result-key.ts';
import type { CacheableCall } from './result-key.ts';

const ids = createIdSource(
  { nowMs: () => 0, monotonicMs: () => 0, after: () => () => undefined },
  { bytes: (length) => new Uint8Array(length) },
);
const call: CacheableCall = {
  route: { tenantId: ids.next('tnt'), agentId: ids.next('agt'), agentName: 'echo', cardVersion: 1 },
  skillId: 'look',
  message: { parts: [{ text: 'words' }] },
  acceptedOutputModes: [],
  metadata: undefined,
  extensions: [],
  ownerId: 'cli_1',
};
const keyOf = (over: Partial<CacheableCall>): string | null =>
  resultKey(JSON.stringify, { ...call, ...over }, { sharedBy: 'caller', purges: 0 });

describe('the cache key of a call', () => {
  it('differs for every input that the agent sees', () => {
    const others: readonly Partial<CacheableCall>[] = [
      {},
      { message: { parts: [{ text: 'other words' }] } },
      { message: { parts: [{ text: 'words' }], metadata: { a: 1 } } },
      { message: { parts: [{ text: 'words' }], extensions: ['urn:example:formal'] } },
      { acceptedOutputModes: ['text/plain'] },
      { metadata: { a: 1 } },
      { extensions: ['urn:example:formal'] },
      { ownerId: 'cli_2' },
      { skillId: 'see' },
      { route: { ...call.route, cardVersion: 2 } },
    ];
    assert.equal(new Set(others.map(keyOf)).size, others.length);
    assert.equal(keyOf({}), keyOf({}));
  });
});
