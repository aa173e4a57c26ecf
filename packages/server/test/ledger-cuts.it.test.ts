/**
 * Guarantee: a reservation and a settlement happen whole or not at all, and once, wherever in the conversation with the database the connection or the
 * process ends. Spec: docs/specs/credits.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FakeClock, skippedOutsideChaos, startCuttingProxy } from '@colloquy/testkit';
import type { Cut, CuttingProxy } from '@colloquy/testkit';
import { createCreditLedgerStore } from '../src/adapters/postgres/metering/credit-ledger-store.ts';
import { openWindowsOf } from '../src/adapters/postgres/tasks/record-batch.ts';
import { createTaskStore } from '../src/adapters/postgres/tasks/task-store.ts';
import { asPlatformError } from '../src/kernel/errors.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { NodeId } from '../src/kernel/ids.ts';
import type { AuditAction } from '../src/modules/audit/index.ts';
import type { CreditLedgerStore } from '../src/modules/metering/index.ts';
import type { NewTask, TaskEnd, TaskStore, TaskWrite } from '../src/modules/tasks/index.ts';
import { draftBudgeted, setBudget } from './budget-setting.ts';
import { assertBooksAreSound, countRows, purseOf } from './task-books.ts';
import { draftEnd, draftTask } from './task-drafts.ts';
import { seedEntry, startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

const credits = 1_000n;
const price = 10n;
/** Two statements have at least so many messages, as has their answer. */
const cutsMin = 5;
const queueing = { delayMs: 0, deadlineAtMs: null };

/** Ways in which sends are recorded, by the statement that does it. */
const reservations: Readonly<Record<string, { readonly count?: number; draft?: typeof draftBudgeted }>> = {
  'record-one-task': {},
  'record-tasks': { count: 3 },
  'record-delegated-tasks': {
    async draft(setting, tenant, overrides) {
      const task = draftTask(setting, tenant, overrides);
      const chain = { root: task.taskId, parent: null, depth: 0, ancestors: ['echo'] };
      return { ...task, delegation: { chain, budgetTaskIds: [], budgetMicrocredits: 50n } };
    },
  },
  'record-dispatched-tasks': {
    draft: (setting, tenant, overrides) => Promise.resolve(draftTask(setting, tenant, { ...overrides, queueing })),
  },
  'record-budgeted-tasks': {
    async draft(setting, tenant, overrides) {
      await setBudget(setting, tenant);
      const task = await draftBudgeted(setting, tenant, overrides);
      // The first send of a window is recorded by a second statement, after one that makes the window.
      await openWindowsOf(setting.writers, task);
      return task;
    },
  },
};

interface Settlement {
  readonly statement: string;
  readonly count?: number;
  readonly end: Partial<TaskEnd>;
  /** What a task has cost then. */
  readonly used: bigint;
  readonly isQueueable?: true;
}

/** Ways in which tasks end. */
const settlements: Readonly<Record<string, Settlement>> = {
  'the whole reservation': { statement: 'settle-one-task', end: {}, used: price },
  'several reservations': { statement: 'write-tasks', count: 3, end: {}, used: price },
  'a part of the reservation': { statement: 'release-tasks', end: { priceMicrocredits: 4n }, used: 4n },
  'nothing, the time ran out': { statement: 'release-tasks', end: { closing: 'expire' }, used: 0n },
  'more than the reservation': {
    statement: 'write-metered-tasks',
    end: { priceMicrocredits: 25n, isMetered: true },
    used: 25n,
  },
  'the reservation of a task with a slot': {
    statement: 'write-dispatched-tasks',
    end: {},
    used: price,
    isQueueable: true,
  },
};

