/**
 * Guarantee: a change of an agent at one process is known at every other one at once, and soon when no notification arrives.
 * Spec: docs/specs/stream-resumption.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, FakeClock, startDatabaseProxy } from '@colloquy/testkit';
import type { DatabaseProxy } from '@colloquy/testkit';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { purseOf } from './task-books.ts';
import { sendRequest, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { taskTold } from './scripted-agent.ts';

describe('a changed route', () => {
  let setting: GatewaySetting;
  let proxy: DatabaseProxy;
  /** Their clock is stopped, so only a notification makes them read a route anew. */
  let hearing: GatewayProcess;
  let deaf: GatewayProcess;
  const clock = new FakeClock();

  before(async () => {
    setting = await startGatewaySetting();
    proxy = await startDatabaseProxy(setting.tasks.database.adminUrl);
    proxy.goAway();
    const lease = { fenceAfterMs: 1e9, deadAfterMs: 2e9 };
    hearing = await setting.startProcess({ clock, lease });
    deaf = await setting.startProcess({ clock, lease, notificationsUrl: proxy.url });
    for (const { agent } of [hearing, deaf])
      agent.onCall = (call) => void call.say(taskTold('up', 'TASK_STATE_COMPLETED'));
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  /** What one send costs at a process. */
  async function priceAt({ gateway }: GatewayProcess, { caller, address, tenant }: SeededCaller): Promise<bigint> {
    const { used } = await purseOf(setting.tasks, tenant.tenantId);
    await gateway.sendMessage(caller, address, sendRequest('hello'), {});
    return (await purseOf(setting.tasks, tenant.tenantId)).used - used;
  }
  const changePrice = ({ tenant }: SeededCaller, price: number) =>
    setting.tasks.rows(
      'update colloquy.agents set price_microcredits = $2 where tenant_id = $1',
      uuidOf(tenant.tenantId),
      price,
    );

  it('STREAM-13 is used by every process that hears of it long before it would look, and by no process for another tenant', async () => {
    const sender = await setting.seedCaller();
    const neighbour = await setting.seedCaller();
    assert.equal(await priceAt(hearing, sender), 10n);
    assert.equal(await priceAt(hearing, neighbour), 10n);
    await changePrice(sender, 77);
    const changedAt = performance.now();
    await eventually('it is known', async () => (await priceAt(hearing, sender)) === 77n, 2_000);
    assert.ok(performance.now() - changedAt < 1_000, `${performance.now() - changedAt} ms`);
    assert.equal(await priceAt(hearing, neighbour), 10n);
  });

  it('is that of an agent that was registered anew, and of none that is gone', async () => {
    const sender = await setting.seedCaller();
    await priceAt(hearing, sender);
    await setting.tasks.deregisterAgent(sender.tenant);
    await setting.tasks.registerAgentAnew(sender.tenant, { priceMicrocredits: 33n });
    await eventually('it is known', async () => (await priceAt(hearing, sender)) === 33n, 2_000);
    await setting.tasks.deregisterAgent(sender.tenant);
    const gone = { code: 'registry.agent-unknown' };
    await assert.rejects(priceAt(hearing, sender), gone);
  });

  it('STREAM-13 is found by a process that hears nothing when it looks', async () => {
    const sender = await setting.seedCaller();
    assert.equal(await priceAt(deaf, sender), 10n);
    await changePrice(sender, 77);
    assert.equal(await priceAt(deaf, sender), 10n);
    await clock.advance(limits.routeRefreshMs);
    assert.equal(await priceAt(deaf, sender), 77n);
  });
});
