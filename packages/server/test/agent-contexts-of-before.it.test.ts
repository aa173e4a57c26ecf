/**
 * Guarantee: of the contexts that began before agents got ids of the platform's making, those with a random id keep it, each for its caller; an
 * id that another caller may choose too is not kept. No task is changed. Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startDatabaseOfBefore } from './database-of-before.ts';
import type { DatabaseOfBefore } from './database-of-before.ts';
import { runSql } from './embedded-postgres-harness.ts';

const tenant = '00000000-0000-0000-0000-000000000001';
const random = {
  v4: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
  v7: '0195F7A2-3A3C-7E0E-9D8A-1D4F0A6D2C13',
  ours: 'ctx_01a1ff3343177303a2db79edb906c756',
};
const guessable = [
  'session-1',
  '',
  '00000000-0000-0000-0000-000000000001',
  'c232ab00-9414-11ec-b3c8-9f6bdeced846',
  `x${random.v4}`,
  `${random.v4}\n`,
];
const tasks: readonly (readonly [owner: string, contextId: string])[] = [
  ['cli_1', random.v4],
  ['cli_1', random.v4],
  ['cli_2', random.v4],
  ['cli_1', random.v7],
  ['cli_1', random.ours],
  ...guessable.map((contextId) => ['cli_1', contextId] as const),
];

describe('contexts of before', () => {
  let database: DatabaseOfBefore;
  before(async () => {
    database = await startDatabaseOfBefore('0062-agent-contexts.sql');
  });
  after(() => database[Symbol.asyncDispose]());

  it('TASK-23 keep a random id, each for its caller, and tasks stay in the context that their agent knows', async () => {
    const { adminUrl } = database;
    await runSql(
      adminUrl,
      `insert into colloquy.tenants (tenant_id, slug, name) values ('${tenant}', 'acme', 'Acme');
      insert into colloquy.tasks (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, state, status_at, last_seq, attempt,
        reserved_microcredits, decision, created_at)
      select '${tenant}', gen_random_uuid(), context_id, gen_random_uuid(), gen_random_uuid(), owner_id, 'req_1', 'completed', now(), 1, 1, 0, '{}', now()
      from (values ${tasks.map(([owner, contextId]) => `('${owner}', '${contextId}')`).join()}) as t (owner_id, context_id)`,
    );
    await database.upgrade();
    assert.deepEqual(
      await runSql(
        adminUrl,
        'select owner_id, context_id from colloquy.unmapped_contexts order by owner_id, context_id collate "C"',
      ),
      [
        ['cli_1', random.v7],
        ['cli_1', random.v4],
        ['cli_1', random.ours],
        ['cli_2', random.v4],
      ],
    );
    assert.deepEqual(
      await runSql(adminUrl, 'select is_context_unmapped, count(*)::int from colloquy.tasks group by 1'),
      [[true, tasks.length]],
    );
    const grants = `select privilege_type from information_schema.table_privileges
      where table_name = 'unmapped_contexts' and grantee = 'colloquy_app'`;
    assert.deepEqual(await runSql(adminUrl, grants), [['SELECT']]);
  });
});