describe('a reservation or a settlement that is cut off', () => {
  let setting: TaskSetting;
  let proxy: CuttingProxy;
  before(async () => {
    setting = await startTaskSetting();
    proxy = await startCuttingProxy(setting.database.adminUrl);
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  /** Makes every cut of the request and of its answer, until one comes too late to be made. Answers how many there were of each. */
  async function everyCut(attempt: (cut: Cut) => Promise<boolean>): Promise<Record<Cut['of'], number>> {
    const count = async (of: Cut['of']): Promise<number> => {
      for (let at = 0; ; at += 1) if (!(await attempt({ of, after: at }))) return at;
    };
    return { request: await count('request'), answer: await count('answer') };
  }

  async function seed(): Promise<SeededTenant> {
    const tenant = await setting.seedTenant({ credits });
    await setting.rows(
      `insert into colloquy.credit_settings (tenant_id, overage_policy, overage_max_microcredits, changed_by) values ($1, 'debit', 0, 'cli_seed')`,
      uuidOf(tenant.tenantId),
    );
    return tenant;
  }

  async function draftsOf(statement: string, tenant: SeededTenant, nodeId: NodeId): Promise<readonly NewTask[]> {
    const { count = 1, draft } = reservations[statement] ?? {};
    return Promise.all(
      Array.from({ length: count }, async () =>
        draft === undefined ? draftTask(setting, tenant, { nodeId }) : draft(setting, tenant, { nodeId }),
      ),
    );
  }

  /** A process that reaches the database through the proxy, until it is gone. */
  async function withDoomed(work: (store: TaskStore, nodeId: NodeId) => Promise<boolean>): Promise<boolean> {
    await using pools = setting.openProcess(proxy.url);
    // A process that is gone repeats nothing: its clock does not move.
    const store = createTaskStore(pools.writers, pools.readers, new FakeClock());
    return await work(store, await setting.registerNode());
  }

  const ended = (task: NewTask, { end, isQueueable }: Settlement): TaskWrite => {
    const state = end.closing === 'expire' ? 'TASK_STATE_FAILED' : 'TASK_STATE_COMPLETED';
    const write = draftEnd(setting, task, state, isQueueable === true ? { queuePlace: 'held' } : {});
    return { ...write, end: write.end && { ...write.end, ...end } };
  };

  /** Takes what a dead node has left, and ends it. Answers which tasks these were. */
  async function takeOver(nodeId: NodeId, end: (taskId: string) => TaskWrite): Promise<readonly string[]> {
    await setting.nodes.retire(nodeId);
    const taken = await setting.nodes.takeOver(setting.nodeId, 3_600_000, 100);
    const writes = taken.map(({ taskId, attempt }) => ({ ...end(taskId), nodeId: setting.nodeId, attempt }));
    assert.deepEqual(
      await Promise.all(writes.map((write) => setting.store.write(write))),
      writes.map(() => 'written'),
    );
    return taken.map(({ taskId }) => taskId);
  }

  const expectPurse = async ({ tenantId }: SeededTenant, reserved: bigint, used: bigint): Promise<void> =>
    assert.deepEqual(await purseOf(setting, tenantId), {
      granted: credits,
      available: credits - reserved - used,
      reserved,
      used,
    });

  for (const statement of Object.keys(reservations)) {
    const skip = statement === 'record-one-task' ? false : skippedOutsideChaos;

    it(
      `CREDIT-61 reserves once with ${statement} when the process ends, and leaves nothing behind`,
      { skip },
      async () => {
        const committed: Record<Cut['of'], boolean[]> = { request: [], answer: [] };
        const cuts = await everyCut((cut) =>
          withDoomed(async (store, nodeId) => {
            const tenant = await seed();
            const drafts = await draftsOf(statement, tenant, nodeId);
            const armed = proxy.arm(statement, cut, 'for good');
            const recording = Promise.allSettled(drafts.map((draft) => store.record(draft)));
            await Promise.race([recording, armed.made]);
            if (!armed.isMade) return false;
            await armed.over();
            // The client sends each message again, at another process.
            const again = drafts.map((draft) => ({
              ...draft,
              taskId: setting.ids.next('tsk'),
              nodeId: setting.nodeId,
            }));
            const outcomes = await Promise.all(again.map((draft) => setting.store.record(draft)));
            const isCommitted = outcomes.every(({ kind }) => kind === 'known');
            assert.ok(isCommitted || outcomes.every(({ kind }) => kind === 'recorded'), JSON.stringify(outcomes));
            committed[cut.of].push(isCommitted);
            const count = BigInt(drafts.length);
            await expectPurse(tenant, price * count, 0n);
            const byId = new Map([...drafts, ...again].map((draft) => [String(draft.taskId), draft]));
            const place = statement === 'record-dispatched-tasks' ? ({ queuePlace: 'held' } as const) : {};
            const failed = (taskId: string): TaskWrite => {
              const task = byId.get(taskId);
              assert.ok(task !== undefined, 'a task of another tenant was left behind');
              return draftEnd(setting, task, 'TASK_STATE_FAILED', place);
            };
            const taken = await takeOver(nodeId, failed);
            assert.deepEqual(taken.toSorted(), isCommitted ? drafts.map(({ taskId }) => taskId).toSorted() : []);
            for (const [at, outcome] of outcomes.entries()) {
              const [draft, own] = [drafts[at], again[at]];
              if (outcome.kind === 'known') assert.equal(outcome.taskId, draft?.taskId);
              else if (own !== undefined) await setting.store.write(failed(own.taskId));
            }
            await expectPurse(tenant, 0n, 0n);
            assert.equal(await countRows(setting, 'tasks', tenant.tenantId), drafts.length);
            return true;
          }),
        );
        // Only a request that arrived with its Sync is committed.
        assert.deepEqual(committed.request, [...Array<boolean>(cuts.request - 1).fill(false), true]);
        assert.deepEqual(committed.answer, Array<boolean>(cuts.answer).fill(true));
        assert.ok(cuts.request >= cutsMin && cuts.answer >= cutsMin, JSON.stringify(cuts));
        await assertBooksAreSound(setting);
      },
    );

    it(`CREDIT-62 reserves once with ${statement} when only the connection ends`, { skip }, async () => {
      const cuts = await everyCut(async (cut) => {
        await using far = setting.openProcess(proxy.url);
        const tenant = await seed();
        const drafts = await draftsOf(statement, tenant, setting.nodeId);
        const armed = proxy.arm(statement, cut);
        const recorded = await Promise.allSettled(drafts.map((draft) => far.store.record(draft)));
        const again = drafts.map((draft) => ({ ...draft, taskId: setting.ids.next('tsk') }));
        const repeated = await Promise.all(again.map((draft) => far.store.record(draft)));
        for (const [at, outcome] of recorded.entries()) {
          const isRefused = outcome.status === 'rejected';
          if (isRefused) assert.equal(asPlatformError(outcome.reason).code, 'platform.unavailable');
          else assert.equal(outcome.value.kind, 'recorded');
          // What was refused is not there, and what was recorded is there once.
          const known = { kind: 'known', taskId: drafts[at]?.taskId, sameRequest: true };
          if (isRefused) assert.equal(repeated[at]?.kind, 'recorded');
          else assert.deepEqual(repeated[at], known);
        }
        await expectPurse(tenant, price * BigInt(drafts.length), 0n);
        assert.equal(await countRows(setting, 'tasks', tenant.tenantId), drafts.length);
        return armed.isMade;
      });
      assert.ok(cuts.request >= cutsMin && cuts.answer >= cutsMin, JSON.stringify(cuts));
      await assertBooksAreSound(setting);
    });
  }

  for (const [what, settlement] of Object.entries(settlements)) {
    const { statement, count = 1, used, isQueueable } = settlement;
    const skip = what === 'the whole reservation' ? false : skippedOutsideChaos;
    const recordFor = async (tenant: SeededTenant, nodeId: NodeId): Promise<readonly NewTask[]> => {
      const drafts = Array.from({ length: count }, () =>
        draftTask(setting, tenant, { nodeId, ...(isQueueable === true ? { queueing } : {}) }),
      );
      for (const draft of drafts) assert.equal((await setting.store.record(draft)).kind, 'recorded');
      return drafts;
    };

    it(`CREDIT-61 settles ${what} once when the process ends, and leaves nothing behind`, { skip }, async () => {
      const committed: Record<Cut['of'], boolean[]> = { request: [], answer: [] };
      const cuts = await everyCut((cut) =>
        withDoomed(async (store, nodeId) => {
          const tenant = await seed();
          const drafts = await recordFor(tenant, nodeId);
          const armed = proxy.arm(statement, cut, 'for good');
          const ending = Promise.allSettled(drafts.map((draft) => store.write(ended(draft, settlement))));
          await Promise.race([ending, armed.made]);
          if (!armed.isMade) {
            await expectPurse(tenant, 0n, used * BigInt(count));
            return false;
          }
          await armed.over();
          const taken = await takeOver(nodeId, (taskId) => {
            const draft = drafts.find((one) => one.taskId === taskId);
            assert.ok(draft !== undefined, 'a task of another tenant was left behind');
            return ended(draft, settlement);
          });
          assert.ok(taken.length === 0 || taken.length === count, 'a batch of ends was written in part');
          committed[cut.of].push(taken.length === 0);
          await expectPurse(tenant, 0n, used * BigInt(count));
          return true;
        }),
      );
      assert.deepEqual(committed.request, [...Array<boolean>(cuts.request - 1).fill(false), true]);
      assert.deepEqual(committed.answer, Array<boolean>(cuts.answer).fill(true));
      assert.ok(cuts.request >= cutsMin && cuts.answer >= cutsMin, JSON.stringify(cuts));
      await assertBooksAreSound(setting);
    });

    it(`CREDIT-62 settles ${what} once when only the connection ends`, { skip: skippedOutsideChaos }, async () => {
      const cuts = await everyCut(async (cut) => {
        await using far = setting.openProcess(proxy.url);
        const tenant = await seed();
        const drafts = await recordFor(tenant, setting.nodeId);
        const armed = proxy.arm(statement, cut);
        const writes = drafts.map((draft) => ended(draft, settlement));
        const outcomes = await Promise.allSettled(writes.map((write) => far.store.write(write)));
        const repeated = await Promise.all(writes.map((write) => far.store.write(write)));
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') assert.equal(outcome.value, 'written');
          else assert.equal(asPlatformError(outcome.reason).code, 'platform.unavailable');
        }
        assert.deepEqual(
          repeated,
          writes.map(() => 'written'),
        );
        await expectPurse(tenant, 0n, used * BigInt(count));
        return armed.isMade;
      });
      assert.ok(cuts.request >= cutsMin && cuts.answer >= cutsMin, JSON.stringify(cuts));
      await assertBooksAreSound(setting);
    });
  }

  const bounds = { grantedMicrocreditsMax: 1_000_000n, expiresAt: null, expiringMax: 0 };
  const entry = ({ tenantId }: SeededTenant, action: AuditAction) => seedEntry(setting.ids, tenantId, action);

  /** What an operator sends again with the same id until it is answered. */
  const movements: Readonly<
    Record<string, (from: SeededTenant, to: SeededTenant) => (ledger: CreditLedgerStore) => Promise<{ kind: string }>>
  > = {
    'insert-grant': (_from, to) => {
      const grantId = uuidOf(setting.ids.next('ent'));
      const grant = { tenantId: to.tenantId, grantId, amountMicrocredits: price, ...bounds };
      return (ledger) => ledger.grant(grant, entry(to, 'credits.granted'));
    },
    'transfer-credits': (from, to) => {
      const transferId = uuidOf(setting.ids.next('ent'));
      const amounts = { amountMicrocredits: price, grantedMicrocreditsMax: bounds.grantedMicrocreditsMax };
      const transfer = { fromTenantId: from.tenantId, toTenantId: to.tenantId, transferId, ...amounts };
      return (ledger) =>
        ledger.transfer(transfer, {
          out: entry(from, 'credits.transferred-out'),
          in: entry(to, 'credits.transferred-in'),
        });
    },
  };

  for (const [statement, begin] of Object.entries(movements)) {
    for (const forGood of [undefined, 'for good'] as const) {
      const what = forGood === undefined ? 'only the connection' : 'the process';
      it(
        `CREDIT-62 moves credits once with ${statement} when ${what} ends`,
        { skip: skippedOutsideChaos },
        async () => {
          const cuts = await everyCut(async (cut) => {
            await using far = setting.openProcess(proxy.url);
            const [from, to] = [await setting.seedTenant({ credits }), await setting.seedTenant({ credits })];
            const move = begin(from, to);
            const armed = proxy.arm(statement, cut, forGood);
            const moved = await Promise.allSettled([move(createCreditLedgerStore(far.readers))]);
            if (forGood !== undefined && armed.isMade) await armed.over();
            for (const one of moved)
              if (one.status === 'rejected') assert.equal(asPlatformError(one.reason).code, 'platform.unavailable');
            const again = await move(createCreditLedgerStore(setting.readers));
            assert.equal(again.kind, statement === 'insert-grant' ? 'granted' : 'transferred');
            const given = statement === 'insert-grant' ? 0n : price;
            assert.equal((await purseOf(setting, from.tenantId)).available, credits - given);
            assert.equal((await purseOf(setting, to.tenantId)).available, credits + price);
            return armed.isMade;
          });
          assert.ok(cuts.request >= cutsMin && cuts.answer >= cutsMin, JSON.stringify(cuts));
          await assertBooksAreSound(setting);
        },
      );
    }
  }
});
