/** Guarantee: hashing a long batch does not block the event loop, and the hash chain is the same for every split of its entries. */
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

  /** The iterations of the event loop meanwhile. */
  async function iterationsDuring(work: () => Promise<void>): Promise<number> {
    let iterations = 0;
    let isOver = false;
    const count = (): void => {
      iterations += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await work();
    isOver = true;
    return iterations;
  }

  it('yields to the event loop after every 32 entries', async () => {
    const iterations = await iterationsDuring(async () => {
      const { sealed } = await sealing.extend(tenantId, null, entriesOf(512), () => null);
      assert.equal(sealed.length, 512);
    });
    assert.ok(iterations >= 16, `${String(iterations)} iterations`);
  });

  it('waits for others no more often when each entry is another tenant’s', async () => {
    const entries = entriesOf(512);
    const iterations = await iterationsDuring(async () => {
      for (const entry of entries) await sealing.extend(tenantId, null, [entry], () => null);
    });
    assert.ok(iterations >= 16 && iterations <= 17, `${String(iterations)} iterations`);
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
