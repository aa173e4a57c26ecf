/**
 * Guarantee: each rule of what is paid holds to the unit, for a plain price and for a price in parts. A task that does not complete costs nothing,
 * a completed one costs one price, and the entries of each task close its reservation.
 * Spec: docs/specs/credits.md, what is paid.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { JsonObject, StreamResponse, TaskState } from '@colloquy/protocol';
import { eventually, FakeClock } from '@colloquy/testkit';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { createTaskInspector } from '../src/adapters/postgres/inspection/task-inspector.ts';
import { replayDeadLetter } from '../src/modules/gateway/index.ts';
import { costUri } from '../src/modules/registry/index.ts';
import { inspectTask } from '../src/modules/tasks/index.ts';
import { readAll, sendNow, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { setResilience } from './resilience-settings.ts';
import { artifactTold, statusTold, taskTold } from './scripted-agent.ts';
import type { AgentCall } from './scripted-agent.ts';
import { assertBooksAreSound } from './task-books.ts';
import type { TenantOverrides } from './task-setting.ts';

const credit = 1_000_000;
const usageUri = 'urn:colloquy:extension:usage:v1';
const skillUri = 'urn:colloquy:extension:skill:v1';
const urgencyUri = 'urn:colloquy:extension:dispatch:v1';
const patient = { fenceAfterMs: 1e9, deadAfterMs: 2e9, graceMs: 0 };

/** Of four leads and 100 estimated seconds a send reserves 1 + 2 + 10 credits. */
const inParts = {
  perCall: 1,
  perItem: { price: 0.5, of: '$.leadIds[*]' },
  perSecond: 0.1,
  estimate: { seconds: 100 },
};
const leads = { leadIds: ['a', 'b', 'c', 'd'] };
/** Two leads in 50 seconds settle 1 + 1 + 5 credits. */
const twoLeads = { items: 2 };

/** The credits of the ledger entries of one task, by their kind. */
type Paid = Readonly<Record<string, number>>;
type PriceKind = 'plain' | 'in parts';

/** One rule: what happens, and the entries of the tasks that come of it, in the order of their sends. */
interface PaymentRule {
  readonly title: string;
  readonly seed?: TenantOverrides;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly instances?: number;
  readonly happen: (scene: Scene) => Promise<void>;
  /** With a plain price of 10 credits. */
  readonly plain: readonly Paid[];
  readonly inParts: readonly Paid[];
}

const nothing = {
  plain: [{ reserve: 10, release: 10 }],
  inParts: [{ reserve: 13, release: 13 }],
};
const expired = {
  plain: [{ reserve: 10, expire: 10 }],
  inParts: [{ reserve: 13, expire: 13 }],
};
const onePrice = {
  plain: [{ reserve: 10, settle: 10 }],
  inParts: [{ reserve: 13, settle: 7, release: 6 }],
};

/** A tenant with its agent in one process, and what may happen to its tasks. */
class Scene {
  readonly setting: GatewaySetting;
  readonly here: GatewayProcess;
  readonly clock: FakeClock;
  readonly sender: SeededCaller;
  readonly kind: PriceKind;

  constructor(
    { setting, here, clock }: Pick<Scene, 'setting' | 'here' | 'clock'>,
    sender: SeededCaller,
    kind: PriceKind,
  ) {
    this.setting = setting;
    this.here = here;
    this.clock = clock;
    this.sender = sender;
    this.kind = kind;
  }

  get tenantUuid(): string {
    return uuidOf(this.sender.tenant.tenantId);
  }

  async send(metadata: JsonObject = {}): Promise<void> {
    const { caller, address } = this.sender;
    const request = sendNow('', { parts: [{ data: leads }], metadata });
    await this.here.gateway.sendMessage(caller, address, request, {});
  }

  async begin(metadata?: JsonObject): Promise<AgentCall> {
    await this.send(metadata);
    return this.here.agent.nextCall('stream');
  }

  /** The agent reports the state working, and works so long. */
  async work(call: AgentCall, seconds: number): Promise<void> {
    call.say(statusTold(nameOf(call), 'TASK_STATE_WORKING'));
    await this.isIn(call, 'TASK_STATE_WORKING');
    await this.clock.advance(seconds * 1_000);
  }

