/**
 * Guarantee: every operation on an agent, over both bindings, is refused to a client that has no token, an expired token, too small a
 * scope, or another tenant's; a task of others looks like one that does not exist; a refusal changes nothing.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { optionalOperations, restRoutes, taskOperations } from '@colloquy/protocol/v1';
import type { Operation } from '@colloquy/protocol/v1';
import { everyTenantScope } from '@colloquy/testkit';
import type { Clock } from '../src/kernel/clock.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { json, say, startA2aSetting, version } from './a2a-setting.ts';
import type { A2aSetting, WireAnswer } from './a2a-setting.ts';
import { realClock } from './upstream-setting.ts';

/** Written down here once more, so that a change of the policy is seen. Total: an operation without a row does not compile. */
const scopeOf: Readonly<Record<Operation, (typeof everyTenantScope)[number]>> = {
  SendMessage: 'a2a:send',
  SendStreamingMessage: 'a2a:send',
  GetTask: 'a2a:read',
  ListTasks: 'a2a:read',
  CancelTask: 'a2a:cancel',
  SubscribeToTask: 'a2a:read',
  CreateTaskPushNotificationConfig: 'a2a:send',
  GetTaskPushNotificationConfig: 'a2a:read',
  ListTaskPushNotificationConfigs: 'a2a:read',
  DeleteTaskPushNotificationConfig: 'a2a:send',
  GetExtendedAgentCard: 'a2a:read',
};
const noTask = `tsk_${'0'.repeat(32)}`;
const tokenLifeMs = 10 * 60_000;

/** One operation on one binding. */
interface Probe {
  readonly name: string;
  readonly operation: Operation;
  readonly isRest: boolean;
  call(address: string, taskId: string, token: string | null): Promise<WireAnswer>;
}

interface Tokens {
  readonly expired: string;
  readonly revoked: string;
  readonly outsider: string;
  readonly colleague: string;
  /** Every scope but this one. */
  without(scope: string): string;
}

