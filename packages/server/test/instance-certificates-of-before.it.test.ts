/**
 * Guarantee: certificates from before each instance had one of its own stay with the instances at their origin, and with none that is
 * elsewhere or gone; an agent with an endpoint that was never checked is checked soon, and no other.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startDatabaseOfBefore } from './database-of-before.ts';
import type { DatabaseOfBefore } from './database-of-before.ts';
import { runSql } from './embedded-postgres-harness.ts';

const tenant = '00000000-0000-0000-0000-000000000001';
const agentAt = (n: number): string => `00000000-0000-0000-0000-00000000001${n}`;
const origin = 'https://a.example';
/** Agent, address, and whether it is gone. */
const instances: readonly (readonly [agent: number, url: string, isGone: boolean])[] = [
  [1, 'https://a.example/a2a', false],
  [2, 'HTTPS://A.example:443', false],
  [2, 'https://a.example/canary', false],
  [2, 'https://b.example/', false],
  [3, 'https://a.example/', true],
  [3, 'http://a.example/', false],
  [4, 'https://a.example.org/', false],
];
const idAt = (at: number): string => `00000000-0000-0000-0000-00000000002${at}`;

describe('certificates from before the migration', () => {
  let database: DatabaseOfBefore;
  before(async () => {
    database = await startDatabaseOfBefore('0060-instance-certificates.sql');
  });
  after(() => database[Symbol.asyncDispose]());

  it('stay known where they were seen', async () => {
    const { adminUrl } = database;
    await runSql(
      adminUrl,
      `insert into colloquy.tenants (tenant_id, slug, name) values ('${tenant}', 'acme', 'Acme');
      insert into colloquy.agents (tenant_id, agent_id, name, card_version, card_visibility, price_microcredits, idempotent, task_ms_max,
        credential_kind, registered_by)
      select '${tenant}', a.id::uuid, 'agent-' || n, 1, 'tenant', 0, true, 60000, 'none', 'test'
      from unnest(array[${[1, 2, 3, 4].map((n) => `'${agentAt(n)}'`).join()}]) with ordinality as a (id, n);
      insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, left_at, binding, protocol_version) values
      ${instances.map(([n, url, isGone], at) => `('${tenant}', '${idAt(at)}', '${agentAt(n)}', '${url}', ${isGone ? 'now()' : 'null'}, 'JSONRPC', '1.0')`).join()};
      insert into colloquy.endpoint_certificates (tenant_id, agent_id, origin, subject, issuer, not_before, not_after, key_pin)
      select tenant_id, agent_id, '${origin}', name, 'i', '2020-01-01', '2100-01-01', repeat('k', 44) from colloquy.agents;
      update colloquy.endpoint_looks set next_look_at = now() + interval '5 hours', failures = 2`,
    );
    await database.upgrade();
    const seen =
      'select instance_id, is_first, subject, checked_at is not null from colloquy.instance_certificates order by 1';
    assert.deepEqual(await runSql(adminUrl, seen), [
      [idAt(0), true, 'agent-1', true],
      [idAt(1), true, 'agent-2', true],
      [idAt(2), false, 'agent-2', true],
    ]);
    const due = `select name, next_look_at <= colloquy.now_utc() + interval '30 minutes', failures from colloquy.endpoint_looks join colloquy.agents using (tenant_id, agent_id)
      order by name`;
    assert.deepEqual(await runSql(adminUrl, due), [
      ['agent-1', false, 2],
      ['agent-2', true, 2],
      ['agent-3', false, 2],
      ['agent-4', true, 2],
    ]);
  });
});
