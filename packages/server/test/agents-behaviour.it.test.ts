/**
 * Guarantee: what an agent did before it failed, moved or fell silent is kept, and what it says after its call ended is not.
 * How each kind of failure ends is the matter of hostile-agents.it.test.ts.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AgentClient } from '@colloquy/sdk/client';
import {
  answers,
  answersError,
  completed,
  pieceTold,
  script,
  sends,
  startRawAgent,
  startTestPlatform,
  statusTold,
  streams,
  taskTold,
  working,
} from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { cardAt } from './agents-setting.ts';
import { assertBooksAreSound } from './task-books.ts';
import { answerWell } from './upstream-setting.ts';

const price = 11;
describe('an agent that', { concurrency: 4 }, () => {
  let platform: TestPlatform;
  let pool: DatabasePool;
  let tenants = 0;

  before(async () => {
    platform = await startTestPlatform();
    pool = createPool({ url: platform.database.adminUrl, connectionsMax: 2, applicationName: 'agents-test' });
  });
  after(async () => {
    await assertBooksAreSound({ rows });
    await pool.end();
    await platform[Symbol.asyncDispose]();
  });

  async function rows<Row = Record<string, unknown>>(sql: string, ...values: readonly unknown[]): Promise<Row[]> {
    return (await pool.query(sql, [...values])).rows as Row[];
  }

  async function newTenant(): Promise<TestTenant> {
    tenants += 1;
    return platform.createTenant(`tenant-${tenants}`, { credits: 1_000 });
  }

  async function register(
    tenant: TestTenant,
    name: string,
    url: string,
    { streaming = false }: { readonly streaming?: boolean },
  ): Promise<AgentClient> {
    await tenant.client.admin.registerAgent({
      body: {
        name,
        card: cardAt(url, streaming),
        priceMicrocredits: price,
      },
    });
    return tenant.client.agent(name);
  }

  it('says more after the end is not listened to', async () => {
    const late = [
      pieceTold('up-1', 'in time'),
      statusTold('up-1', 'TASK_STATE_COMPLETED'),
      pieceTold('up-1', 'too late'),
      statusTold('up-1', 'TASK_STATE_FAILED'),
    ];
    await using agent = await startRawAgent(sends(streams([working, ...late], 'stay')));
    const tenant = await newTenant();
    const { task } = await (await register(tenant, 'late', agent.url, { streaming: true })).send('please');
    assert.equal(task?.status.state, 'TASK_STATE_COMPLETED');
    assert.deepEqual(
      task.artifacts?.map(({ parts }) => parts),
      [[{ text: 'in time' }]],
    );
    assert.deepEqual(await tenant.client.agent('late').getTask(task.id), task);
    const { usedMicrocredits, reservedMicrocredits } = await tenant.client.admin.readBalance();
    assert.deepEqual([usedMicrocredits, reservedMicrocredits], [price, 0]);
    const { items } = await tenant.client.admin.listAuditEntries({ resource: task.id });
    assert.deepEqual(
      items.map(({ action }) => action),
      ['task.completed'],
    );
  });

  it('breaks its stream and still knows the task is asked for it, and its caller notices nothing', async () => {
    const done = { ...completed.task, artifacts: [{ artifactId: 'a', parts: [{ text: 'all of it' }] }] };
    await using agent = await startRawAgent(
      script({ SendStreamingMessage: streams([working, pieceTold('up-1', 'all ')], 'break'), GetTask: answers(done) }),
    );
    const tenant = await newTenant();
    const { task } = await (await register(tenant, 'broken', agent.url, { streaming: true })).send('please');
    assert.equal(task?.status.state, 'TASK_STATE_COMPLETED');
    assert.deepEqual(task.artifacts, done.artifacts);
    assert.equal((await tenant.client.admin.readBalance()).usedMicrocredits, price);
  });

  it('ends its task between being asked for it and being asked to stream it loses nothing', async () => {
    let asked = 0;
    await using agent = await startRawAgent(
      script({
        SendStreamingMessage: streams([working], 'break'),
        GetTask: (socket, request) => answers((asked++ === 0 ? working : completed).task)(socket, request),
        // A stream of a task that has ended is refused (A2A 1.0 section 3.1.6).
        SubscribeToTask: answersError,
      }),
    );
    const tenant = await newTenant();
    const { task } = await (await register(tenant, 'quick', agent.url, { streaming: true })).send('please');
    assert.equal(task?.status.state, 'TASK_STATE_COMPLETED');
    assert.equal((await tenant.client.admin.readBalance()).usedMicrocredits, price);
  });

  it('tells of another task when it is asked to stop is canceled all the same', async () => {
    await using agent = await startRawAgent(
      script({
        SendStreamingMessage: streams([working], 'stay'),
        CancelTask: answers(taskTold('up-2', 'TASK_STATE_COMPLETED').task),
      }),
    );
    const tenant = await newTenant();
    const client = await register(tenant, 'stubborn', agent.url, { streaming: true });
    const { task } = await client.send('please', { returnImmediately: true });
    const canceled = await client.cancelTask(task?.id ?? '');
    assert.equal(canceled.status.state, 'TASK_STATE_CANCELED');
    const { usedMicrocredits, reservedMicrocredits } = await tenant.client.admin.readBalance();
    assert.deepEqual([usedMicrocredits, reservedMicrocredits], [0, 0]);
  });

  it('is deregistered and registered anew is reached at once at its new address', async () => {
    await using old = await startRawAgent(answerWell);
    await using fresh = await startRawAgent(answerWell);
    const tenant = await newTenant();
    const client = await register(tenant, 'moved', old.url, {});
    await client.send('please');
    await tenant.client.admin.deregisterAgent({ agent: 'moved' });
    await assert.rejects(client.send('please'), { code: 'registry.agent-unknown' });
    await register(tenant, 'moved', fresh.url, {});
    const { task } = await client.send('please');
    assert.equal(task?.status.state, 'TASK_STATE_COMPLETED');
    assert.deepEqual([old.requests.length, fresh.requests.length], [1, 1]);
    assert.equal((await client.getTask(task.id)).id, task.id);
  });
});
