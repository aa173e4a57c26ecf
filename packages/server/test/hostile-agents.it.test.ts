/**
 * Guarantee: whatever an agent does instead of its work, over every wire, its caller gets a task that ended with a reason of the error
 * catalogue, pays only for a task that completed, reads one entry of it in the audit log, and calls to every other agent go on.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AgentCard, Task } from '@colloquy/protocol';
import type { AgentClient } from '@colloquy/sdk/client';
import { hostileCard, hostileScripts, startRawAgent, startTestPlatform } from '@colloquy/testkit';
import type { HostileScript, RawAgent, TestPlatform, TestTenant } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { assertBooksAreSound } from './task-books.ts';
import { cardAt } from './agents-setting.ts';
import { answerWell } from './upstream-setting.ts';

const price = 11;

describe('an agent that', { concurrency: 10 }, () => {
  let platform: TestPlatform;
  let pool: DatabasePool;
  let tenant: TestTenant;
  let good: RawAgent;
  let goodAgent: AgentClient;
  const ended = { completed: 0, failed: 0 };

  before(async () => {
    platform = await startTestPlatform();
    pool = createPool({ url: platform.database.adminUrl, connectionsMax: 2, applicationName: 'hostile-test' });
    tenant = await platform.createTenant('hostile', { credits: 1_000_000 });
    good = await startRawAgent(answerWell);
    const neighbour = await platform.createTenant('neighbour', { credits: 1_000_000 });
    await neighbour.client.admin.registerAgent({
      body: { name: 'good', card: cardAt(good.url, false), priceMicrocredits: 1 },
    });
    goodAgent = neighbour.client.agent('good');
  });
  after(async () => {
    const balance = await tenant.client.admin.readBalance();
    assert.deepEqual([balance.usedMicrocredits, balance.reservedMicrocredits], [ended.completed * price, 0]);
    assert.equal(Reflect.has({}, 'polluted'), false);
    await assertBooksAreSound({ rows });
    await pool.end();
    await good[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  async function rows<Row = Record<string, unknown>>(sql: string): Promise<Row[]> {
    return (await pool.query(sql)).rows as Row[];
  }

  it('means harm does it in more than a hundred ways, each with its own name', () => {
    const names = new Set(hostileScripts.map(({ wire, name }) => `${wire} ${name}`));
    assert.equal(names.size, hostileScripts.length);
    assert.ok(names.size > 100, String(names.size));
  });

  for (const [at, script] of hostileScripts.entries()) {
    const { name, wire, ends } = script;
    const outcome = ends === 'completed' ? 'gets its task paid' : `ends its task as ${ends}, for nothing`;
    it(`${name} (${wire}) ${outcome}`, () => assertHarmless(script, `script-${at}`));
  }

  async function assertHarmless(script: HostileScript, name: string): Promise<void> {
    await using bad = await script.start();
    const agent = await register(script, name, bad.url);
    const text = 'x'.repeat(script.askBytes);

    const { task } = await agent.send(text);
    const streamed = script.isHeavy ? task : await lastOf(agent, text);

    assert.ok(task !== undefined && streamed !== undefined);
    for (const one of new Set([task, streamed])) await assertEnded(one, script);
    const { task: next } = await goodAgent.send('please');
    assert.equal(next?.status.state, 'TASK_STATE_COMPLETED');
  }

  async function register(script: HostileScript, name: string, url: string): Promise<AgentClient> {
    // Cards of older versions have another shape, which the platform reads.
    const card = hostileCard(script, url) as AgentCard;
    await tenant.client.admin.registerAgent({
      body: { name, card, priceMicrocredits: price, taskMsMax: script.taskMsMax },
    });
    return tenant.client.agent(name);
  }

  /** The task as its caller, its tenant and the platform's own log tell of it. */
  async function assertEnded(task: Task, { ends }: HostileScript): Promise<void> {
    const code = ends === 'completed' ? undefined : ends;
    const state = code === undefined ? 'completed' : 'failed';
    ended[state] += 1;
    assert.deepEqual(
      [task.status.state, task.status.message?.metadata?.['errorCode']],
      [`TASK_STATE_${state.toUpperCase()}`, code],
    );
    const { admin } = tenant.client;
    const inspected = await admin.inspectTask({ task: task.id });
    assert.deepEqual([inspected.state, inspected.errorCode, inspected.reservedMicrocredits], [state, code, price]);
    const { items: entries } = await admin.listLedgerEntries({ taskId: task.id });
    assert.deepEqual(entries.map(({ kind, amountMicrocredits }) => `${kind} ${amountMicrocredits}`).toSorted(), [
      ...(code === undefined ? [] : [`release ${price}`]),
      `reserve ${price}`,
      ...(code === undefined ? [`settle ${price}`] : []),
    ]);
    const { items: told } = await admin.listAuditEntries({ resource: task.id });
    assert.deepEqual(
      told.map(({ action, outcome, facts }) => [action, outcome, facts['code']]),
      [[`task.${state}`, code === undefined ? 'succeeded' : 'failed', code]],
    );
    if (code === undefined) return;
    assert.doesNotMatch(JSON.stringify([task, inspected, entries, told]), /hunter2|agent-internal-host/);
  }

  async function lastOf(agent: AgentClient, text: string): Promise<Task> {
    let id = '';
    for await (const event of agent.stream(text)) id = event.task?.id ?? id;
    return agent.getTask(id);
  }
});
