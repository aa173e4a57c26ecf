/**
 * Guarantee: whatever an agent does instead of its work, its caller gets a task that ended with a reason, pays nothing, reads one
 * entry of it in the audit log, and calls to every other agent go on.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Task } from '@colloquy/protocol';
import type { AgentClient } from '@colloquy/sdk/client';
import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import type { ErrorCode } from '../src/kernel/error-catalog.ts';
import {
  agentSecret,
  answers,
  answersError,
  cardAt,
  pieceTold,
  script,
  statusTold,
  streams,
  streamsForEver,
  taskTold,
} from './agents-setting.ts';
import { assertBooksAreSound } from './task-books.ts';
import { answerWell, chunkedHead, http, startRawAgent } from './upstream-setting.ts';
import type { OnRequest } from './upstream-setting.ts';

interface Misbehaviour {
  readonly name: string;
  readonly code: ErrorCode;
  readonly streaming: boolean;
  /** Absent: nobody listens. */
  readonly act?: OnRequest;
  readonly taskMsMax?: number;
}

const price = 11;
const working = taskTold('up-1', 'TASK_STATE_WORKING');
const completed = taskTold('up-1', 'TASK_STATE_COMPLETED');
const sends = (act: OnRequest): OnRequest => script({ SendMessage: act, SendStreamingMessage: act });
const nothing: OnRequest = () => undefined;
const says =
  (text: string): OnRequest =>
  (socket) =>
    socket.write(text);

