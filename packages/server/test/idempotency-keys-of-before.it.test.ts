/**
 * Guarantee: a send that was recorded before keys contained the address, and that is repeated within a day, finds its task after the upgrade and is
 * not charged again; no other send finds it.
 */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { SendMessageRequest } from '@colloquy/protocol';
import type { Caller } from '../src/kernel/caller.ts';
import { identifySend } from '../src/modules/gateway/send/send-identity.ts';
import { startDatabaseOfBefore } from './database-of-before.ts';
import type { DatabaseOfBefore } from './database-of-before.ts';
import { runSql } from './embedded-postgres-harness.ts';

const tenant = '00000000-0000-0000-0000-000000000001';
const agent = '00000000-0000-0000-0000-0000000000aa';
const address = { tenantSlug: 'acme', agentName: 'echo' };
const owner = 'cli_0123456789abcdef0123456789abcdef';

function requestOf(messageId: string, text: string): SendMessageRequest {
  return { message: { messageId, role: 'ROLE_USER', parts: [{ text }] } };
}

/** The key of today. Nothing of the caller but its id matters. */
function keyOf(request: SendMessageRequest): string {
  const caller = { principal: { kind: 'oauth-client', id: owner } } as unknown as Caller;
  return identifySend(caller, address, request, undefined).keyHash;
}

const digest128 = (text: string): string => hash('sha256', text, 'hex').slice(0, 32);

/** As versions before migration 0010 recorded a send: its task, its first event and its key. */
function recorded(task: string, request: SendMessageRequest, hoursAgo = 1, header?: string): string {
  const { message, metadata } = request;
  const fingerprint = digest128(JSON.stringify([message, metadata]));
  const key = header === undefined ? ['m', message.messageId, fingerprint] : ['k', header];
  const keyHash = digest128(JSON.stringify([owner, `agt_${agent.replaceAll('-', '')}`, ...key]));
  const payload = JSON.stringify({
    task: { id: task, contextId: 'c', status: { state: 'TASK_STATE_SUBMITTED' }, history: [message] },
  }).replaceAll("'", "''");
  return `
    insert into colloquy.tasks (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, state, status_at, last_seq, attempt,
      reserved_microcredits, decision, created_at)
    values ('${tenant}', '${task}', 'c', '${agent}', '${agent}', '${owner}', 'req', 'completed', now(), 1, 1, 0, '{}', now());
    insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload) values ('${tenant}', '${task}', 1, 'task', '${payload}');
    insert into colloquy.idempotency_keys (tenant_id, key_hash, fingerprint, task_id, created_at)
    values ('${tenant}', '${keyHash}', '${fingerprint}', '${task}', now() - interval '${hoursAgo} hours');`;
}

const taskOf = (n: number): string => `00000000-0000-0000-0000-00000000000${n}`;
const plain = requestOf('m-1', 'hello');
const odd = requestOf('m "2" \\ \u00e9 \u0001', 'NUL \u0000 and \'quotes\', "messageId":"not-me"');
const old = requestOf('m-3', 'yesterday');
const keyed = requestOf('m-4', 'with a header');

describe('idempotency keys of before', () => {
  let database: DatabaseOfBefore;
  before(async () => {
    database = await startDatabaseOfBefore('0010-agent-wires.sql');
  });
  after(() => database[Symbol.asyncDispose]());

  const taskFor = (key: string): Promise<unknown[][]> =>
    runSql(database.adminUrl, `select task_id, fingerprint from colloquy.idempotency_keys where key_hash = '${key}'`);

  it('find the tasks of sends of the last day by their messageId, and of nothing else', async () => {
    await runSql(
      database.adminUrl,
      `insert into colloquy.tenants (tenant_id, slug, name) values ('${tenant}', 'acme', 'Acme');
      insert into colloquy.agents (tenant_id, agent_id, name, card_version, card_visibility, price_microcredits, idempotent, task_ms_max, credential_kind, registered_by)
      values ('${tenant}', '${agent}', 'echo', 1, 'tenant', 0, true, 1000, 'none', '${owner}');
      ${recorded(taskOf(1), plain)} ${recorded(taskOf(2), odd)} ${recorded(taskOf(3), old, 25)} ${recorded(taskOf(4), keyed, 1, 'header')}`,
    );
    for (const request of [plain, odd]) assert.deepEqual(await taskFor(keyOf(request)), []);
    await database.upgrade();
    for (const [at, request] of [plain, odd].entries()) {
      const found = await taskFor(keyOf(request));
      assert.deepEqual(
        found.map(([task]) => task),
        [taskOf(at + 1)],
      );
    }
    for (const request of [old, keyed, requestOf('m-1', 'another')])
      assert.deepEqual(await taskFor(keyOf(request)), []);
    const [[keys]] = (await runSql(database.adminUrl, 'select count(*)::int from colloquy.idempotency_keys')) as [
      [number],
    ];
    assert.equal(keys, 6, 'four of before, and two more');
  });
});
