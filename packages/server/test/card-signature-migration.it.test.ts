/**
 * Guarantee: the card columns of an agent's row (signature of the card in use, pending version) match its card versions, also for agents that
 * are older than the columns, and when two changes of its cards happen at the same time.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import { startDatabaseOfBefore } from './database-of-before.ts';
import type { DatabaseOfBefore } from './database-of-before.ts';
import { runSql, withConnection } from './embedded-postgres-harness.ts';

const tenant = '00000000-0000-0000-0000-000000000001';
const agentAt = (n: number): string => `00000000-0000-0000-0000-00000000001${n}`;
/** Agent, version, card, signature state, key id and status. */
const cards: readonly (readonly [number, number, string, string | null, string | null, string])[] = [
  [1, 1, '{"signatures":[{}]}', null, null, 'approved'],
  [2, 1, '{}', null, null, 'approved'],
  [3, 1, '{}', 'unsigned', null, 'approved'],
  [3, 2, '{}', 'verified', 'key-1', 'approved'],
  [4, 1, '{}', 'unsigned', null, 'approved'],
  [4, 2, '{}', 'unsigned', null, 'superseded'],
  [4, 3, '{}', 'verified', 'key-1', 'pending'],
];
const literal = (value: string | number | null): string => (value === null ? 'null' : `'${value}'`);
const insertCards = (rows: typeof cards): string => `
  insert into colloquy.agent_card_versions (tenant_id, agent_id, version, card, signature_state, signature_kid, status) values
  ${rows.map(([n, ...rest]) => `('${tenant}', '${agentAt(n)}', ${rest.map(literal).join(', ')})`).join(', ')}`;
const standing =
  'select name, card_signature_state, card_signature_kid, pending_card_version from colloquy.agents order by name';

describe('the card columns of an agent', () => {
  let database: DatabaseOfBefore;
  before(async () => {
    database = await startDatabaseOfBefore('0056-card-standing.sql');
  });
  after(() => database[Symbol.asyncDispose]());

  it('are filled for agents that are older than the columns', async () => {
    const { adminUrl } = database;
    await runSql(
      adminUrl,
      `insert into colloquy.tenants (tenant_id, slug, name) values ('${tenant}', 'acme', 'Acme');
      insert into colloquy.agents (tenant_id, agent_id, name, card_version, card_visibility, price_microcredits, idempotent, task_ms_max,
        credential_kind, registered_by)
      select '${tenant}', a.id::uuid, 'agent-' || n, case when n = 3 then 2 else 1 end, 'tenant', 0, true, 60000, 'none', 'test'
      from unnest(array[${[1, 2, 3, 4].map((n) => literal(agentAt(n))).join()}]) with ordinality as a (id, n);
      ${insertCards(cards)}`,
    );
    await database.upgrade();
    assert.deepEqual(await runSql(adminUrl, standing), [
      ['agent-1', 'untrusted-key', null, null],
      ['agent-2', 'unsigned', null, null],
      ['agent-3', 'verified', 'key-1', null],
      ['agent-4', 'unsigned', null, 3],
    ]);
  });

  it('match the later of two changes at the same time', async () => {
    const { adminUrl } = database;
    const versionsOf = `tenant_id = '${tenant}' and agent_id = '${agentAt(4)}'`;
    await withConnection(adminUrl, async (proposing) => {
      await proposing.query('begin');
      await proposing.query(insertCards([[4, 4, '{}', 'unsigned', null, 'pending']]));
      await withConnection(adminUrl, async (deciding) => {
        const rejected = deciding.query(
          `update colloquy.agent_card_versions set status = 'rejected' where ${versionsOf} and version = 3`,
        );
        const waiting = `select count(*)::int from pg_stat_activity where wait_event_type = 'Lock' and query like '%rejected%'
          and pid <> pg_backend_pid()`;
        await eventually('the one waits for the other', async () => (await runSql(adminUrl, waiting))[0]?.[0] === 1);
        await proposing.query('commit');
        await rejected;
      });
    });
    assert.deepEqual((await runSql(adminUrl, standing))[3], ['agent-4', 'unsigned', null, 4]);
    await runSql(
      adminUrl,
      `update colloquy.agent_card_versions set status = 'superseded' where ${versionsOf} and version = 4`,
    );
    assert.deepEqual((await runSql(adminUrl, standing))[3], ['agent-4', 'unsigned', null, null]);
  });
});