  isIn(call: AgentCall, state: TaskState): Promise<boolean> {
    const { caller, address } = this.sender;
    return eventually(`the task is in ${state}`, async () => {
      const task = await this.here.gateway.getTask(caller, address, { id: call.call.taskId });
      return task.status.state === state;
    });
  }

  setPrice(agentName: string, price: object): Promise<unknown> {
    return this.setting.tasks.rows(
      'update colloquy.agents set price = $3::jsonb where tenant_id = $1 and name = $2',
      this.tenantUuid,
      agentName,
      JSON.stringify(price),
    );
  }

  async openTasks(): Promise<number> {
    const open = await this.setting.tasks.rows(
      `select from colloquy.tasks where tenant_id = $1 and state not in ('completed', 'failed', 'canceled', 'rejected')`,
      this.tenantUuid,
    );
    return open.length;
  }

  async hasEnded(): Promise<boolean> {
    return (await this.openTasks()) === 0;
  }

  /** What each task of the tenant paid, once none is open. The lines of its price say why. */
  async paid(): Promise<readonly Paid[]> {
    await eventually('every task has ended', () => this.hasEnded());
    const tasks = await this.setting.tasks.rows<{ task_id: string; entries: Paid }>(
      `select t.task_id::text, coalesce(jsonb_object_agg(e.kind, e.amount_microcredits) filter (where e.kind is not null), '{}') as entries
       from colloquy.tasks t left join colloquy.ledger_entries e on e.tenant_id = t.tenant_id and e.reservation_id = t.task_id
       where t.tenant_id = $1 group by t.task_id order by t.task_id`,
      this.tenantUuid,
    );
    const inspect = inspectTask({ inspector: createTaskInspector(this.setting.tasks.readers) });
    for (const { task_id, entries } of tasks) {
      const { lines } = await inspect(this.sender.caller, {
        taskId: `tsk_${task_id.replaceAll('-', '')}`,
        afterSeq: 0,
      });
      const sum = lines.reduce((all, { amountMicrocredits }) => all + amountMicrocredits, 0n);
      assert.equal(Number(sum), entries['settle'] ?? 0, 'the lines add up to what was settled');
    }
    return tasks.map(({ entries }) =>
      Object.fromEntries(Object.entries(entries).map(([kind, amount]) => [kind, amount / credit])),
    );
  }
}

const nameOf = ({ call }: AgentCall): string => `up-${call.instance.instanceId}-${call.taskId}`;

/** The agent ends its task, and reports what it took. */
function ended(call: AgentCall, state: TaskState, report: JsonObject = twoLeads): StreamResponse {
  return taskTold(nameOf(call), state, { metadata: { [usageUri]: report } });
}

const complete = (call: AgentCall): void => void call.say(ended(call, 'TASK_STATE_COMPLETED'));

