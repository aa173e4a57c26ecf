/**
 * Guarantee: tasks that agents send on stay in the delegation chain of the first task: no agent twice, four hops at most, and no more credits
 * than its budget has, whichever process is asked; no caller can forge a delegation chain (T09, T24). Spec: docs/specs/delegation.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { TaskId } from '../src/kernel/ids.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { eventually } from '@colloquy/testkit';
import { forwardTokenSigner } from '../src/adapters/keys/index.ts';
import type { UpstreamCall } from '../src/modules/gateway/index.ts';
import { assertBooksAreSound, countRows, purseOf } from './task-books.ts';
import { atOnce, key, newKey, tokenOf } from './delegation-setting.ts';
import { sendNow, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { taskTold } from './scripted-agent.ts';

describe('a chain of tasks', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;
  let there: GatewayProcess;

  before(async () => {
    setting = await startGatewaySetting();
    [here, there] = await Promise.all([setting.startProcess(), setting.startProcess()]);
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(() => assertBooksAreSound(setting.tasks));

  async function seed(...agents: readonly string[]): Promise<SeededCaller> {
    const sender = await setting.seedCaller();
    for (const name of agents) await setting.tasks.registerAgent(sender.tenant, name);
    return sender;
  }

  interface Hop {
    readonly to: string;
    /** The call that the sending agent got. */
    readonly from?: UpstreamCall;
    readonly token?: string;
    readonly budget?: bigint;
    readonly at?: GatewayProcess;
  }

  /** Sends to an agent and gives the call that it gets; it goes on working. */
  async function send(
    { caller, address }: SeededCaller,
    { to, from, token, budget, at = here }: Hop,
  ): Promise<UpstreamCall> {
    const passed = token ?? (from === undefined ? undefined : tokenOf(from));
    const { task } = await at.gateway.sendMessage(caller, { ...address, agentName: to }, sendNow('go on'), {
      ...(passed === undefined ? {} : { delegation: { token: passed } }),
      ...(budget === undefined ? {} : { budgetMicrocredits: budget }),
    });
    return eventually('the agent is called', () => at.agent.calls.find(({ call }) => call.taskId === task?.id)?.call);
  }

  const leftOf = async (taskId: TaskId): Promise<bigint | undefined> =>
    (
      await setting.tasks.rows<{ left_microcredits: bigint }>(
        'select left_microcredits from colloquy.delegation_budgets where task_id = $1',
        uuidOf(taskId),
      )
    )[0]?.left_microcredits;

  it('DELEG-1 stops at the agent that began it, and at any other on the way, and the refused send costs nothing', async () => {
    const sender = await seed('b', 'c');
    const first = await send(sender, { to: 'echo' });
    const second = await send(sender, { to: 'b', from: first, at: there });
    const third = await send(sender, { to: 'c', from: second });
    assert.deepEqual(third.chain, { root: first.taskId, parent: second.taskId, depth: 2, ancestors: ['echo', 'b'] });
    const before = await setting.tasks.everyRowOf(sender.tenant.tenantId);
    const calls = [here, there].map(({ agent }) => agent.calls.length);
    for (const [to, from] of [
      ['echo', first],
      ['echo', second],
      ['b', second],
      ['echo', third],
      ['b', third],
    ] as const)
      for (const at of [here, there]) await assert.rejects(send(sender, { to, from, at }), { code: 'delegation.loop' });
    assert.equal(await setting.tasks.everyRowOf(sender.tenant.tenantId), before);
    assert.deepEqual(
      [here, there].map(({ agent }) => agent.calls.length),
      calls,
    );
    assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).reserved, 30n);
  });

  it('DELEG-2 is four hops deep at most', async () => {
    const sender = await seed('b', 'c', 'd', 'e', 'f');
    let from = await send(sender, { to: 'echo' });
    for (const to of ['b', 'c', 'd', 'e']) from = await send(sender, { to, from });
    assert.equal(from.chain?.depth, 4);
    const before = await setting.tasks.everyRowOf(sender.tenant.tenantId);
    await assert.rejects(send(sender, { to: 'f', from }), { code: 'delegation.too-deep' });
    assert.equal(await setting.tasks.everyRowOf(sender.tenant.tenantId), before);
  });

  it('DELEG-3 spends its budget exactly, with fifty tasks sent for it at once at two processes', async () => {
    const sender = await seed('b');
    const root = await send(sender, { to: 'echo', budget: 255n });
    assert.equal(root.chain?.budgetLeft, 245);
    const tries = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => send(sender, { to: 'b', from: root, at: n % 2 === 0 ? here : there })),
    );
    const sent = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refusals = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason as PlatformError] : []));
    assert.equal(sent.length, 24);
    assert.deepEqual(new Set(refusals.map(({ code }) => code)), new Set(['delegation.budget-used']));
    assert.equal(await leftOf(root.taskId), 5n);
    assert.equal(await countRows(setting.tasks, 'tasks', sender.tenant.tenantId), 25);
    assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).reserved, 250n);
    // Another task may spend the credits that a failed one releases; the cost of a completed one stays spent.
    const calls = [here, there].flatMap(({ agent }) => agent.calls);
    const callOf = ({ taskId }: UpstreamCall) => calls.find(({ call }) => call.taskId === taskId);
    const [failing, completing] = sent;
    assert.ok(failing !== undefined && completing !== undefined);
    callOf(failing)?.fail('upstream.refused');
    await eventually('it is released', async () => (await leftOf(root.taskId)) === 15n);
    callOf(completing)?.say(taskTold('up', 'TASK_STATE_COMPLETED'));
    await eventually('it is paid', async () => (await purseOf(setting.tasks, sender.tenant.tenantId)).used === 10n);
    assert.equal(await leftOf(root.taskId), 15n);
    await send(sender, { to: 'b', from: root });
    await assert.rejects(send(sender, { to: 'b', from: root }), { code: 'delegation.budget-used' });
    assert.equal(await leftOf(root.taskId), 5n);
  });

  it('DELEG-4 gives a part of its budget away and never more than the rest, and both budgets pay for a task that spends the part', async () => {
    const sender = await seed('b', 'c', 'd');
    const root = await send(sender, { to: 'echo', budget: 100n });
    await assert.rejects(send(sender, { to: 'b', from: root, budget: 91n }), { code: 'delegation.budget-used' });
    await assert.rejects(send(sender, { to: 'b', budget: 9n }), { code: 'delegation.budget-used' });
    const part = await send(sender, { to: 'b', from: root, budget: 25n });
    assert.equal(part.chain?.budgetLeft, 15);
    assert.equal((await send(sender, { to: 'c', from: part })).chain?.budgetLeft, 5);
    await assert.rejects(send(sender, { to: 'd', from: part }), { code: 'delegation.budget-used' });
    assert.deepEqual([await leftOf(root.taskId), await leftOf(part.taskId)], [70n, 5n]);
  });

  it('DELEG-5 cannot be made up: forged, foreign, misdirected and outlived tokens get one answer and change nothing', async () => {
    const [sender, outsider] = [await seed('b'), await seed('b')];
    const first = await send(sender, { to: 'echo' });
    const over = await send(sender, { to: 'echo' });
    here.agent.calls.find(({ call }) => call.taskId === over.taskId)?.say(taskTold('up', 'TASK_STATE_COMPLETED'));
    await eventually(
      'it ends',
      async () =>
        (await here.pools.store.findForWork(sender.tenant.tenantId, over.taskId))?.state === 'TASK_STATE_COMPLETED',
    );
    // In the minute after its end a task still has a chain.
    await send(sender, { to: 'b', from: over });
    await setting.tasks.rows(
      `update colloquy.tasks set status_at = status_at - interval '61 seconds' where task_id = $1`,
      uuidOf(over.taskId),
    );
    const foreign = await send(outsider, { to: 'echo' });
    const good = tokenOf(first);
    const [head, body] = good.split('.');
    const other = await newKey();
    const claims = {
      audience: first.instance.url,
      subject: 'x',
      tenantSlug: sender.tenant.slug,
      taskIds: [first.taskId],
      nowMs: Date.now(),
    };
    const tokenBy = (current: Parameters<typeof forwardTokenSigner>[1]['current'], over: object = {}): string =>
      atOnce(forwardTokenSigner('https://colloquy.example', { current })({ ...claims, ...over }));
    const forged = tokenBy(other);
    const stolenName = tokenBy({ ...other, kid: key.kid });
    const unknown = tokenBy(key, { taskIds: ['tsk_00000000000000000000000000000000'] });
    const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${body ?? ''}.`;
    const lies = [
      '',
      'x',
      none,
      forged,
      stolenName,
      unknown,
      `${head ?? ''}.${body ?? ''}.${'A'.repeat(86)}`,
      tokenOf(foreign),
      tokenOf(over),
      tokenOf(first, { issuer: 'https://elsewhere.example' }),
      tokenOf(first, { audience: 'http://127.0.0.1:2/' }),
      tokenOf(first, { tenantSlug: outsider.tenant.slug }),
      tokenOf(foreign, { tenantSlug: sender.tenant.slug }),
    ];
    const before = await Promise.all([sender, outsider].map(({ tenant }) => setting.tasks.everyRowOf(tenant.tenantId)));
    const calls = here.agent.calls.length;
    const answers = new Set<string>();
    for (const token of lies) {
      const error = await send(sender, { to: 'b', token }).then(
        () => assert.fail(token),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof PlatformError);
      answers.add(JSON.stringify([error.code, error.message, error.details]));
    }
    assert.equal(answers.size, 1);
    assert.match([...answers][0] ?? '', /delegation\.invalid/);
    assert.deepEqual(
      await Promise.all([sender, outsider].map(({ tenant }) => setting.tasks.everyRowOf(tenant.tenantId))),
      before,
    );
    assert.equal(here.agent.calls.length, calls);
  });

  it('DELEG-8 is told with the end of each task', async () => {
    const sender = await seed('b');
    const first = await send(sender, { to: 'echo' });
    const second = await send(sender, { to: 'b', from: first });
    here.agent.calls.find(({ call }) => call.taskId === second.taskId)?.say(taskTold('up', 'TASK_STATE_COMPLETED'));
    const facts = await eventually('the end is audited', async () => {
      const rows = await setting.tasks.rows<{ facts: { chain?: unknown } }>(
        `select facts from colloquy.audit_entries where resource = $1`,
        second.taskId,
      );
      return rows[0]?.facts;
    });
    assert.deepEqual(facts.chain, { root: first.taskId, parent: first.taskId, depth: 1, ancestors: ['echo'] });
  });
});

describe('a chain of tasks whose process dies', () => {
  it('DELEG-6 goes on where the task is taken over: the other process says it to the agent, and the agent comes no further', async () => {
    await using setting = await startGatewaySetting();
    const lease = { heartbeatMs: 100, fenceAfterMs: 800, deadAfterMs: 1_300, graceMs: 200 };
    const doomed = await setting.startProcess({ lease });
    const survivor = await setting.startProcess({ lease });
    const { tenant, caller, address } = await setting.seedCaller();
    await setting.tasks.registerAgent(tenant, 'b', { idempotent: true });
    const go = (to: string, from: UpstreamCall | null, at: GatewayProcess) =>
      at.gateway.sendMessage(
        caller,
        { ...address, agentName: to },
        sendNow('go on'),
        from === null ? {} : { delegation: { token: tokenOf(from) } },
      );
    await go('echo', null, survivor);
    const first = (await survivor.agent.nextCall('stream')).call;
    await go('b', first, doomed);
    const second = (await doomed.agent.nextCall('stream')).call;
    await doomed[Symbol.asyncDispose]();
    const again = await survivor.agent.nextCall('stream');
    assert.equal(again.call.taskId, second.taskId);
    assert.deepEqual(again.call.chain, { root: first.taskId, parent: first.taskId, depth: 1, ancestors: ['echo'] });
    await assert.rejects(go('echo', again.call, survivor), { code: 'delegation.loop' });
    await assertBooksAreSound(setting.tasks);
  });
});
