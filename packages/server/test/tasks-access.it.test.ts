/**
 * Guarantee: a task that waits for an authorization goes on when the user authorizes the agent elsewhere, every stream shows it, and the checks of
 * its agent go unnoticed. Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Task } from '@colloquy/protocol';
import { eventually } from '@colloquy/testkit';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { createRouteStore } from '../src/adapters/postgres/routing/route-store.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { AccessWatch } from '../src/modules/gateway/index.ts';
import { taskIdOf } from '../src/modules/gateway/view/visible-task.ts';
import { assertBooksAreSound, purseOf } from './task-books.ts';
import { gist, readAll, sendRequest, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { artifactTold, statusTold, taskTold, words } from './scripted-agent.ts';
import type { AgentCall } from './scripted-agent.ts';

/** Checks happen when a test calls them. */
const patient = { heartbeatMs: 1e8, fenceAfterMs: 1e9, deadAfterMs: 2e9, graceMs: 0 };
const asking = (text: string) => taskTold('up-1', 'TASK_STATE_AUTH_REQUIRED', statusSaying(text));
const statusSaying = (text: string): Partial<Task> => ({
  status: { state: 'TASK_STATE_AUTH_REQUIRED', message: words(text) },
});

describe('a task that waits for an authorization', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;
  let there: GatewayProcess;
  let sender: SeededCaller;
  let offsetMs = 0;
  const reported: unknown[] = [];
  const taken = new Set<AgentCall>();

  before(async () => {
    setting = await startGatewaySetting();
    here = await setting.startProcess({ lease: patient });
    there = await setting.startProcess({ lease: patient });
  });
  beforeEach(async () => {
    for (const { agent } of [here, there]) agent.onCall = () => undefined;
    sender = await setting.seedCaller();
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(async () => {
    await assertBooksAreSound(setting.tasks);
    assert.deepEqual(reported, []);
  });

  const watchOf = ({ pools, agent, engine }: GatewayProcess): AccessWatch =>
    new AccessWatch({
      nodes: pools.nodes,
      store: pools.store,
      routes: createRouteStore(pools.readers),
      runs: engine.runs,
      log: engine.taskLog,
      announce: () => undefined,
      clock: systemClock,
      upstream: agent,
      report: (error) => reported.push(error),
    });
  /** The agent's next call about a task that the test has not taken yet. */
  async function callAt({ agent }: GatewayProcess, method: AgentCall['method'], { id }: Task): Promise<AgentCall> {
    const isMeant = (call: AgentCall): boolean => call.method === method && call.call.taskId === id && !taken.has(call);
    const call = await eventually(`the agent is called by ${method}`, () => agent.calls.find(isMeant));
    taken.add(call);
    return call;
  }
  /** This process asks the agent, as soon as that is due; `over` when it is done with the answer. */
  async function checkAt(
    task: Task,
    process: GatewayProcess,
  ): Promise<{ call: AgentCall; over: () => Promise<unknown> }> {
    offsetMs += limits.accessCheckMsMax;
    await setting.tasks.database.setClockOffset(offsetMs);
    const watch = watchOf(process);
    await watch.check(process.engine.lease.nodeId);
    const isOfOther = ({ method, call }: AgentCall): boolean => method === 'getTask' && call.taskId !== task.id;
    const over = (): Promise<unknown> =>
      eventually('the check is over', () => {
        // Tasks of earlier tests still wait, and are checked as well.
        for (const call of process.agent.calls.filter(isOfOther)) call.fail('upstream.unreachable');
        return watch.count === 0;
      });
    return { call: await callAt(process, 'getTask', task), over };
  }
  async function ask(): Promise<Task> {
    const answer = here.gateway.sendMessage(sender.caller, sender.address, sendRequest('hello'), {});
    const ofSender = ({ call }: AgentCall): boolean => call.subject === sender.caller.principal.id;
    const turn = await eventually('the agent hears it', () => here.agent.calls.find(ofSender));
    taken.add(turn.say(asking('log in')));
    const { task } = await answer;
    assert.equal(task?.status.state, 'TASK_STATE_AUTH_REQUIRED');
    return task;
  }
  const get = ({ id }: Task) => here.gateway.getTask(sender.caller, sender.address, { id });
  const open = (process: GatewayProcess, { id }: Task) =>
    process.gateway.subscribeToTask(sender.caller, sender.address, { id }, {});
  /** Every row of the tenant but for the time of the next check. */
  async function rowsOfTenant(): Promise<string> {
    const { tenantId } = sender.tenant;
    const reset = `update colloquy.tasks set next_look_at = colloquy.now_utc() where tenant_id = $1`;
    await setting.tasks.rows(`${reset} and next_look_at is not null`, uuidOf(tenantId));
    const text = await setting.tasks.everyRowOf(tenantId);
    const [row] = await setting.tasks.rows<{ text: string }>(
      'select next_look_at::text as text from colloquy.tasks where tenant_id = $1',
      uuidOf(tenantId),
    );
    return text.replaceAll(row?.text ?? '', '');
  }

  it('TASK-19 goes on by itself, and who watches it at any process sees the rest once', async () => {
    const task = await ask();
    const streams = [await open(here, task), await open(there, task)];
    const seen = Promise.all(streams.map(readAll));
    (await checkAt(task, there)).call.say(taskTold('up-1', 'TASK_STATE_WORKING'));
    // From here on it is work like any other.
    (await callAt(there, 'getTask', task)).say(taskTold('up-1', 'TASK_STATE_WORKING'));
    const stream = await callAt(there, 'subscribe', task);
    assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).reserved, 10n);
    stream.say(taskTold('up-1', 'TASK_STATE_WORKING'), artifactTold('up-1', 'a'));
    stream.say(statusTold('up-1', 'TASK_STATE_COMPLETED'));
    for (const events of await seen) {
      const gists = events.map(gist);
      assert.deepEqual(gists, ['task auth_required', 'status working', 'artifact a', 'status completed']);
      assert.deepEqual(
        events.map(({ seq }) => seq),
        [2, 3, 4, 5],
      );
    }
    const { used, reserved } = await purseOf(setting.tasks, sender.tenant.tenantId);
    assert.deepEqual([used, reserved], [10n, 0n]);
  });

  it('TASK-19 stays as it is, to the last row, while its agent says nothing new, nonsense, or nothing at all', async () => {
    const task = await ask();
    const before = await rowsOfTenant();
    const answers: readonly ((call: AgentCall) => unknown)[] = [
      // The same words under another id are no other words.
      (call) => call.say(asking('log in')),
      (call) => call.say(taskTold('up-1', 'TASK_STATE_AUTH_REQUIRED')),
      (call) => call.say(taskTold('up-of-another', 'TASK_STATE_COMPLETED')),
      (call) => call.say(taskTold('up-1', 'TASK_STATE_UNSPECIFIED')),
      (call) => call.fail('upstream.refused'),
      (call) => call.fail('upstream.unreachable'),
    ];
    for (const answer of answers) {
      const { call, over } = await checkAt(task, here);
      answer(call);
      await over();
      assert.equal(await rowsOfTenant(), before);
    }
    assert.equal(here.engine.runs.count, 0);
  });

  it('TASK-19 asks again in other words, and the caller reads them', async () => {
    const task = await ask();
    (await checkAt(task, here)).call.say(asking('log in to the calendar too'));
    (await callAt(here, 'getTask', task)).say(asking('log in to the calendar too'));
    const told = await eventually('it waits again', async () => {
      const { status } = await get(task);
      return status.message?.parts[0]?.text === 'log in to the calendar too' ? status.state : undefined;
    });
    assert.equal(told, 'TASK_STATE_AUTH_REQUIRED');
    assert.equal(here.engine.runs.count, 0);
  });

  it('TASK-19 goes on once when two processes ask at once, also when the first asker never comes back', async () => {
    const task = await ask();
    const checks = [await checkAt(task, here), await checkAt(task, there)];
    await checkAt(task, here);
    const stream = await open(there, task);
    for (const process of [here, there]) {
      process.agent.onCall = (call) =>
        void (call.method === 'getTask' && call.say(taskTold('up-1', 'TASK_STATE_COMPLETED')));
    }
    for (const { call } of checks) call.say(taskTold('up-1', 'TASK_STATE_COMPLETED'));
    assert.deepEqual((await readAll(stream)).map(gist), ['task auth_required', 'status working', 'status completed']);
    await Promise.all(checks.map(({ over }) => over()));
    const row = await here.pools.store.findForWork(sender.tenant.tenantId, taskIdOf(task.id));
    assert.deepEqual([row?.state, row?.attempt, row?.lastSeq], ['TASK_STATE_COMPLETED', 2, 4]);
  });

  it('TASK-19 takes its caller’s message as before, and a check that was under way learns its answer too late', async () => {
    const task = await ask();
    const { call, over } = await checkAt(task, there);
    const answer = here.gateway.sendMessage(
      sender.caller,
      sender.address,
      sendRequest('done', { taskId: task.id }),
      {},
    );
    const turn = await callAt(here, 'stream', task);
    call.say(taskTold('up-1', 'TASK_STATE_COMPLETED'));
    await over();
    assert.equal(there.engine.runs.count, 0);
    turn.say(statusTold('up-1', 'TASK_STATE_FAILED', 'no'));
    assert.equal((await answer).task?.status.state, 'TASK_STATE_FAILED');
  });

  it('TASK-19 is canceled whether it waits, is asked about or just goes on', async () => {
    // It reads cancel requests with its heartbeats too.
    await using busy = await setting.startProcess();
    for (const { agent } of [here, busy]) {
      agent.onCall = (call) => {
        if (call.method === 'cancelTask') call.say(taskTold('up-1', 'TASK_STATE_CANCELED'));
      };
    }
    for (let race = 0; race < 8; race += 1) {
      const task = await ask();
      const { call } = await checkAt(task, busy);
      const canceled = here.gateway.cancelTask(sender.caller, sender.address, { id: task.id });
      if (race % 2 === 0) await here.pools.nodes.countOthers(here.engine.lease.nodeId);
      call.say(taskTold('up-1', 'TASK_STATE_WORKING'));
      assert.equal((await canceled).status.state, 'TASK_STATE_CANCELED');
      assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).used, 0n);
      sender = await setting.seedCaller();
    }
  });

  it('TASK-19 is asked ever more rarely, by one process at a time, and never once it has ended', async () => {
    const task = await ask();
    const claimsAfter = async (waitedMs: number): Promise<number> => {
      await setting.tasks.database.setClockOffset((offsetMs += waitedMs));
      const claims = await Promise.all([here, there].map(({ pools }) => pools.nodes.claimAccessChecks(1_000)));
      return claims.flat().filter(({ taskId }) => taskId === task.id).length;
    };
    const nextAfterMs = async (): Promise<number> => {
      const [row] = await setting.tasks.rows<{ ms: string }>(
        'select extract(epoch from next_look_at - waiting_since) * 1000 as ms from colloquy.tasks where task_id = $1',
        uuidOf(taskIdOf(task.id)),
      );
      return Number(row?.ms);
    };
    assert.equal(await nextAfterMs(), limits.accessCheckMsMin);
    assert.deepEqual([await claimsAfter(30_000), await claimsAfter(0)], [1, 0]);
    const second = await nextAfterMs();
    assert.ok(second >= 60_000 && second < 70_000, `${second} ms`);
    assert.deepEqual([await claimsAfter(3_600_000), await claimsAfter(0)], [1, 0]);
    const third = await nextAfterMs();
    assert.ok(
      third >= 3_630_000 + limits.accessCheckMsMax && third < 3_640_000 + limits.accessCheckMsMax,
      `${third} ms`,
    );
    here.agent.onCall = (call) => call.fail('upstream.refused');
    await here.gateway.cancelTask(sender.caller, sender.address, { id: task.id });
    assert.equal(await claimsAfter(3_600_000), 0);
  });
});
