/**
 * Guarantee: when an agent or a tenant is suspended, its running and waiting tasks are canceled on every node, credits are released, streams end, and
 * no receiver of a suspended tenant is notified until it is resumed; also when notifications between nodes are lost (T11, T25).
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import type { TestTenant } from '@colloquy/testkit';
import { watch } from './cluster-setting.ts';
import type { Watch } from './cluster-setting.ts';
import { startTwoNodes } from './revocation-setting.ts';
import type { TwoNodes } from './revocation-setting.ts';
import { assertBooksAreSound } from './task-books.ts';
import { gistOf, startReceiver } from './webhook-receiver.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

const reachMs = 5_000;
const price = 3;
const reason = 'it does harm';

for (const isDeaf of [false, true])
  describe(`a suspension on two nodes ${isDeaf ? 'that hear nothing of each other' : 'with notifications'}`, () =>
    testStops(isDeaf));

interface UnderWay {
  readonly running: string;
  readonly waiting: string;
  readonly stream: Watch;
}

function testStops(isDeaf: boolean): void {
  let setting: TwoNodes;
  let receiver: WebhookReceiver;

  before(async () => {
    setting = await startTwoNodes(isDeaf);
    receiver = await startReceiver();
    setting.agent.allow(1);
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  const newTenant = async (slug: string): Promise<TestTenant> => {
    const tenant = await setting.nodes[0].createTenant(slug, { credits: 1_000 });
    const { cardUrl } = setting.agent;
    await tenant.client.admin.registerAgent({ body: { name: 'paid', cardUrl, priceMicrocredits: price } });
    return tenant;
  };

  const addressAt = (node: 0 | 1, slug: string): string => `${setting.nodes[node].url}/t/${slug}/agents/paid`;

  async function sendAt(node: 0 | 1, tenant: TestTenant, words: string, path?: string): Promise<Response> {
    const message = { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: words }] };
    const told = path === undefined ? {} : { taskPushNotificationConfig: { url: receiver.url + path } };
    const headers = { 'content-type': 'application/json', 'a2a-version': '1.0' };
    return fetch(`${addressAt(node, tenant.slug)}/message:send`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${await tenant.client.token()}` },
      body: JSON.stringify({ message, configuration: { returnImmediately: true, ...told } }),
    });
  }

  const idOf = async (answer: Response): Promise<string> => {
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    return (JSON.parse(text) as { task: { id: string } }).task.id;
  };

  /** One task that the agent works on, seen from the other node, and one that waits for its caller. */
  async function start(tenant: TestTenant, path: string): Promise<UnderWay> {
    const running = await idOf(await sendAt(0, tenant, 'go', path));
    const waiting = await idOf(await sendAt(1, tenant, 'ask me', path));
    const agentUrl = addressAt(1, tenant.slug);
    const stream = await watch({ agentUrl, token: await tenant.client.token(), path: `/tasks/${running}:subscribe` });
    await eventually('one works and one waits', async () => {
      const [works, waits] = [await stateOf(running), await stateOf(waiting)];
      return works === 'working' && waits === 'input-required';
    });
    return { running, waiting, stream };
  }

  async function stateOf(taskId: string): Promise<string> {
    const sql = `select state from colloquy.tasks where task_id = $1`;
    const [row] = await setting.cluster.rows<{ state: string }>(sql, taskId.slice(4));
    return (row?.state ?? '').toLowerCase().replace('task_state_', '').replace('_', '-');
  }

  async function untilCanceled({ running, waiting, stream }: UnderWay): Promise<void> {
    for (const taskId of [running, waiting])
      await eventually('it is canceled', async () => (await stateOf(taskId)) === 'canceled', reachMs);
    assert.equal(await stream.over, 'ended');
  }

  /** What was held is free again, once, and the books are in order. */
  async function assertReleased(tenant: TestTenant, { running, waiting }: UnderWay): Promise<void> {
    const admin = setting.nodes[0].operator.admin.forTenant(tenant.slug);
    for (const taskId of [running, waiting]) {
      const { items } = await admin.listLedgerEntries({ taskId });
      const kinds = items.map(({ kind, amountMicrocredits }) => `${kind} ${amountMicrocredits}`);
      assert.deepEqual(kinds.toSorted(), [`release ${price}`, `reserve ${price}`]);
    }
    await assertBooksAreSound(setting.cluster);
  }

  const gistsAt = (path: string): readonly string[] => receiver.at(path).map(gistOf);
  const cancelsAt = (path: string): number => gistsAt(path).filter((gist) => /cancel/.test(gist)).length;

  it('of an agent cancels its tasks and takes no more, and tells its callers', async () => {
    const tenant = await newTenant('stopping');
    const work = await start(tenant, '/agent');
    const admin = setting.nodes[1].operator.admin.forTenant(tenant.slug);
    await admin.stopAgent({ agent: 'paid', body: { reason } });
    for (const node of [0, 1] as const)
      await eventually(
        'nothing is taken',
        async () => (await sendAt(node, tenant, 'ask more')).status === 404,
        reachMs,
      );
    await untilCanceled(work);
    await eventually('receivers are told of both', () => cancelsAt('/agent') === 2);
    const { task } = { task: await tenant.client.agent('paid').getTask(work.running) };
    assert.equal(task.status.state, 'TASK_STATE_CANCELED');
    await assertReleased(tenant, work);
    await admin.resumeAgent({ agent: 'paid' });
    for (const node of [0, 1] as const)
      await eventually('messages are taken again', async () => (await sendAt(node, tenant, 'ask me')).status === 200);
    assert.equal(await stateOf(work.running), 'canceled', 'what was canceled stays so');
  });

  it('of a tenant cancels its tasks, admits no client and delivers to no webhook until it is lifted', async () => {
    const [tenant, neighbour] = [await newTenant('halted'), await newTenant('neighbour')];
    const work = await start(tenant, '/tenant');
    const admin = setting.nodes[1].operator.admin.forTenant(tenant.slug);
    await admin.stopTenant({ body: { reason } });
    for (const node of [0, 1] as const)
      await eventually(
        'no client is admitted',
        async () => (await sendAt(node, tenant, 'ask more')).status === 401,
        reachMs,
      );
    await untilCanceled(work);
    await assertReleased(tenant, work);
    // Whatever could be told is told by the time that the neighbour hears of what came later.
    await idOf(await sendAt(0, neighbour, 'ask me', '/neighbour'));
    await eventually('the neighbour is told', () => gistsAt('/neighbour').some((gist) => /input/.test(gist)));
    assert.equal(cancelsAt('/tenant'), 0);
    await admin.resumeTenant();
    await eventually('what happened is told', () => cancelsAt('/tenant') === 2, 20_000);
    for (const node of [0, 1] as const)
      await eventually('it is let in again', async () => (await sendAt(node, tenant, 'ask me')).status === 200);
    const { items } = await setting.nodes[0].operator.admin.forTenant(tenant.slug).listAuditEntries();
    const actions = items.map(({ action }) => action).filter((action) => /^tenant\.(stopped|resumed)$/.test(action));
    assert.deepEqual(actions.toSorted(), ['tenant.resumed', 'tenant.stopped']);
  });
}
