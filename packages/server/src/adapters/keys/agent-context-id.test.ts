/**
 * Guarantee: the id of a context at agents is the same in every process, differs for every tenant, owner and caller's id, and shows none of
 * them. Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { CallerContext } from '../../modules/gateway/index.ts';
import { createAgentContextId } from './agent-context-id.ts';
import { KeyVault } from './key-vault.ts';

const root = Buffer.alloc(32, 7);
const idOf = createAgentContextId(new KeyVault(root).keyFor('agent contexts'));
const uuidV8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Texts that are easily confused when they are put together without borders. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('a', '"', ',', '\\', '\u0000', '\ud800', '\udc00'), maxLength: 4 }),
);
const context: fc.Arbitrary<CallerContext> = fc.record({
  tenantId: text.map((rest) => `tnt_${rest}` as const),
  ownerId: text,
  contextId: text,
});
const sameContext = (one: CallerContext, other: CallerContext): boolean =>
  one.tenantId === other.tenantId && one.ownerId === other.ownerId && one.contextId === other.contextId;

describe('the id of a context at agents', () => {
  it('TASK-20 differs for every tenant, owner and id of the caller', () => {
    fc.assert(
      fc.property(context, context, (one, other) => {
        assert.equal(idOf(one) === idOf(other), sameContext(one, other));
      }),
    );
    const contexts = fc.uniqueArray(context, { comparator: sameContext, minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(contexts, (all) => assert.equal(new Set(all.map(idOf)).size, all.length)),
      { numRuns: 30 },
    );
  });

  it('TASK-20 keeps the borders between owner and id', () => {
    const tenantId = 'tnt_1';
    const ids = [
      idOf({ tenantId, ownerId: 'cli_1', contextId: '23' }),
      idOf({ tenantId, ownerId: 'cli_12', contextId: '3' }),
      idOf({ tenantId, ownerId: 'cli_1","2', contextId: '3' }),
      idOf({ tenantId, ownerId: 'cli_1', contextId: '2","3' }),
    ];
    assert.equal(new Set(ids).size, ids.length);
  });

  it('TASK-21 is the same wherever the platform has the same key, and another one with another key', () => {
    const elsewhere = createAgentContextId(new KeyVault(Buffer.from(root)).keyFor('agent contexts'));
    const foreign = createAgentContextId(new KeyVault(Buffer.alloc(32, 8)).keyFor('agent contexts'));
    fc.assert(
      fc.property(context, (one) => {
        assert.equal(elsewhere(one), idOf(one));
        assert.notEqual(foreign(one), idOf(one));
      }),
    );
    const known = idOf({ tenantId: 'tnt_1', ownerId: 'cli_1', contextId: 'session-1' });
    assert.equal(known, '27f84e79-599e-8116-8b46-49bd85dee635', 'agents would lose the memory of every conversation');
  });

  it('TASK-20 is a UUID, however long the id of the caller, and shows no part of it', () => {
    fc.assert(fc.property(context, (one) => assert.match(idOf(one), uuidV8)));
    const contextId = 'a1b2c3d4'.repeat(32);
    assert.doesNotMatch(idOf({ tenantId: 'tnt_1', ownerId: 'cli_1', contextId }), /a1b2|b2c3|c3d4/);
  });
});
