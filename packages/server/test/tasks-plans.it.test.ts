/**
 * Guarantee: the statements of the hot path look rows up by key and cost the same however many rows a tenant has, behind the tenant policy too, with
 * fresh and with outdated statistics.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { escapeLiteral } from 'pg';
import { encodeValue } from '../src/adapters/postgres/driver-internals.ts';
import { sumReserved } from '../src/adapters/postgres/budgets/budget-store.ts';
import {
  createTaskInspector,
  findInspectedTask,
  listInspectedTasks,
} from '../src/adapters/postgres/inspection/task-inspector.ts';
import { listLedgerEntries } from '../src/adapters/postgres/metering/credit-ledger-store.ts';
import { findContextPlace } from '../src/adapters/postgres/routing/context-places.ts';
import { findRoutedAgent } from '../src/adapters/postgres/routing/routed-tasks.ts';
import { findRoute } from '../src/adapters/postgres/routing/find-route.ts';
import { findCancelRequests } from '../src/adapters/postgres/nodes/node-store.ts';
import { claimAccessChecks } from '../src/adapters/postgres/nodes/claim-access-checks.ts';
import { claimTasksOfTheDead } from '../src/adapters/postgres/nodes/claim-tasks-of-the-dead.ts';
import { lockWallets } from '../src/adapters/postgres/lock-wallets.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import type { Statement } from '../src/adapters/postgres/statement.ts';
import { appendEvents } from '../src/adapters/postgres/tasks/append-events.ts';
import { continueTask } from '../src/adapters/postgres/tasks/continue-task.ts';
import { countRoutedTasks, listRoutedTasks } from '../src/adapters/postgres/tasks/list-routed-tasks.ts';
import { countTasks, listTasks } from '../src/adapters/postgres/tasks/list-tasks.ts';
import { findGrown, readEvents, readLastStatuses } from '../src/adapters/postgres/tasks/read-events.ts';
import { findSends } from '../src/adapters/postgres/tasks/find-sends.ts';
import { findTasks, findTasksForWork, findUpstreamIds } from '../src/adapters/postgres/tasks/find-tasks.ts';
import { readTails } from '../src/adapters/postgres/tasks/read-tails.ts';
import { recordTasks } from '../src/adapters/postgres/tasks/record-tasks.ts';
import { requestCancel } from '../src/adapters/postgres/tasks/claim-interrupted.ts';
import { resumeTask } from '../src/adapters/postgres/tasks/resume-task.ts';
import { writeTasks } from '../src/adapters/postgres/tasks/write-tasks.ts';
import { writerSettings } from '../src/adapters/postgres/writer-settings.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { everything } from '../src/kernel/access-rights.ts';
import type { AccessRights } from '../src/kernel/access-rights.ts';
import type { Caller } from '../src/kernel/caller.ts';
import { limits } from '../src/kernel/limits.ts';
import type { ChargedWindow } from '../src/modules/budgets/index.ts';
import type { Page } from '../src/kernel/page.ts';
import { listInspectedTasks as listTasksOf } from '../src/modules/tasks/index.ts';
import type { TaskSummary } from '../src/modules/tasks/index.ts';
import { digest, draftEnd, draftTask, draftWrite, statusDraft } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

const rowsOfTheTenant = 50_000;
const readMax = limits.inspectedTasksReadMax;
const oldTasks = [3, 2, 1].map((at) => `tsk_${String(at).padStart(32, '0')}` as const);
const growing = new Set([
  'unmapped_contexts',
  'tasks',
  'task_events',
  'idempotency_keys',
  'ledger_entries',
  'audit_entries',
]);

const window: ChargedWindow = {
  windowId: digest(),
  startsAtMs: 0,
  endsAtMs: null,
  budget: {
    name: 'all',
    budgetId: digest(),
    scope: 'tenant',
    subject: '',
    limitMicrocredits: 10n,
    period: 'total',
    mode: 'hard',
  },
};

const budgets = { version: digest(), windows: [window] };

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

const joinsOf = (nodes: readonly PlanNode[]): PlanNode[] => nodes.filter((node) => /Join|Loop/.test(node['Node Type']));

/** The input is the outer side, so the rows are locked as they come. */
function assertLookedUp(nodes: readonly PlanNode[], taskCount: number): void {
  const overTasks = joinsOf(nodes).find(({ Plans }) => Plans?.some((node) => node['Relation Name'] === 'tasks'));
  assert.equal(overTasks?.['Node Type'], 'Nested Loop');
  assert.equal(overTasks.Plans?.[0]?.['Node Type'], 'Function Scan');
  assert.deepEqual(
    [overTasks.Plans[1]?.['Index Name'], overTasks.Plans[1]?.['Actual Loops']],
    ['tasks_pkey', taskCount],
  );
}

