/**
 * Guarantee: a task reserves what its price says of its message and settles what it took, by the price that was in force when it was recorded,
 * whatever happens to the price, to the process or to the agent meanwhile.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { JsonObject, SendMessageRequest, StreamResponse } from '@colloquy/protocol';
import { eventually } from '@colloquy/testkit';
import type { DatabaseProxy } from '@colloquy/testkit';
import { uuidOf } from '../src/kernel/ids.ts';
import type { TaskId } from '../src/kernel/ids.ts';
import { startDoomedProcess } from './doomed-process.ts';
import type { DoomedProcess } from './doomed-process.ts';
import { sendNow } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { setResilience } from './resilience-settings.ts';
import { artifactTold, statusTold, taskTold } from './scripted-agent.ts';
import type { TenantOverrides } from './task-setting.ts';

const credit = 1_000_000;
const usageUri = 'urn:colloquy:extension:usage:v1';
const perLead = { perItem: { price: 0.5, of: '$.leadIds[*]' } };
const leads: JsonObject = { leadIds: Array.from({ length: 200 }, (_, at) => `lead-${at}`) };

describe('the price of a task', () => {
  let pair: DoomedProcess;
  let setting: GatewaySetting;
  let proxy: DatabaseProxy;
  /** Loses its database when the test says so. */
  let doomed: GatewayProcess;
  let survivor: GatewayProcess;

  before(async () => {
    pair = await startDoomedProcess();
    ({ setting, proxy, doomed, survivor } = pair);
  });
  after(() => pair[Symbol.asyncDispose]());
  afterEach(() => pair.recover());

  /** A caller with so many credits, whose agent has this price on its card. */
  async function seed(price: JsonObject, credits = 1_000, overrides: TenantOverrides = {}): Promise<SeededCaller> {
    const sender = await setting.seedCaller({ credits: BigInt(credits * credit), ...overrides });
    await setPrice(sender, price);
    return sender;
  }

  /** What costs more than was reserved is charged, and the tenant may owe so many credits. */
  async function debit({ tenant }: SeededCaller, overageMax: number): Promise<void> {
    await setting.tasks.rows(
      `insert into colloquy.credit_settings (tenant_id, overage_policy, overage_max_microcredits, changed_by) values ($1, 'debit', $2, 'cli_test')`,
      uuidOf(tenant.tenantId),
      BigInt(overageMax * credit),
    );
  }

  /** The entries of a task in the ledger, in credits, and what its audit entry says of them. */
  async function paid({ tenant }: SeededCaller, taskId: TaskId) {
    const entries = await setting.tasks.rows<{ kind: string; amount: string }>(
      `select kind, amount_microcredits::text as amount from colloquy.ledger_entries where tenant_id = $1 and reservation_id = $2 order by kind`,
      uuidOf(tenant.tenantId),
      uuidOf(taskId),
    );
    const [audit] = await setting.tasks.rows<{ facts: JsonObject }>(
      `select facts from colloquy.audit_entries where tenant_id = $1 and resource = $2 and action = 'task.completed'`,
      uuidOf(tenant.tenantId),
      `tsk_${uuidOf(taskId)}`,
    );
    const { amountMicrocredits, overageMicrocredits, uncollectedMicrocredits } = audit?.facts ?? {};
    const inCredits = (amount: unknown): number => Number(amount ?? 0) / credit;
    return {
      ...Object.fromEntries(entries.map(({ kind, amount }) => [kind, inCredits(amount)])),
      audited: [amountMicrocredits, overageMicrocredits, uncollectedMicrocredits].map(inCredits),
    };
  }

  async function setPrice({ tenant }: SeededCaller, price: JsonObject): Promise<void> {
    await setting.tasks.rows(
      'update colloquy.agents set price = $2::jsonb where tenant_id = $1',
      uuidOf(tenant.tenantId),
      JSON.stringify(price),
    );
  }

  async function override({ tenant }: SeededCaller, price: JsonObject, from = 'now()'): Promise<void> {
    await setting.tasks.rows(
      `insert into colloquy.price_overrides (tenant_id, agent_name, skill_id, effective_from, price, changed_by)
       values ($1, 'echo', '', ${from}, $2::jsonb, 'cli_test')`,
      uuidOf(tenant.tenantId),
      JSON.stringify(price),
    );
  }

  const withData = (data: JsonObject): SendMessageRequest => sendNow('', { parts: [{ data }] });

  async function begin({ caller, address }: SeededCaller, data: JsonObject, process = survivor) {
    await process.gateway.sendMessage(caller, address, withData(data), {});
    return process.agent.nextCall('stream');
  }

  async function wallet({ tenant }: SeededCaller): Promise<{ reserved: number; used: number }> {
    const [row] = await setting.tasks.rows<{ reserved: string; used: string }>(
      `select reserved_microcredits::text as reserved, used_microcredits::text as used from colloquy.wallets where tenant_id = $1`,
      uuidOf(tenant.tenantId),
    );
    return { reserved: Number(row?.reserved) / credit, used: Number(row?.used) / credit };
  }

  async function settled(sender: SeededCaller, used: number): Promise<void> {
    await eventually('the task is settled', async () => (await wallet(sender)).reserved === 0);
    assert.deepEqual(await wallet(sender), { reserved: 0, used });
  }

  function completed(id: string, report?: unknown): StreamResponse {
    const { statusUpdate } = statusTold(id, 'TASK_STATE_COMPLETED');
    assert.ok(statusUpdate !== undefined);
    return {
      statusUpdate: {
        ...statusUpdate,
        ...(report === undefined ? {} : { metadata: { [usageUri]: report as JsonObject } }),
      },
    };
  }

  it('CREDIT-15 holds 100 credits for 200 leads at 0.5, settles 60 for 120 scored ones and releases 40 with them', async () => {
    const sender = await seed(perLead);
    const { say, call } = await begin(sender, leads).then((one) => ({ say: one.say.bind(one), call: one.call }));
    assert.deepEqual(await wallet(sender), { reserved: 100, used: 0 });
    say(taskTold('up-1', 'TASK_STATE_WORKING'), completed('up-1', { items: 120 }));
    await settled(sender, 60);
    const entries = await setting.tasks.rows<{ kind: string; amount: string; xmin: string }>(
      `select kind, amount_microcredits::text as amount, xmin::text from colloquy.ledger_entries
       where tenant_id = $1 and reservation_id = $2 order by kind`,
      uuidOf(sender.tenant.tenantId),
      uuidOf(call.taskId),
    );
    assert.deepEqual(
      entries.map(({ kind, amount }) => [kind, Number(amount) / credit]),
      [
        ['release', 40],
        ['reserve', 100],
        ['settle', 60],
      ],
    );
    assert.equal(entries[0]?.xmin, entries[2]?.xmin);
  });

  it('CREDIT-17 is the one at the recording, whatever is set while the task runs', async () => {
    const sender = await seed(perLead);
    const first = await begin(sender, leads);
    await setPrice(sender, { perCall: 900 });
    await override(sender, { perItem: { price: 7, of: '$.leadIds[*]' } });
    first.say(taskTold('up-2', 'TASK_STATE_WORKING'), completed('up-2', { items: 10 }));
    await settled(sender, 5);
    const second = await eventually('the route has the new price', async () => {
      const next = await begin(sender, { leadIds: [1, 2] });
      if ((await wallet(sender)).reserved === 14) return next;
      next.say(completed('up-x', { items: 0 }));
      await eventually('it is settled', async () => (await wallet(sender)).reserved === 0);
      return undefined;
    });
    second.say(taskTold('up-3', 'TASK_STATE_WORKING'), completed('up-3'));
    await settled(sender, 19);
  });

  it('CREDIT-17 survives a takeover, with what the agent had reported', async () => {
    const sender = await seed(perLead);
    const call = await begin(sender, leads, doomed);
    const { artifactUpdate } = artifactTold('up-4', 'one');
    assert.ok(artifactUpdate !== undefined);
    call.say(taskTold('up-4', 'TASK_STATE_WORKING'), {
      artifactUpdate: { ...artifactUpdate, metadata: { [usageUri]: { items: 30 } } },
    });
    await eventually('the report is logged', async () => {
      const row = await survivor.pools.store.findForWork(sender.tenant.tenantId, call.call.taskId);
      return row?.lastSeq === 3;
    });
    await setPrice(sender, { perCall: 1 });
    proxy.goAway();
    const asked = await survivor.agent.nextCall('getTask');
    asked.say(taskTold('up-4', 'TASK_STATE_COMPLETED', { artifacts: [{ artifactId: 'a', parts: [{ text: 'one' }] }] }));
    await settled(sender, 15);
  });

  it('CREDIT-16 of unknown quantity holds the default, and a report above it settles what is held', async () => {
    const sender = await seed({ perItem: { price: 0.5, of: '$.leadIds[*]' } });
    const { caller, address } = sender;
    await survivor.gateway.sendMessage(caller, address, sendNow('score all my leads'), {});
    const call = await survivor.agent.nextCall('stream');
    assert.deepEqual(await wallet(sender), { reserved: 1, used: 0 });
    call.say(taskTold('up-5', 'TASK_STATE_WORKING'), completed('up-5', { items: 500 }));
    await settled(sender, 1);
  });

  it('counts what is reserved when the agent reports nothing, or what cannot be read, and logs the latter', async () => {
    const sender = await seed({ ...perLead, perUnit: { tokens: '0.01' }, estimate: { units: { tokens: 100 } } });
    const silent = await begin(sender, { leadIds: [1, 2] });
    silent.say(taskTold('up-6', 'TASK_STATE_WORKING'), completed('up-6'));
    await settled(sender, 2);
    const before = survivor.engine.usageReports.malformed;
    const broken = await begin(sender, { leadIds: [1, 2] });
    broken.say(taskTold('up-7', 'TASK_STATE_WORKING'), completed('up-7', { items: -5 }));
    await settled(sender, 4);
    assert.equal(survivor.engine.usageReports.malformed, before + 1);
    assert.ok(survivor.log.some((line) => line.startsWith('an agent reported usage that cannot be read')));
    const told = await begin(sender, { leadIds: [1, 2] });
    told.say(taskTold('up-8', 'TASK_STATE_WORKING'), completed('up-8', { items: 1, units: { tokens: 50 } }));
    await settled(sender, 5);
  });

  it('is nothing when the work fails, and never a part of it', async () => {
    const sender = await seed(perLead);
    const call = await begin(sender, leads);
    call.say(taskTold('up-9', 'TASK_STATE_WORKING'), statusTold('up-9', 'TASK_STATE_FAILED'));
    await settled(sender, 0);
  });

  it('is refused before anybody works when the wallet does not hold it', async () => {
    const sender = await seed({ perItem: { price: 6, of: '$.leadIds[*]' } });
    const { caller, address } = sender;
    await assert.rejects(survivor.gateway.sendMessage(caller, address, withData(leads), {}), {
      code: 'credits.insufficient',
      details: { neededMicrocredits: String(1_200 * credit), availableMicrocredits: String(1_000 * credit) },
    });
    assert.deepEqual(await wallet(sender), { reserved: 0, used: 0 });
  });

  it('CREDIT-43 switches to an override at its time, also where the route is cached', async () => {
    const sender = await seed(perLead);
    await override(sender, { perCall: 3 }, `now() + interval '2 seconds'`);
    await override(sender, { perCall: 2 });
    const seen = new Set<number>();
    await eventually('the later price holds', async () => {
      const call = await begin(sender, leads);
      const { reserved } = await wallet(sender);
      seen.add(reserved);
      call.say(taskTold('up', 'TASK_STATE_WORKING'), completed('up'));
      await eventually('it is settled', async () => (await wallet(sender)).reserved === 0);
      return reserved === 3;
    });
    assert.deepEqual([...seen], [2, 3]);
  });

  describe('above the reservation', () => {
    /** 10 credits are reserved for 20 leads. */
    const twenty: JsonObject = { leadIds: Array.from({ length: 20 }, (_, at) => at) };

    async function complete(sender: SeededCaller, items: number): Promise<TaskId> {
      const { say, taskId } = await beginTwenty(sender);
      say(taskTold('up', 'TASK_STATE_WORKING'), completed('up', { items }));
      await eventually('the task is settled', async () => (await wallet(sender)).reserved === 0);
      return taskId;
    }

    async function beginTwenty(sender: SeededCaller, process = survivor) {
      const call = await begin(sender, twenty, process);
      return { say: call.say.bind(call), fail: call.fail.bind(call), taskId: call.call.taskId };
    }

    it('CREDIT-40 charges the tenant with the policy debit from its wallet, and as overage what the wallet lacks', async () => {
      // The wallet before, what the agent reports, and what is paid: below, equal, above within the wallet, into overage, above what may be owed.
      for (const [credits, items, expected] of [
        [30, 12, { reserve: 10, settle: 6, release: 4, audited: [6, 0, 0] }],
        [30, 20, { reserve: 10, settle: 10, audited: [10, 0, 0] }],
        [30, 24, { reserve: 10, settle: 10, charge: 2, audited: [12, 0, 0] }],
        [13, 32, { reserve: 10, settle: 10, charge: 3, overage: 3, audited: [16, 3, 0] }],
        [10, 40, { reserve: 10, settle: 10, overage: 8, audited: [18, 8, 2] }],
      ] as const) {
        const sender = await seed(perLead, credits);
        await debit(sender, 8);
        assert.deepEqual(await paid(sender, await complete(sender, items)), expected);
        assert.deepEqual(await wallet(sender), { reserved: 0, used: expected.audited[0] });
      }
    });

    it('CREDIT-40 collects nothing of it with the policy cap, and the audit entry says how much', async () => {
      const sender = await seed(perLead, 30);
      assert.deepEqual(await paid(sender, await complete(sender, 20)), {
        reserve: 10,
        settle: 10,
        audited: [10, 0, 0],
      });
      assert.deepEqual(await paid(sender, await complete(sender, 90)), {
        reserve: 10,
        settle: 10,
        audited: [10, 0, 35],
      });
      assert.deepEqual(await wallet(sender), { reserved: 0, used: 20 });
    });

    it('CREDIT-40 charges it once after a takeover', async () => {
      const sender = await seed(perLead, 30);
      await debit(sender, 8);
      const { say, taskId } = await beginTwenty(sender, doomed);
      const { artifactUpdate } = artifactTold('up', 'one');
      assert.ok(artifactUpdate !== undefined);
      say(taskTold('up', 'TASK_STATE_WORKING'), {
        artifactUpdate: { ...artifactUpdate, metadata: { [usageUri]: { items: 70 } } },
      });
      await eventually('the report is logged', async () => {
        const row = await survivor.pools.store.findForWork(sender.tenant.tenantId, taskId);
        return row?.lastSeq === 3;
      });
      proxy.goAway();
      const asked = await survivor.agent.nextCall('getTask');
      asked.say(taskTold('up', 'TASK_STATE_COMPLETED', { artifacts: [{ artifactId: 'a', parts: [{ text: 'one' }] }] }));
      await eventually('the task is settled', async () => (await wallet(sender)).reserved === 0);
      assert.deepEqual(await paid(sender, taskId), {
        reserve: 10,
        settle: 10,
        charge: 20,
        overage: 5,
        audited: [35, 5, 0],
      });
    });

    it('CREDIT-40 judges a fallback agent by its own price and what was reserved for all', async () => {
      const sender = await seed({ perCall: 4 }, 30);
      await debit(sender, 8);
      await setting.tasks.registerAgent(sender.tenant, 'other');
      await setting.tasks.rows(
        `update colloquy.agents set price = $2::jsonb where tenant_id = $1 and name = 'other'`,
        uuidOf(sender.tenant.tenantId),
        JSON.stringify(perLead),
      );
      await setResilience(setting.tasks, sender.tenant, { fallback: ['other'] });
      const first = await beginTwenty(sender);
      assert.deepEqual(await wallet(sender), { reserved: 10, used: 0 });
      first.fail('upstream.unreachable');
      const other = await survivor.agent.nextCall('stream');
      assert.equal(other.call.route.agentName, 'other');
      other.say(taskTold('up', 'TASK_STATE_WORKING'), completed('up', { items: 25 }));
      await settled(sender, 12.5);
      assert.deepEqual(await paid(sender, first.taskId), {
        reserve: 10,
        settle: 10,
        charge: 2.5,
        audited: [12.5, 0, 0],
      });
    });

    it('CREDIT-40 charges a task that waited for a concurrency slot, and frees its slot', async () => {
      const sender = await seed(perLead, 30, { slotsMax: 1 });
      await debit(sender, 8);
      const { caller, address } = sender;
      for (const _ of [1, 2]) await survivor.gateway.sendMessage(caller, address, withData(twenty), {});
      assert.deepEqual(await wallet(sender), { reserved: 20, used: 0 });
      for (const expected of [
        { reserve: 10, settle: 10, charge: 4, audited: [14, 0, 0] },
        { reserve: 10, settle: 10, charge: 4, audited: [14, 0, 0] },
      ]) {
        const { say, taskId } = await survivor.agent
          .nextCall('stream')
          .then((call) => ({ say: call.say.bind(call), taskId: call.call.taskId }));
        say(taskTold('up', 'TASK_STATE_WORKING'), completed('up', { items: 28 }));
        await eventually('it is settled', async () => 'settle' in (await paid(sender, taskId)));
        assert.deepEqual(await paid(sender, taskId), expected);
      }
      assert.deepEqual(await wallet(sender), { reserved: 0, used: 28 });
    });

    it('CREDIT-40 charges the seconds that the agent worked, by the clock of the platform', async () => {
      const sender = await seed({ perSecond: 1, estimate: { seconds: '0.000001' } }, 1_000);
      await debit(sender, 0);
      const startedMs = performance.now();
      const { say, taskId } = await beginTwenty(sender);
      say(taskTold('up', 'TASK_STATE_WORKING'), completed('up'));
      await eventually('the task is settled', async () => (await wallet(sender)).reserved === 0);
      const elapsedMs = performance.now() - startedMs;
      const { used } = await wallet(sender);
      assert.ok(used >= 0.001 && used <= Math.ceil(elapsedMs) / 1_000, `${used} credits in ${elapsedMs} ms`);
      const { audited, ...entries } = await paid(sender, taskId);
      assert.equal(audited[0], used);
      assert.deepEqual(Object.keys(entries), ['charge', 'reserve', 'settle']);
    });

    it('CREDIT-42 takes no more than wallet and maximum for an absurd report, and counts one that cannot be read as none', async () => {
      const sender = await seed(perLead, 30);
      await debit(sender, 8);
      assert.deepEqual(await paid(sender, await complete(sender, 9_000_000_000)), {
        reserve: 10,
        settle: 10,
        charge: 20,
        overage: 8,
        audited: [38, 8, 4_499_999_962],
      });
      for (const items of [-1, 0.5e-9 - 1, 9_000_000_001, Number.MAX_VALUE, 1e21]) {
        const other = await seed(perLead, 30);
        await debit(other, 8);
        assert.deepEqual(await paid(other, await complete(other, items)), {
          reserve: 10,
          settle: 10,
          audited: [10, 0, 0],
        });
      }
    });

    it('CREDIT-40 charges nothing of it when the work fails', async () => {
      const sender = await seed(perLead, 30);
      await debit(sender, 8);
      const { say, taskId } = await beginTwenty(sender);
      const { statusUpdate } = statusTold('up', 'TASK_STATE_FAILED');
      assert.ok(statusUpdate !== undefined);
      say(taskTold('up', 'TASK_STATE_WORKING'), {
        statusUpdate: { ...statusUpdate, metadata: { [usageUri]: { items: 90 } } },
      });
      await settled(sender, 0);
      assert.deepEqual(await paid(sender, taskId), { reserve: 10, release: 10, audited: [0, 0, 0] });
    });
  });
});
