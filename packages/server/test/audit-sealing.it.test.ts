/**
 * Guarantee: every committed audit entry gets one place in the hash chain of its tenant, whichever process writes, waits or dies meanwhile,
 * and no role can change or remove an entry (T37).
 * Spec: docs/specs/audit-chain.md, invariants AUDIT-1 to AUDIT-7.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createAuditLog } from '../src/adapters/postgres/audit/audit-log.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { TenantId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import type { SealStore } from '../src/modules/audit/index.ts';
import { startAuditSetting } from './audit-setting.ts';
import type { AuditSetting } from './audit-setting.ts';

describe('sealing', () => {
  let setting: AuditSetting;
  before(async () => {
    setting = await startAuditSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  const write = (tenantId: TenantId, count: number): Promise<unknown> =>
    Promise.all(Array.from({ length: count }, () => setting.audit.append(setting.entry(tenantId))));

  /** Entries of a tenant that have no place, and places beyond the entries. */
  async function unsealed(tenantId: TenantId): Promise<{ entries: number; places: number; lastSeq: number }> {
    const [row] = await setting.rows<{ entries: number; places: number; lastSeq: number }>(
      `select (select count(*)::int from colloquy.audit_entries e where tenant_id = $1
          and not exists (select from colloquy.audit_chain c where c.tenant_id = e.tenant_id and c.entry_id = e.entry_id)) as entries,
        (select count(*)::int from colloquy.audit_chain where tenant_id = $1) as places,
        (select coalesce(max(seq), 0)::int from colloquy.audit_chain where tenant_id = $1) as "lastSeq"`,
      uuidOf(tenantId),
    );
    assert.ok(row !== undefined);
    return row;
  }

  it('AUDIT-1 gives each entry one place, 1, 2, 3 …, separately for each tenant, and its signatures verify', async () => {
    const [one, other] = [await setting.newTenant(), await setting.newTenant()];
    await Promise.all([write(one, 700), write(other, 3)]);
    await setting.settled();
    const { isHolder, lagMs } = await setting.sealer().round(setting.newNode());
    assert.deepEqual({ isHolder, lagMs }, { isHolder: true, lagMs: 0 });
    for (const [tenantId, count] of [
      [one, 701],
      [other, 4],
    ] as const) {
      assert.deepEqual(await unsealed(tenantId), { entries: 0, places: count, lastSeq: count });
      const verdict = await setting.verdictOf(tenantId);
      assert.deepEqual([verdict.isIntact, verdict.records, verdict.provenRecords], [true, count, count]);
    }
    await setting.rows('update colloquy.audit_sealer set holder_id = null');
  });

  it('AUDIT-2 waits for the oldest open transaction, and skips nothing of 64 writers beside it', async () => {
    const tenantId = await setting.newTenant();
    await setting.settled();
    await setting.sealer().round(setting.newNode());
    await setting.rows('update colloquy.audit_sealer set holder_id = null');
    const slow = await setting.app.connect();
    const late = setting.entry(tenantId);
    await slow.query('begin');
    await slow.query(`select set_config('colloquy.tenant_ids', $1, true)`, [`{${uuidOf(tenantId)}}`]);
    await slow.query(
      `insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
       values ($1, $2, 'cli_slow', 'agent.registered', 'succeeded', 'agents/slow', 'req_slow', '{}')`,
      [uuidOf(tenantId), uuidOf(late.entryId)],
    );
    const sealer = setting.sealer();
    const node = setting.newNode();
    const writers = new AbortController();
    const rounds = (async () => {
      while (!writers.signal.aborted) await sealer.round(node);
    })();
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        for (let i = 0; i < 20; i += 1) await setting.audit.append(setting.entry(tenantId));
      }),
    );
    const held = await unsealed(tenantId);
    assert.equal(held.places, 1, 'nothing that came after the open transaction began');
    assert.equal(held.entries, 64 * 20);
    await slow.query('commit');
    slow.release();
    writers.abort();
    await rounds;
    await setting.settled();
    await sealer.round(node);
    assert.deepEqual(await unsealed(tenantId), { entries: 0, places: 1 + 64 * 20 + 1, lastSeq: 1 + 64 * 20 + 1 });
    const verdict = await setting.verdictOf(tenantId);
    assert.deepEqual([verdict.isIntact, verdict.provenRecords], [true, 1 + 64 * 20 + 1]);
    await sealer.leave(node);
  });

  it('AUDIT-3 is done by one process at a time, and one that was paused over its time writes nothing more', async () => {
    const tenantId = await setting.newTenant();
    const [first, second] = [setting.newNode(), setting.newNode()];
    await write(tenantId, 10);
    await setting.settled();
    const term = await setting.store.claim(first, limits.auditSealHoldMs);
    assert.ok(term !== null);
    assert.equal(await setting.store.claim(second, limits.auditSealHoldMs), null);
    const window = await setting.store.next(term, 500);
    await setting.database.setClockOffset(limits.auditSealHoldMs + 1_000);
    const round = await setting.sealer().round(second);
    assert.ok(round.sealed >= 10);
    const forged = { from: term, to: window.place, sealed: [], ends: [], nodes: [] };
    assert.equal(await setting.store.append(forged), false, 'the paused one is fenced');
    assert.deepEqual(await unsealed(tenantId), { entries: 0, places: 11, lastSeq: 11 });
    assert.equal((await setting.verdictOf(tenantId)).isIntact, true);
    await setting.database.setClockOffset(0);
    await setting.rows(`update colloquy.audit_sealer set holder_id = null`);
  });

  it('AUDIT-4 goes on after a death at every point, without a gap, a repeat or a checkpoint that lies', async () => {
    const tenantId = await setting.newTenant();
    const node = setting.newNode();
    const points = ['claim', 'next', 'endsOf', 'append', 'due', 'noteCheckpoint'] as const;
    for (const point of points) {
      for (const when of ['before', 'after'] as const) {
        await write(tenantId, 20);
        await setting.settled();
        await assert.rejects(setting.sealer({ store: dying(setting.store, point, when) }).round(node), /died/);
      }
    }
    await setting.sealer().round(node);
    const count = 1 + 20 * points.length * 2;
    assert.deepEqual(await unsealed(tenantId), { entries: 0, places: count, lastSeq: count });
    const verdict = await setting.verdictOf(tenantId);
    assert.deepEqual([verdict.isIntact, verdict.provenRecords], [true, count]);
    await setting.store.release(node);
  });

  it('AUDIT-5 catches up in bounded transactions, with a checkpoint at least every 1,000 records', async () => {
    const tenantId = await setting.newTenant();
    const node = setting.newNode();
    await setting.rows(
      `insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
       select $1, gen_random_uuid(), 'cli_bulk', 'agent.registered', 'succeeded', 'agents/' || n, 'req', '{}' from generate_series(1, 25000) n`,
      uuidOf(tenantId),
    );
    await setting.settled();
    const sealer = setting.sealer({ times: { checkpointMs: 3_600_000 } });
    const first = await sealer.round(node);
    assert.equal(first.sealed, limits.auditSealBatchesMax * limits.auditSealEntriesMax);
    assert.ok(first.lagMs > 0);
    assert.ok((await sealer.round(node)).sealed > 0);
    const sizes = (await setting.checkpointsOf(tenantId)).map(({ checkpoint }) => checkpoint.size);
    for (const [at, size] of sizes.entries()) assert.ok(size - (sizes[at - 1] ?? 0) <= 1_000, sizes.join(' '));
    assert.deepEqual(await unsealed(tenantId), { entries: 0, places: 25_001, lastSeq: 25_001 });
    assert.ok((await setting.verdictOf(tenantId)).isIntact);
    await sealer.leave(node);
  });

  it('AUDIT-6 seals the entries of a restored dump, though its transaction ids come from another server', async () => {
    const tenantId = await setting.newTenant();
    const node = setting.newNode();
    await setting.settled();
    await setting.sealer().round(node);
    await setting.rows(`update colloquy.audit_sealer set cluster_id = 1, place_in = '9000000000000', holder_id = null`);
    await write(tenantId, 5);
    await setting.rows(
      `insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts, written_in)
       select $1, gen_random_uuid(), 'cli_old', 'agent.registered', 'succeeded', 'agents/old', 'req', '{}', '8000000000000' from generate_series(1, 7)`,
      uuidOf(tenantId),
    );
    await setting.settled();
    for (let rounds = 0; rounds < 3; rounds += 1) await setting.sealer().round(node);
    assert.deepEqual(await unsealed(tenantId), { entries: 0, places: 13, lastSeq: 13 });
    assert.ok((await setting.verdictOf(tenantId)).isIntact);
    await setting.store.release(node);
  });

  it('AUDIT-7 leaves no role a way to change a written entry: not the application, not the sealer, not the owner', async () => {
    const tenantId = await setting.newTenant();
    const before = await setting.rows('select * from colloquy.audit_entries where tenant_id = $1', uuidOf(tenantId));
    const attempts = ['audit_entries', 'audit_chain', 'audit_checkpoints', 'audit_nodes'].flatMap((table) => [
      `update colloquy.${table} set tenant_id = tenant_id`,
      `delete from colloquy.${table}`,
      `truncate colloquy.${table}`,
    ]);
    for (const role of ['colloquy_app', 'colloquy_sealer', 'colloquy_worker', 'colloquy_owner', undefined]) {
      const pool = createPool({
        url: setting.database.adminUrl,
        connectionsMax: 1,
        applicationName: 'audit-attempts',
        ...(role === undefined ? {} : { role }),
      });
      for (const attempt of attempts) {
        await assert.rejects(pool.query(attempt), { code: '42501' }, `${role ?? 'superuser'}: ${attempt}`);
      }
      const forged = `insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts, written_in)
        values ('${uuidOf(tenantId)}', gen_random_uuid(), 'a', 'b', 'failed', 'r', 'q', '{}', '1')`;
      if (role !== undefined && role !== 'colloquy_owner') await assert.rejects(pool.query(forged), { code: '42501' });
      await pool.end();
    }
    assert.deepEqual(
      await setting.rows('select * from colloquy.audit_entries where tenant_id = $1', uuidOf(tenantId)),
      before,
    );
    await createAuditLog(setting.app).append(setting.entry(tenantId));
  });
});

/** A store whose process dies at one point: before the database did it, or after and before anybody heard. */
function dying(store: SealStore, point: keyof SealStore, when: 'before' | 'after'): SealStore {
  return new Proxy(store, {
    get(target, name: keyof SealStore) {
      const method = target[name];
      if (name !== point) return method;
      return async (...args: readonly unknown[]): Promise<never> => {
        if (when === 'after') await (method as (...all: readonly unknown[]) => Promise<unknown>)(...args);
        throw new Error('died');
      };
    },
  });
}