describe('every operation on an agent', () => {
  let setting: A2aSetting;
  let pool: DatabasePool;
  let tokens: Tokens;
  /** Waits for its caller's answer, so that every operation could do something to it. */
  let taskId: string;
  let aheadMs = 0;
  let everyTable: string | null = null;

  before(async () => {
    const clock: Clock = { ...realClock, nowMs: () => Date.now() + aheadMs };
    setting = await startA2aSetting({ clock });
    pool = createPool({ url: setting.platform.database.adminUrl, connectionsMax: 1, applicationName: 'probe-test' });
    const asked = await setting.rpc('SendMessage', say('ask'));
    taskId = /tsk_[0-9a-f]{32}/.exec(asked.text)?.[0] ?? assert.fail(asked.text);
    tokens = await makeTokens();
  });
  after(async () => {
    await pool.end();
    await setting[Symbol.asyncDispose]();
  });

  async function makeTokens(): Promise<Tokens> {
    const { platform, tenant } = setting;
    const tokenFor: A2aSetting['tokenFor'] = (...request) => setting.tokenFor(...request);
    const other = await platform.createTenant(`other-${randomUUID().slice(0, 8)}`);
    const admin = platform.operator.admin.forTenant(tenant.slug);
    const scopes = [...everyTenantScope];
    const [colleague, former] = [
      await admin.createClient({ body: { name: 'colleague', scopes } }),
      await admin.createClient({ body: { name: 'former', scopes } }),
    ];
    const revoked = await tokenFor(former);
    await admin.revokeClient({ client: former.clientId });
    const without = new Map<string, string>();
    const expired = await tokenFor(tenant);
    assert.equal((await setting.rpc('GetTask', { id: taskId }, { token: expired })).status, 200);
    // Tokens that were issued before have expired from here on, also one that was accepted just now.
    aheadMs = 2 * tokenLifeMs;
    for (const left of new Set(Object.values(scopeOf))) {
      without.set(left, await tokenFor(tenant, scopes.filter((scope) => scope !== left).join(' ')));
    }
    return {
      expired,
      revoked,
      outsider: await tokenFor(other),
      colleague: await tokenFor(colleague),
      without: (scope) => without.get(scope) ?? assert.fail(scope),
    };
  }

  function paramsOf(operation: Operation, id: string): object {
    if (operation === 'SendMessage' || operation === 'SendStreamingMessage') return say('probe', { taskId: id });
    if (operation === 'ListTasks' || operation === 'GetExtendedAgentCard') return {};
    if (operation.includes('Push')) return { taskId: id, id: 'hook', url: 'http://127.0.0.1:1/hook' };
    return { id };
  }

  const overJsonRpc: readonly Probe[] = [...taskOperations, ...optionalOperations].map((operation) => ({
    name: `${operation} over JSON-RPC`,
    operation,
    isRest: false,
    call: (address, id, token) =>
      setting.call(address, {
        method: 'POST',
        body: JSON.stringify({ jsonrpc: '2.0', id: 'q-1', method: operation, params: paramsOf(operation, id) }),
        headers: { ...json, ...version },
        token,
      }),
  }));
  const overRest: readonly Probe[] = restRoutes.map(({ verb, path, operation }) => ({
    name: `${verb} ${path}`,
    operation,
    isRest: true,
    call: (address, id, token) => {
      const below = path.replace(/\{(?:id|taskId)\}/, id).replace('{id}', 'hook');
      const body = verb === 'POST' ? { body: JSON.stringify(bodyOf(operation, id)) } : {};
      return setting.call(address + below, { method: verb, ...body, headers: { ...json, ...version }, token });
    },
  }));

  function bodyOf(operation: Operation, id: string): object {
    return operation.startsWith('Send') || operation.includes('Push') ? paramsOf(operation, id) : {};
  }

  /** What is in every table but those that the platform writes to by itself, as a line for each. */
  async function everyRow(): Promise<string> {
    everyTable ??= await tablesToCompare();
    const { rows } = await pool.query<{ line: string }>(everyTable);
    return rows.map(({ line }) => line).join('\n');
  }

  async function tablesToCompare(): Promise<string> {
    const tables = await pool.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'colloquy' and c.relkind in ('r', 'p') and not c.relispartition
         and c.relname not in ('nodes', 'rate_buckets', 'secret_rotations', 'instance_health', 'endpoint_looks', 'sla_places', 'sla_counts', 'usage_places', 'usage_hours') and c.relname not like 'audit%' order by 1`,
    );
    const names = tables.rows.map(({ name }) => name);
    assert.ok(names.includes('tasks') && names.includes('agents') && names.includes('oauth_clients'));
    return names
      .map(
        (name) =>
          `select '${name} ' || count(*) || ' ' || md5(coalesce(string_agg(t::text, ' ' order by t::text), '')) as line from colloquy.${name} t`,
      )
      .join(' union all ');
  }

  /** How many refusals of this operation stand in the audit logs. */
  async function refusalsOf(code: string): Promise<number> {
    const found = await pool.query<{ count: number }>(
      `select count(*)::int as count from colloquy.audit_entries
       where action = 'access.refused' and outcome = 'refused' and facts ->> 'code' = $1`,
      [code],
    );
    return found.rows[0]?.count ?? 0;
  }

  async function withoutTrace(probe: () => Promise<void>): Promise<void> {
    const before = await everyRow();
    const heard = setting.agent.heard.length;
    await probe();
    assert.equal(await everyRow(), before);
    assert.equal(setting.agent.heard.length, heard);
  }

  it('is probed: no operation and no route of the protocol is left out', () => {
    const probed = new Set([...overJsonRpc, ...overRest].map(({ operation }) => operation));
    assert.deepEqual([...probed].toSorted(), Object.keys(scopeOf).toSorted());
    assert.equal(overRest.length, restRoutes.length);
  });

  for (const probe of [...overJsonRpc, ...overRest]) {
    const scope = scopeOf[probe.operation];

    it(`${probe.name}: no token, or one that is over, is answered 401, whatever is asked`, () =>
      withoutTrace(async () => {
        for (const token of [null, 'x', tokens.expired, tokens.revoked]) {
          const answers = await Promise.all(
            [setting.path, setting.path.replace('worker', 'missing'), '/t/nowhere/agents/worker'].map((address) =>
              probe.call(address, taskId, token),
            ),
          );
          for (const answer of answers) {
            assert.equal(answer.status, 401, answer.text);
            assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer resource_metadata="[^"]+\/t\/[^"]+"$/);
            assert.match(answer.text, /access\.unauthenticated/);
          }
          assertAlike(answers);
        }
      }));

    it(`${probe.name}: every scope but ${scope} is answered 403, with the one that is missing`, () =>
      withoutTrace(async () => {
        const refused = await refusalsOf('access.scope-missing');
        const answers = [
          await probe.call(setting.path, taskId, tokens.without(scope)),
          await probe.call(setting.path, noTask, tokens.without(scope)),
        ];
        assert.equal(await refusalsOf('access.scope-missing'), refused + answers.length);
        for (const answer of answers) {
          assert.equal(answer.status, 403, answer.text);
          assert.match(answer.headers.get('www-authenticate') ?? '', new RegExp(`insufficient_scope.*"${scope}"`));
        }
        assertAlike(answers);
      }));

    it(`${probe.name}: another tenant's client sees no agent, whether there is one or not`, () =>
      withoutTrace(async () => {
        const refused = await refusalsOf('registry.agent-unknown');
        const answers = await Promise.all([
          probe.call(setting.path, taskId, tokens.outsider),
          probe.call(setting.path, noTask, tokens.outsider),
          probe.call(setting.path.replace('worker', 'missing'), taskId, tokens.outsider),
          probe.call('/t/nowhere/agents/worker', taskId, tokens.outsider),
        ]);
        assert.equal(await refusalsOf('registry.agent-unknown'), refused + answers.length);
        for (const answer of answers) {
          assert.equal(answer.status, 404, answer.text);
          assert.match(answer.text, /registry\.agent-unknown/);
        }
        assertAlike(answers);
      }));

    it(`${probe.name}: another client of the tenant sees no task, whether there is one or not`, () =>
      withoutTrace(async () => {
        const answers = [
          await probe.call(setting.path, taskId, tokens.colleague),
          await probe.call(setting.path, noTask, tokens.colleague),
        ];
        const [answer] = answers;
        assert.match(answer?.text ?? '', expectationFor(probe.operation));
        assert.doesNotMatch(answer?.text ?? '', new RegExp(taskId));
        assertAlike(answers);
      }));
  }

  it('is open to the owner of the task: the refusals above were about the caller', async () => {
    const token = await setting.tokenFor(setting.tenant);
    for (const probe of [...overJsonRpc, ...overRest]) {
      if (probe.operation === 'CancelTask' || probe.operation === 'SubscribeToTask') continue;
      if (probe.operation.startsWith('Send')) continue;
      const answer = await probe.call(setting.path, taskId, token);
      assert.match(answer.text, shownToOwner(probe.operation, taskId));
    }
    const [goOn] = overRest.filter(({ operation }) => operation === 'SendMessage');
    const answered = await goOn?.call(setting.path, taskId, token);
    assert.match(answered?.text ?? '', /TASK_STATE_COMPLETED/);
    const [cancel] = overRest.filter(({ operation }) => operation === 'CancelTask');
    assert.match((await cancel?.call(setting.path, taskId, token))?.text ?? '', /TASK_NOT_CANCELABLE/);
  });
});

/** The proof that an operation was open: the task, or the empty answer to a deletion. */
function shownToOwner(operation: Operation, taskId: string): RegExp {
  if (operation === 'GetExtendedAgentCard') return /"skills"/;
  return operation === 'DeleteTaskPushNotificationConfig' ? /\{\}/ : new RegExp(taskId);
}

/** What a client finds where its colleague has a task: none, an empty list, or the card that all of the tenant see. */
function expectationFor(operation: Operation): RegExp {
  if (operation === 'ListTasks') return /"tasks":\[\].*"totalSize":0/;
  if (operation === 'GetExtendedAgentCard') return /"skills"/;
  return /TASK_NOT_FOUND/;
}

/** Equal to the byte, but for the request's own id and signatures, which never repeat; also in the names of their header fields. */
function assertAlike(answers: readonly WireAnswer[]): void {
  const [first, ...others] = answers.map(({ status, headers, text }) => ({
    status,
    names: [...headers.keys()],
    text: text.replaceAll(/req_[0-9a-f]{32}/g, 'req').replaceAll(/"signature":"[\w-]+"/g, '"signature":"…"'),
  }));
  for (const other of others) assert.deepEqual(other, first);
}