const rules: readonly PaymentRule[] = [
  {
    title: 'CREDIT-45 when it is canceled by its caller, also when its agent completes it afterwards',
    ...nothing,
    async happen(scene) {
      const call = await scene.begin();
      await scene.work(call, 20);
      const { caller, address } = scene.sender;
      const canceled = scene.here.gateway.cancelTask(caller, address, { id: call.call.taskId });
      const told = await scene.here.agent.nextCall('cancelTask');
      told.say(taskTold(nameOf(call), 'TASK_STATE_CANCELED', { metadata: { [usageUri]: twoLeads } }));
      assert.equal((await canceled).status.state, 'TASK_STATE_CANCELED');
      complete(call);
    },
  },
  {
    title: 'CREDIT-45 when it is canceled while it asks its caller, when its agent answers that it is complete',
    plain: onePrice.plain,
    inParts: [{ reserve: 13, settle: 4, release: 9 }],
    async happen(scene) {
      const call = await scene.begin();
      await scene.work(call, 20);
      call.say(statusTold(nameOf(call), 'TASK_STATE_INPUT_REQUIRED', 'which?'));
      await scene.isIn(call, 'TASK_STATE_INPUT_REQUIRED');
      const { caller, address } = scene.sender;
      const canceled = scene.here.gateway.cancelTask(caller, address, { id: call.call.taskId });
      const refused = assert.rejects(canceled, { code: 'task.not-cancelable' });
      (await scene.here.agent.nextCall('cancelTask')).say(ended(call, 'TASK_STATE_COMPLETED'));
      await refused;
    },
  },
  {
    title: 'CREDIT-46 when it is ended by the timeout of its agent',
    seed: { taskMsMax: 60_000 },
    ...nothing,
    async happen(scene) {
      const call = await scene.begin();
      await scene.work(call, 60);
      (await scene.here.agent.nextCall('cancelTask')).say(ended(call, 'TASK_STATE_COMPLETED'));
    },
  },
  {
    title: 'CREDIT-47 when it is still at work when its deadline passes',
    ...expired,
    async happen(scene) {
      const deadline = new Date(scene.clock.nowMs() + 30_000).toISOString();
      const call = await scene.begin({ [urgencyUri]: { deadline } });
      await scene.work(call, 30);
      (await scene.here.agent.nextCall('cancelTask')).say(ended(call, 'TASK_STATE_CANCELED'));
    },
  },
  {
    title: 'CREDIT-47 when it is left waiting by its caller for too long',
    ...expired,
    async happen(scene) {
      const call = await scene.begin();
      await scene.work(call, 20);
      call.say(ended(call, 'TASK_STATE_INPUT_REQUIRED'));
      await scene.isIn(call, 'TASK_STATE_INPUT_REQUIRED');
      const { database } = scene.setting.tasks;
      await database.setClockOffset(limits.taskWaitMs + 60_000);
      await eventually('it is ended', async () => {
        await scene.clock.advance(limits.housekeepingMs / 4);
        const { caller, address } = scene.sender;
        const { status } = await scene.here.gateway.getTask(caller, address, { id: call.call.taskId });
        return status.state === 'TASK_STATE_FAILED';
      });
      await database.setClockOffset(0);
    },
  },
  {
    title: 'CREDIT-47 when it waits for a concurrency slot until its deadline passes',
    seed: { slotsMax: 1 },
    plain: [...nothing.plain, ...expired.plain],
    inParts: [...nothing.inParts, ...expired.inParts],
    async happen(scene) {
      const { caller, address } = scene.sender;
      const atWork = await scene.begin();
      await scene.work(atWork, 0);
      const deadline = new Date(scene.clock.nowMs() + 60_000).toISOString();
      await scene.send({ [urgencyUri]: { deadline } });
      const { database } = scene.setting.tasks;
      await database.setClockOffset(120_000);
      await eventually('the one that waits is ended', async () => {
        await scene.clock.advance(1_000);
        return (await scene.openTasks()) === 1;
      });
      await database.setClockOffset(0);
      const canceled = scene.here.gateway.cancelTask(caller, address, { id: atWork.call.taskId });
      (await scene.here.agent.nextCall('cancelTask')).say(taskTold(nameOf(atWork), 'TASK_STATE_CANCELED'));
      await canceled;
    },
  },
  {
    title: 'CREDIT-48 when it is rejected by its agent',
    ...nothing,
    async happen(scene) {
      const call = await scene.begin();
      call.say(ended(call, 'TASK_STATE_REJECTED'));
    },
  },
  {
    title: 'CREDIT-49 when it is failed by its agent after a part of the work',
    ...nothing,
    async happen(scene) {
      const call = await scene.begin();
      await scene.work(call, 20);
      call.say(ended(call, 'TASK_STATE_FAILED'));
    },
  },
  {
    title: 'CREDIT-50 when it is sent to an agent that cannot be reached',
    ...nothing,
    async happen(scene) {
      (await scene.begin()).fail('upstream.unreachable');
    },
  },
  {
    title: 'CREDIT-51 when it is answered from the cache, at the part of the price that the policy says',
    settings: { fallback: ['other'] },
    plain: [...onePrice.plain, { reserve: 2.5, settle: 2.5 }],
    inParts: [...onePrice.inParts, { reserve: 3.25, settle: 3.25 }],
    async happen(scene) {
      await makeCacheable(scene);
      const call = await scene.begin({ [skillUri]: { id: 'score' } });
      await scene.work(call, 50);
      complete(call);
      await eventually('the result is cached', async () => {
        const kept = `select from colloquy.skill_results where tenant_id = $1 and result is not null`;
        return (await scene.setting.tasks.rows(kept, scene.tenantUuid)).length === 1;
      });
      await scene.send({ [skillUri]: { id: 'score' } });
    },
  },
  {
    title: 'CREDIT-51 when it waited for the result of an equal task',
    settings: { fallback: ['other'] },
    plain: [...onePrice.plain, { reserve: 10, settle: 2.5, release: 7.5 }],
    inParts: [...onePrice.inParts, { reserve: 13, settle: 3.25, release: 9.75 }],
    async happen(scene) {
      await makeCacheable(scene);
      const call = await scene.begin({ [skillUri]: { id: 'score' } });
      await scene.send({ [skillUri]: { id: 'score' } });
      await scene.work(call, 50);
      complete(call);
      await scene.isIn(call, 'TASK_STATE_COMPLETED');
      // The task that waits polls for the result.
      await eventually('both have ended', async () => {
        await scene.clock.advance(250);
        return scene.hasEnded();
      });
    },
  },
  {
    title: 'CREDIT-52 when it is retried at another instance',
    seed: { idempotent: true },
    instances: 2,
    ...onePrice,
    async happen(scene) {
      const first = await scene.begin();
      await scene.clock.advance(20_000);
      first.fail('upstream.outcome-unknown');
      const second = await scene.here.agent.nextCall('stream');
      await scene.work(second, 30);
      complete(second);
    },
  },
  {
    title:
      'CREDIT-53 when it is done by a fallback agent, at the price of that agent, without the work of the agent that failed',
    settings: { fallback: ['other'] },
    plain: [{ reserve: 10, settle: 4, release: 6 }],
    // The fallback agent costs 4 a lead and 0.1 a second: one lead in 5 seconds.
    inParts: [{ reserve: 17, settle: 4.5, release: 12.5 }],
    async happen(scene) {
      await scene.setting.tasks.registerAgent(scene.sender.tenant, 'other', { priceMicrocredits: BigInt(4 * credit) });
      const perLead = { price: 4, of: '$.leadIds[*]' };
      if (scene.kind === 'in parts')
        await scene.setPrice('other', { perItem: perLead, perSecond: 0.1, estimate: { seconds: 10 } });
      const first = await scene.begin();
      await scene.work(first, 20);
      first.say(ended(first, 'TASK_STATE_FAILED', { items: 4 }));
      const other = await scene.here.agent.nextCall('stream');
      assert.equal(other.call.route.agentName, 'other');
      await scene.work(other, 5);
      other.say(ended(other, 'TASK_STATE_COMPLETED', { items: 1 }));
    },
  },
  {
    title: 'CREDIT-54 when it is hedged, however much both instances report',
    seed: { idempotent: true },
    settings: { hedge_ms: 300 },
    instances: 2,
    ...onePrice,
    async happen(scene) {
      const slow = await scene.begin();
      await scene.clock.advance(300);
      const quick = await scene.here.agent.nextCall('stream');
      assert.equal(quick.call.taskId, slow.call.taskId);
      await scene.clock.advance(49_700);
      complete(quick);
      await scene.isIn(quick, 'TASK_STATE_COMPLETED');
      slow.say(artifactTold(nameOf(slow), 'late'), ended(slow, 'TASK_STATE_COMPLETED', { items: 4 }));
    },
  },
  {
    title: 'CREDIT-55 when it is mirrored, whatever comes of the copy',
    instances: 2,
    ...onePrice,
    async happen(scene) {
      await mirrorAll(scene);
      await scene.send();
      const calls = [await scene.here.agent.nextCall(), await scene.here.agent.nextCall()];
      const copy = calls.find(({ method }) => method === 'send');
      const call = calls.find(({ method }) => method === 'stream');
      assert.ok(copy !== undefined && call !== undefined);
      copy.say(ended(copy, 'TASK_STATE_COMPLETED', { items: 4 }));
      await scene.work(call, 50);
      complete(call);
    },
  },
  {
    title: 'CREDIT-56 when it is taken over by another node, for the time before and after',
    ...onePrice,
    async happen(scene) {
      const { clock, setting, here } = scene;
      const beganMs = clock.monotonicMs();
      const call = await scene.begin();
      await scene.work(call, 20);
      await here[Symbol.asyncDispose]();
      const survivor = await setting.startProcess({ clock, lease: patient });
      const asked = await eventually('it is taken over', async () => {
        await clock.advance(500);
        return survivor.agent.calls.find(({ method }) => method === 'getTask');
      });
      await clock.advance(50_000 - (clock.monotonicMs() - beganMs));
      asked.say(ended(call, 'TASK_STATE_COMPLETED'));
    },
  },
  {
    title: 'CREDIT-57 when it is replayed from the dead letters, at the price of its own send',
    plain: [...nothing.plain, { reserve: 12, settle: 12 }],
    // The replay costs 1 and 1 a lead.
    inParts: [...nothing.inParts, { reserve: 5, settle: 3, release: 2 }],
    async happen(scene) {
      const dead = await scene.begin();
      dead.fail('upstream.unreachable');
      await scene.isIn(dead, 'TASK_STATE_FAILED');
      const perLead = { perCall: 1, perItem: { price: 1, of: '$.leadIds[*]' } };
      await scene.setPrice('echo', scene.kind === 'plain' ? { perCall: 12 } : perLead);
      // The cached route is older than it may be.
      await scene.clock.advance(limits.routeRefreshMs);
      await replayDeadLetter(scene.here.engine.workPorts)(scene.sender.caller, dead.call.taskId);
      complete(await scene.here.agent.nextCall('stream'));
    },
  },
  {
    title: 'CREDIT-58 when it asks its caller, without the time that it waits',
    ...onePrice,
    async happen(scene) {
      const { caller, address } = scene.sender;
      const first = await scene.begin();
      await scene.work(first, 20);
      first.say(statusTold(nameOf(first), 'TASK_STATE_INPUT_REQUIRED', 'which?'));
      await scene.isIn(first, 'TASK_STATE_INPUT_REQUIRED');
      await scene.clock.advance(1_000_000);
      const further = sendNow('those', { taskId: first.call.taskId });
      await scene.here.gateway.sendMessage(caller, address, further, {});
      const second = await scene.here.agent.nextCall('stream');
      await scene.work(second, 30);
      complete(second);
    },
  },
];