const misbehaviours: readonly Misbehaviour[] = [
  { name: 'is down', code: 'upstream.unreachable', streaming: true },
  { name: 'is down and never streamed', code: 'upstream.unreachable', streaming: false },
  { name: 'hangs up', code: 'upstream.outcome-unknown', streaming: true, act: (socket) => socket.destroy() },
  { name: 'answers with an error', code: 'upstream.refused', streaming: true, act: answersError },
  {
    name: 'fails as a web server does',
    code: 'upstream.refused',
    streaming: false,
    act: says(http(`Error at /srv/agent.ts: ${agentSecret}`, 'text/plain', '500 Internal Server Error')),
  },
  {
    name: 'answers with a web page',
    code: 'upstream.invalid-answer',
    streaming: false,
    act: says(http(`<html>${agentSecret}</html>`, 'text/html')),
  },
  {
    name: 'streams no A2A',
    code: 'upstream.invalid-answer',
    streaming: true,
    act: streams([{ thought: agentSecret }]),
  },
  {
    name: 'answers a task without a state',
    code: 'upstream.invalid-answer',
    streaming: false,
    act: answers({ task: { id: 'up-1', contextId: 'c' } }),
  },
  { name: 'never answers', code: 'upstream.timeout', streaming: false, act: nothing, taskMsMax: 400 },
  { name: 'never says a word in its stream', code: 'upstream.timeout', streaming: true, act: nothing, taskMsMax: 400 },
  {
    name: 'works for ever',
    code: 'upstream.timeout',
    streaming: false,
    act: script({ SendMessage: answers(working), GetTask: answers(working.task), CancelTask: nothing }),
    taskMsMax: 400,
  },
  {
    name: 'streams for ever',
    code: 'upstream.timeout',
    streaming: true,
    act: sends(streamsForEver(working, pieceTold('up-1', 'more '), 20)),
    taskMsMax: 400,
  },
  {
    name: 'streams without end as fast as it can',
    code: 'upstream.too-large',
    streaming: true,
    act: sends(streamsForEver(working, pieceTold('up-1', 'x'.repeat(64 * 1024)), null)),
  },
  {
    name: 'announces a giant answer',
    code: 'upstream.too-large',
    streaming: false,
    act: says('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99999999\r\n\r\n{'),
  },
  {
    name: 'streams a giant event',
    code: 'upstream.too-large',
    streaming: true,
    act: sends(streams([working, pieceTold('up-1', 'x'.repeat(5 * 1024 * 1024))], 'stay')),
  },
  {
    name: 'begins an answer and leaves it',
    code: 'upstream.outcome-unknown',
    streaming: false,
    act: (socket) => socket.end(`${chunkedHead('application/json')}64\r\n{"json`),
  },
  {
    name: 'breaks its stream and knows nothing of the task any more',
    code: 'upstream.refused',
    streaming: true,
    act: sends(streams([working], 'break')),
  },
  {
    name: 'ends its stream without having named a task',
    code: 'upstream.invalid-answer',
    streaming: true,
    act: streams([]),
  },
  {
    name: 'tells of another task in its stream',
    code: 'upstream.invalid-answer',
    streaming: true,
    act: sends(streams([working, statusTold('up-2', 'TASK_STATE_COMPLETED')])),
  },
  {
    name: 'puts out pieces of another task',
    code: 'upstream.invalid-answer',
    streaming: true,
    act: sends(streams([working, pieceTold('up-2', 'not yours'), statusTold('up-1', 'TASK_STATE_COMPLETED')])),
  },
  {
    name: 'gives another task when it is asked for one',
    code: 'upstream.invalid-answer',
    streaming: false,
    act: script({
      SendMessage: answers(working),
      GetTask: answers(taskTold('up-2', 'TASK_STATE_COMPLETED').task),
    }),
  },
];

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
    over: Partial<Misbehaviour>,
  ): Promise<AgentClient> {
    const { streaming = false, taskMsMax } = over;
    await tenant.client.admin.agents.register({
      name,
      card: cardAt(url, streaming),
      priceMicrocredits: price,
      ...(taskMsMax === undefined ? {} : { taskMsMax }),
    });
    return tenant.client.agent(name);
  }

  for (const misbehaviour of misbehaviours) {
    const { name, code } = misbehaviour;
    it(`${name} ends its task as ${code}, for nothing`, () => assertHarmless(misbehaviour));
  }

  async function assertHarmless(misbehaviour: Misbehaviour): Promise<void> {
    await using bad = await startRawAgent(misbehaviour.act ?? nothing);
    await using good = await startRawAgent(answerWell);
    const tenant = await newTenant();
    const url = misbehaviour.act === undefined ? await urlOfNobody() : bad.url;
    const agent = await register(tenant, 'bad', url, misbehaviour);
    const goodAgent = await register(tenant, 'good', good.url, {});

    const { task } = await agent.send('please');
    const streamed = await lastOf(agent);

    assert.ok(task !== undefined);
    for (const ended of [task, streamed]) await assertFailed(tenant, ended, misbehaviour.code);
    const { task: next } = await goodAgent.send('please');
    assert.equal(next?.status.state, 'TASK_STATE_COMPLETED');
    const balance = await tenant.client.admin.credits.balance();
    assert.deepEqual(
      [balance.usedMicrocredits, balance.reservedMicrocredits, balance.availableMicrocredits],
      [price, 0, 1_000 - price],
    );
  }

  /** The failed task as its caller, its tenant and the platform's own log tell of it. */
  async function assertFailed(tenant: TestTenant, task: Task, code: ErrorCode): Promise<void> {
    assert.deepEqual([task.status.state, task.status.message?.metadata?.['errorCode']], ['TASK_STATE_FAILED', code]);
    const { admin } = tenant.client;
    const inspected = await admin.tasks.inspect(task.id);
    assert.deepEqual([inspected.state, inspected.errorCode, inspected.reservedMicrocredits], ['failed', code, price]);
    const { items: entries } = await admin.credits.entries({ taskId: task.id });
    assert.deepEqual(entries.map(({ kind, amountMicrocredits }) => `${kind} ${amountMicrocredits}`).toSorted(), [
      `release ${price}`,
      `reserve ${price}`,
    ]);
    const { items: told } = await admin.audit.list({ resource: task.id });
    assert.deepEqual(
      told.map(({ action, outcome, facts }) => [action, outcome, facts['code']]),
      [['task.failed', 'failed', code]],
    );
    const seen = JSON.stringify([task, inspected, entries, told, platform.logLines]);
    assert.doesNotMatch(seen, /hunter2|agent-internal-host/);
  }

  async function urlOfNobody(): Promise<string> {
    await using gone = await startRawAgent(nothing);
    return gone.url;
  }

  async function lastOf(agent: AgentClient): Promise<Task> {
    let id = '';
    for await (const event of agent.stream('please')) id = event.task?.id ?? id;
    return agent.getTask(id);
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
    const { usedMicrocredits, reservedMicrocredits } = await tenant.client.admin.credits.balance();
    assert.deepEqual([usedMicrocredits, reservedMicrocredits], [price, 0]);
    const { items } = await tenant.client.admin.audit.list({ resource: task.id });
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
    assert.equal((await tenant.client.admin.credits.balance()).usedMicrocredits, price);
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
    assert.equal((await tenant.client.admin.credits.balance()).usedMicrocredits, price);
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
    const { usedMicrocredits, reservedMicrocredits } = await tenant.client.admin.credits.balance();
    assert.deepEqual([usedMicrocredits, reservedMicrocredits], [0, 0]);
  });

  it('is deregistered and registered anew is reached at once at its new address', async () => {
    await using old = await startRawAgent(answerWell);
    await using fresh = await startRawAgent(answerWell);
    const tenant = await newTenant();
    const client = await register(tenant, 'moved', old.url, {});
    await client.send('please');
    await tenant.client.admin.agents.deregister('moved');
    await assert.rejects(client.send('please'), { code: 'registry.agent-unknown' });
    await register(tenant, 'moved', fresh.url, {});
    const { task } = await client.send('please');
    assert.equal(task?.status.state, 'TASK_STATE_COMPLETED');
    assert.deepEqual([old.requests.length, fresh.requests.length], [1, 1]);
    assert.equal((await client.getTask(task.id)).id, task.id);
  });
});