describe('the plans of the hot path', () => {
  let setting: TaskSetting;
  let tenant: SeededTenant;
  let pools: Record<'reader' | 'writer' | 'worker', DatabasePool>;

  before(async () => {
    setting = await startTaskSetting();
    tenant = await setting.seedTenant({ credits: 1_000_000_000n });
    await setting.registerAgent(tenant, 'rare');
    await setting.rows(
      `insert into colloquy.tasks (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, state, status_at,
          last_seq, node_id, attempt, reserved_microcredits, decision, created_at)
        select tenant_id, id, 'c', agent_id, $2, 'cli_other', 'req', 'completed', now(), 1, null, 1, 0, '{}', now()
        from colloquy.agents, unnest($3::uuid[]) id where tenant_id = $1 and name = 'rare'`,
      uuidOf(tenant.tenantId),
      uuidOf(tenant.instanceId),
      oldTasks.map(uuidOf),
    );
    // No version in the wallet: sends are recorded as if the tenant had no budget.
    await setting.rows(
      `with b as (
        insert into colloquy.budgets (tenant_id, name, budget_id, scope, subject, limit_microcredits, period, mode, alert_percents, changed_by)
        values ($1, 'all', $2, 'tenant', '', 10, 'total', 'hard', '{}', 'cli_seed')
      )
      insert into colloquy.delegation_budgets (tenant_id, task_id, budget_microcredits, left_microcredits, budget_id, starts_at)
      values ($1, $2, 10, 10, $2, to_timestamp(0))`,
      uuidOf(tenant.tenantId),
      window.windowId,
    );
    const url = setting.database.adminUrl;
    const base = { url, connectionsMax: 1, applicationName: 'tasks-plans' };
    pools = {
      reader: createPool({ ...base, role: 'colloquy_app' }),
      writer: createPool({ ...base, role: 'colloquy_app', settings: writerSettings }),
      worker: createPool({ ...base, role: 'colloquy_worker' }),
    };
  });
  after(async () => {
    await Promise.all(Object.values(pools).map((pool) => pool.end()));
    await setting[Symbol.asyncDispose]();
  });

  const callerWith = (access: AccessRights): Caller => ({
    principal: { kind: 'oauth-client', id: 'cli_1' },
    actors: [],
    tenant: { id: tenant.tenantId, slug: tenant.slug },
    scopes: new Set(['tasks:inspect']),
    access,
    boundTo: null,
    status: { tenantId: tenant.tenantId, revocable: [], parties: [], keyId: null },
    requestId: `req_${'0'.repeat(32)}` as const,
    expiresAtMs: Infinity,
    signal: new AbortController().signal,
  });

  /** Every node of the plan that ran, with the rows that it read. */
  async function nodesOf(who: keyof typeof pools, { text, values }: Statement, mode: string): Promise<PlanNode[]> {
    const client = await pools[who].connect();
    try {
      await client.query('begin');
      await client.query(`select set_config('colloquy.tenant_ids', $1, true)`, [`{${uuidOf(tenant.tenantId)}}`]);
      await client.query(`set local plan_cache_mode = ${mode}`);
      // Only a prepared statement can have a generic plan.
      await client.query(`prepare probe as ${text}`);
      const literals = values.map(encodeValue).map((value) => (value === null ? 'null' : escapeLiteral(String(value))));
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `explain (analyze, format json) execute probe(${literals.join(', ')})`,
      );
      const flat = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flat)];
      const plan = rows[0]?.['QUERY PLAN'][0].Plan;
      return plan === undefined ? [] : flat(plan);
    } finally {
      await client.query('rollback');
      await client.query('deallocate all');
      client.release();
    }
  }

  /** Indexes that were used, after checking that no table that grows was read but by an index and for few rows. */
  async function indexesOf(who: keyof typeof pools, statement: Statement, rowsMax = 200): Promise<ReadonlySet<string>> {
    const used = new Set<string>();
    for (const mode of who === 'writer' ? ['force_generic_plan'] : ['force_custom_plan', 'force_generic_plan']) {
      const nodes = await nodesOf(who, statement, mode);
      for (const node of nodes) {
        if (node['Index Name'] !== undefined) used.add(node['Index Name']);
        if (node['Node Type'] === 'ModifyTable' || !growing.has(node['Relation Name'] ?? '')) continue;
        const read = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
        const place = `${statement.name}, ${mode}: ${node['Node Type']} on ${String(node['Relation Name'])}`;
        assert.ok(read <= rowsMax, `${place} read ${read} rows`);
      }
    }
    return used;
  }

  /** The statements of the task list, with the index that each uses and the rows that it may read. */
  function inspectorReads(): readonly [Statement, string, number][] {
    const wanted: readonly [readonly string[] | null, string, number][] = [
      [null, 'tasks_pkey', 300],
      [[tenant.agentName], 'tasks_pkey', 300],
      [['rare', tenant.agentName], 'tasks_pkey', 300],
      [['rare'], 'tasks_pkey', readMax],
      [['missing'], '', 0],
      [[], '', 0],
    ];
    return wanted.map(([agentNames, index, rowsMax]) => [
      listInspectedTasks(tenant.tenantId, { agentNames, after: null, limit: 101 }),
      index,
      rowsMax,
    ]);
  }

  async function checkAll(isLarge: boolean): Promise<void> {
    const task = draftTask(setting, tenant);
    assert.equal((await setting.store.record(task)).kind, 'recorded');
    const { tenantId } = tenant;
    const all = {
      contextId: null,
      state: null,
      statusAtFromMs: null,
      after: null,
      statusAtUntilMs: Date.now() + 60_000,
    };
    const after = { statusAtMs: Date.now() - 1_000_000, taskId: task.taskId };
    const turn = {
      events: [statusDraft(task, 'TASK_STATE_WORKING')],
      state: 'TASK_STATE_WORKING',
      statusAtMs: 0,
    } as const;
    const place = { viewer: tenant, taskId: task.taskId, nodeId: setting.nodeId, expectedSeq: 1, expectedAttempt: 1 };
    const key = { keyHash: digest(), fingerprint: digest() };
    const reservationId = uuidOf(task.taskId);
    const entry = { reservationId, kind: 'reserve' } as const;
    const reads: readonly [Statement, string, number?][] = [
      [findTasks(tenantId, [{ ...tenant, taskId: task.taskId }]), 'tasks_pkey'],
      [findTasksForWork(tenantId, [task]), 'tasks_pkey'],
      [findUpstreamIds(tenant, [task.taskId]), 'tasks_pkey'],
      [findGrown(tenantId, [{ taskId: task.taskId, seq: 0 }]), 'tasks_pkey'],
      [readEvents(tenantId, task.taskId, 0, 500), 'task_events_pkey'],
      [readTails(tenantId, [{ taskId: task.taskId, seq: 0 }]), 'task_events_pkey'],
      [readLastStatuses(tenantId, [task.taskId]), 'task_events_pkey'],
      [findSends(tenantId, [task]), 'idempotency_keys_pkey'],
      [listTasks(tenant, { ...all, limit: 51 }), 'tasks_by_owner'],
      [listTasks(tenant, { ...all, after, limit: 51 }), 'tasks_by_owner'],
      [countTasks(tenant, { ...all, limit: 51 }), '', 10_000],
      [listRoutedTasks(tenant, { ...all, limit: 51 }), 'tasks_by_router'],
      [listRoutedTasks(tenant, { ...all, after, limit: 51 }), 'tasks_by_router'],
      [countRoutedTasks(tenant, { ...all, limit: 51 }), 'tasks_by_router', 10_000],
      [findRoutedAgent(tenantId, tenant.ownerId, task.taskId), 'tasks_pkey'],
      [findContextPlace({ ...tenant, contextId: 'c' }), 'tasks_by_context'],
      ...inspectorReads(),
      [findInspectedTask(tenantId, task.taskId, { afterSeq: 0, limit: 500 }), 'tasks_pkey'],
      [listLedgerEntries(tenantId, { after: null, reservationId: null, limit: 101 }), 'ledger_entries_by_time', 300],
      [listLedgerEntries(tenantId, { after: entry, reservationId: null, limit: 101 }), 'ledger_entries_by_time', 300],
      [listLedgerEntries(tenantId, { after: null, reservationId, limit: 101 }), 'ledger_entries_pkey'],
      [findRoute(uuidOf(tenantId), 'echo', null), 'agents_by_name'],
      [sumReserved(tenantId, 'all'), 'tasks_by_node'],
      [requestCancel(tenant, task.taskId), 'tasks_pkey'],
      [continueTask({ ...place, ...turn, ...key }), 'tasks_pkey'],
      [resumeTask({ ...place, tenantId, event: turn.events[0], statusAtMs: 0 }), 'tasks_pkey'],
    ];
    for (const [statement, index, rowsMax] of reads) {
      const used = await indexesOf('reader', statement, rowsMax);
      // In a table of a few pages every index is as good.
      if (isLarge && index.startsWith('task'))
        assert.ok(used.has(index), `${statement.name} used ${[...used].join(', ')}`);
    }
    const fresh = Array.from({ length: 64 }, () => draftTask(setting, tenant));
    for (const sends of [fresh, fresh.slice(0, 1), fresh.map((send) => ({ ...send, budgets }))])
      for (const index of ['idempotency_keys_pkey', 'unmapped_contexts_pkey'])
        assert.ok((await indexesOf('writer', recordTasks(sends))).has(index), index);
    assert.ok((await indexesOf('writer', lockWallets([uuidOf(tenantId)]))).has('wallets_pkey'));
    const end = draftEnd(setting, task, 'TASK_STATE_COMPLETED');
    for (const ends of [[end], [end, draftEnd(setting, draftTask(setting, tenant), 'TASK_STATE_COMPLETED')]])
      assert.ok((await indexesOf('writer', writeTasks(ends))).has('tasks_pkey'));
    const appends = [draftWrite(task, turn.events)];
    assert.ok((await indexesOf('writer', appendEvents(appends))).has('tasks_pkey'));
    if (isLarge) assert.ok((await indexesOf('worker', findCancelRequests(setting.nodeId))).has('tasks_by_node'));
    if (isLarge) assert.ok((await indexesOf('worker', claimTasksOfTheDead(setting.nodeId, 200))).has('tasks_by_node'));
    const looks = await indexesOf('worker', claimAccessChecks({ min: 1_000, max: 60_000 }, 200));
    if (isLarge) assert.ok(looks.has('tasks_looked_at'));
  }

  it('go by key when every table is new', async () => {
    await checkAll(false);
  });

  it('TASK-16 go by key when one tenant holds 50,000 tasks and the statistics still know of none', async () => {
    await setting.rows('alter table colloquy.tasks set (autovacuum_enabled = off)');
    await setting.rows('alter table colloquy.task_events set (autovacuum_enabled = off)');
    await setting.rows('alter table colloquy.idempotency_keys set (autovacuum_enabled = off)');
    await setting.rows('analyze colloquy.tasks, colloquy.task_events, colloquy.idempotency_keys');
    await setting.rows(
      `insert into colloquy.unmapped_contexts (tenant_id, owner_id, context_id)
        select $1, $2, gen_random_uuid() from generate_series(1, $3::int)`,
      uuidOf(tenant.tenantId),
      tenant.ownerId,
      rowsOfTheTenant,
    );
    await setting.rows(
      `with seeded as (
        insert into colloquy.tasks (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, state, status_at,
          last_seq, node_id, attempt, reserved_microcredits, decision, created_at)
        select $1, gen_random_uuid(), 'c', $2, $3, $4, 'req', 'completed', now() - n * interval '1 second', 1, null, 1, 0, '{}', now()
        from generate_series(1, $5::int) n returning tenant_id, task_id
      ), logged as (
        insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload) select tenant_id, task_id, 1, 'task', '{}' from seeded
      ), settled as (
        insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
        select tenant_id, task_id, 'settle', 1 from seeded
      )
      insert into colloquy.idempotency_keys (tenant_id, key_hash, fingerprint, task_id)
      select tenant_id, gen_random_uuid(), gen_random_uuid(), task_id from seeded`,
      uuidOf(tenant.tenantId),
      uuidOf(tenant.agentId),
      uuidOf(tenant.instanceId),
      tenant.ownerId,
      rowsOfTheTenant,
    );
    await checkAll(true);
  });

  it('go by key when the statistics know of them', async () => {
    await setting.rows(
      'analyze colloquy.tasks, colloquy.task_events, colloquy.idempotency_keys, colloquy.unmapped_contexts',
    );
    await checkAll(true);
  });

  it('find the few old tasks of an agent page by page, each of few rows, and none for a missing agent or without rights', async () => {
    const list = listTasksOf({ inspector: createTaskInspector(pools.reader) });
    const caller = callerWith(everything);
    const found: string[] = [];
    let pages = 0;
    let after: string | null = null;
    do {
      const page: Page<TaskSummary> = await list(caller, { agentName: 'rare', after, limit: 2 });
      found.push(...page.items.map(({ taskId }) => taskId));
      after = page.next;
      pages += 1;
    } while (after !== null);
    assert.deepEqual(found, oldTasks);
    assert.ok(pages > 1 && pages <= rowsOfTheTenant / readMax + 3, `${pages} pages`);
    const request = { agentName: null, after: null, limit: 2 };
    assert.deepEqual(await list(caller, { ...request, agentName: 'missing' }), { items: [], next: null });
    assert.deepEqual(await list(callerWith({ tenant: new Set(), agents: new Map() }), request), {
      items: [],
      next: null,
    });
    assert.equal((await list(caller, { ...request, agentName: tenant.agentName })).items.length, 2);
  });

  it('lock the tasks of a batch and then its wallets in the order of their ids, and read no more for more tasks of the tenant', async () => {
    const tasks = Array.from({ length: 64 }, () => draftTask(setting, tenant));
    await Promise.all(tasks.map((task) => setting.store.record(task)));
    const ends = tasks
      .toSorted((a, b) => (a.taskId < b.taskId ? -1 : 1))
      .map((task) => draftEnd(setting, task, 'TASK_STATE_COMPLETED'));
    const nodes = await nodesOf('writer', writeTasks(ends), 'force_generic_plan');
    assertLookedUp(nodes, 64);
    const overWallets = joinsOf(nodes).find(({ Plans }) => Plans?.at(1)?.['Relation Name'] === 'wallets');
    assert.equal(overWallets?.['Node Type'], 'Nested Loop');
    const totals = overWallets.Plans?.[0]?.Plans?.[0];
    assert.deepEqual([totals?.['Node Type'], totals?.Plans?.[0]?.['Node Type']], ['Aggregate', 'Sort']);
  });

  it('look each task of a batch up, in the order of the batch, when the statistics know of a few tasks', async () => {
    await setting.rows('truncate colloquy.tasks cascade');
    for (const more of [2, 8, 40]) {
      const tasks = Array.from({ length: more }, () => draftTask(setting, tenant));
      await Promise.all(tasks.map((task) => setting.store.record(task)));
      await setting.rows('analyze colloquy.tasks');
      const ordered = tasks.toSorted((a, b) => (a.taskId < b.taskId ? -1 : 1));
      const ends = ordered.map((task) => draftEnd(setting, task, 'TASK_STATE_COMPLETED'));
      const appends = ordered.map((task) => draftWrite(task, [statusDraft(task, 'TASK_STATE_WORKING')]));
      for (const statement of [writeTasks(ends), appendEvents(appends)])
        assertLookedUp(await nodesOf('writer', statement, 'force_generic_plan'), more);
    }
  });
});