/** The skill `score`, whose cached results cost a quarter. */
async function makeCacheable({ setting: { tasks }, sender: { tenant }, tenantUuid }: Scene): Promise<void> {
  await tasks.registerAgent(tenant, 'other', { priceMicrocredits: 1n });
  await tasks.rows(
    `insert into colloquy.skills (tenant_id, agent_id, skill_id, position, name, description, tags, idempotent, cache_ttl_ms)
     values ($1, $2, 'score', 0, 'Score', 'Scores leads.', '{}', true, 600000)`,
    tenantUuid,
    uuidOf(tenant.agentId),
  );
  await tasks.rows(
    `insert into colloquy.result_terms (tenant_id, agent_name, skill_id, shared_by, hit_price_percent, stale_ms, is_on, changed_by)
     values ($1, 'echo', 'score', 'caller', 25, 0, true, 'cli_seed')`,
    tenantUuid,
  );
}

/** Every send is copied to the second instance. */
async function mirrorAll({ setting: { tasks }, sender: { tenant }, tenantUuid }: Scene): Promise<void> {
  const own = uuidOf(tenant.instanceId);
  await tasks.rows(
    `update colloquy.agent_instances set version = case when instance_id = $2 then '1' else '2' end where tenant_id = $1`,
    tenantUuid,
    own,
  );
  const lists = { regions: [], versions: [], skills: [] };
  await tasks.rows(
    `insert into colloquy.agent_routing (tenant_id, agent_id, policy, changed_by) values ($1, $2, $3::jsonb, 'cli_seed')`,
    tenantUuid,
    uuidOf(tenant.agentId),
    JSON.stringify({ choice: 'weighted', sticky: false, ...lists, mirror: { version: '2', percent: 100 } }),
  );
}

