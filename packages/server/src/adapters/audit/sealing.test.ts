/** Guarantee: hashing a long batch holds nobody up, and its chain is the one of its entries, however they are cut. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { idOf } from '../../kernel/ids.ts';
import type { ChainEnd, EntryToSeal } from '../../modules/audit/index.ts';
import { checkpointKeyOf } from './checkpoint-key.ts';
import { createSealing } from './sealing.ts';

const tenantId = idOf('tnt', '0190a000-0000-7000-8000-000000000001');

function entriesOf(count: number): readonly EntryToSeal[] {
  return Array.from({ length: count }, (_, at) => ({
    tenantId,
    entryId: `ent_${at.toString(16).padStart(32, '0')}`,
    occurredAt: '2026-01-01T00:00:00.000000Z',
    actorId: 'cli_1',
    action: 'task.completed',
    outcome: 'succeeded',
    resource: `tsk_${String(at)}`,
    requestId: `req_${String(at)}`,
    facts: { at },
  }));
}

describe('hashing a batch of entries', () => {
  const sealing = createSealing(checkpointKeyOf(new Uint8Array(32)), () => new Uint8Array(32));

  it('lets others have a turn after every 32 of them', async () => {
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const { sealed } = await sealing.extend(tenantId, null, entriesOf(500), () => null);
    isOver = true;
    assert.equal(sealed.length, 500);
    assert.ok(turns >= 15, `others had ${String(turns)} turns`);
  });

  it('comes to the same chain as each entry alone', async () => {
    const entries = entriesOf(300);
    const whole = await sealing.extend(tenantId, null, entries, () => null);
    let end: ChainEnd | null = null;
    const hashes: string[] = [];
    const nodes: unknown[] = [];
    for (const entry of entries) {
      const grown = await sealing.extend(tenantId, end, [entry], () => null);
      end = grown.end;
      hashes.push(...grown.sealed.map(({ hash }) => hash));
      nodes.push(...grown.nodes);
    }
    assert.deepEqual(end, whole.end);
    assert.deepEqual(
      hashes,
      whole.sealed.map(({ hash }) => hash),
    );
    assert.deepEqual(nodes, whole.nodes);
  });
});