describe('a task costs what its rule says', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;
  let clock: FakeClock;

  before(async () => void (setting = await startGatewaySetting()));
  after(() => setting[Symbol.asyncDispose]());
  beforeEach(async () => {
    clock = new FakeClock();
    here = await setting.startProcess({ clock, lease: patient });
  });
  afterEach(async () => {
    await here[Symbol.asyncDispose]();
    await assertBooksAreSound(setting.tasks);
  });

  async function seed({ seed, settings, instances = 1 }: PaymentRule, kind: PriceKind): Promise<Scene> {
    const price = { credits: BigInt(1_000 * credit), priceMicrocredits: BigInt(10 * credit) };
    const sender = await setting.seedCaller({ ...price, taskMsMax: 10_000_000, ...seed });
    const { tenantId, agentId } = sender.tenant;
    await setting.tasks.rows(
      `insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version)
       select $1, gen_random_uuid(), $2, 'http://127.0.0.1:' || n || '/', 'JSONRPC', '1.0' from generate_series(2, $3::int) n`,
      uuidOf(tenantId),
      uuidOf(agentId),
      instances,
    );
    if (settings !== undefined) await setResilience(setting.tasks, sender.tenant, settings);
    const scene = new Scene({ setting, here, clock }, sender, kind);
    if (kind === 'in parts') await scene.setPrice('echo', inParts);
    return scene;
  }

  it('CREDIT-59 shows a caller that requests costs those of the ledger, whatever its agent states, and no other caller any', async () => {
    const rule = { title: '', ...onePrice, happen: () => Promise.resolve() };
    const scene = await seed(rule, 'in parts');
    const { caller, address } = scene.sender;
    const request = { message: { messageId: 'm-1', role: 'ROLE_USER' as const, parts: [{ data: leads }] } };
    const view = await here.gateway.withCosts.streamMessage(caller, address, request, {});
    const events = readAll(view);
    const call = await here.agent.nextCall('stream');
    const forged = { [costUri]: { settled: '0', settledMicrocredits: 0 } };
    const { statusUpdate } = statusTold(nameOf(call), 'TASK_STATE_WORKING', 'a moment');
    assert.ok(statusUpdate !== undefined);
    call.say({ statusUpdate: { ...statusUpdate, metadata: forged } });
    await scene.isIn(call, 'TASK_STATE_WORKING');
    await clock.advance(50_000);
    call.say(taskTold(nameOf(call), 'TASK_STATE_COMPLETED', { metadata: { ...forged, [usageUri]: twoLeads } }));
    const shown = (await events).map(({ json }) => JSON.parse(json) as StreamResponse);
    const costs = shown.map(({ task, statusUpdate }) => (task ?? statusUpdate)?.metadata?.[costUri]);
    const held = { reserved: '13', reservedMicrocredits: 13 * credit };
    const settled = { settled: '7', settledMicrocredits: 7 * credit };
    const released = { released: '6', releasedMicrocredits: 6 * credit };
    const open = { settled: '0', settledMicrocredits: 0, released: '0', releasedMicrocredits: 0 };
    assert.deepEqual(costs, [{ ...held, ...open }, undefined, { ...held, ...settled, ...released }]);
    assert.deepEqual(await scene.paid(), onePrice.inParts);
    const { taskId: id } = call.call;
    const asked = await here.gateway.withCosts.getTask(caller, address, { id });
    assert.deepEqual(asked.metadata?.[costUri], { ...held, ...settled, ...released });
  });

  for (const rule of rules)
    for (const kind of ['plain', 'in parts'] as const) {
      it(`${rule.title}: ${kind === 'plain' ? 'a plain price' : 'a price in parts'}`, async () => {
        const scene = await seed(rule, kind);
        await rule.happen(scene);
        assert.deepEqual(await scene.paid(), kind === 'plain' ? rule.plain : rule.inParts);
      });
    }
});
