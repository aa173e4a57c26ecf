/**
 * Guarantee: the database admits, reserves, settles and releases exactly as a few lines of arithmetic do, in any order of operations.
 * Spec: docs/specs/credits.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { TaskState } from '@colloquy/protocol';
import { eventually } from '@colloquy/testkit';
import { uuidOf } from '../src/kernel/ids.ts';
import type { NodeId } from '../src/kernel/ids.ts';
import { defaultCreditSettings, payExcess } from '../src/modules/metering/index.ts';
import type { CreditSettings } from '../src/modules/metering/index.ts';
import type { NewTask, TaskRow, TaskWrite } from '../src/modules/tasks/index.ts';
import { assertBooksAreSound, purseOf } from './task-books.ts';
import { artifactDraft, digest, draftEnd, draftTask, draftWrite, statusDraft } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

/** What is left of a purse after each price that fits is taken from it, in order. */
function admitGreedily(purse: bigint, prices: readonly bigint[]): { left: bigint; fits: readonly boolean[] } {
  let left = purse;
  const fits = prices.map((price) => {
    if (price > left) return false;
    left -= price;
    return true;
  });
  return { left, fits };
}

type Op =
  | { readonly do: 'send'; readonly price: bigint }
  | { readonly do: 'report' | 'ask' | 'continue' | 'cancel-waiting' | 'take-over' | 'late'; readonly task: number }
  | { readonly do: 'end'; readonly task: number; readonly state: TaskState }
  | { readonly do: 'measure'; readonly task: number; readonly price: bigint };

const price = fc.bigInt({ min: 0n, max: 120n });
const task = fc.nat(5);
const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ do: fc.constant('send' as const), price }),
  fc.record({ do: fc.constantFrom('report', 'ask', 'continue', 'cancel-waiting', 'take-over', 'late'), task }),
  fc.record({
    do: fc.constant('end' as const),
    task,
    state: fc.constantFrom<TaskState>(
      'TASK_STATE_COMPLETED',
      'TASK_STATE_FAILED',
      'TASK_STATE_CANCELED',
      'TASK_STATE_REJECTED',
    ),
  }),
  fc.record({ do: fc.constant('measure' as const), task, price: fc.bigInt({ min: 0n, max: 400n }) }),
);
/** A task that reserved nothing and cost something has entries, but none that reserves. */
const heldNothing: Op[] = [
  { do: 'send', price: 0n },
  { do: 'measure', task: 0, price: 520n },
];
const policy = fc.record({
  overagePolicy: fc.constantFrom('cap' as const, 'debit' as const),
  overageMaxMicrocredits: fc.bigInt({ min: 0n, max: 150n }),
});

interface ModelTask {
  readonly draft: NewTask;
  phase: 'active' | 'waiting' | 'ended';
  seq: number;
  attempt: number;
  nodeId: NodeId;
}

/** A purse and the tasks that were recorded, as the operations leave them. */
class Model {
  available = 500n;
  reserved = 0n;
  used = 0n;
  overage = 0n;
  policy: Pick<CreditSettings, 'overagePolicy' | 'overageMaxMicrocredits'> = defaultCreditSettings;
  readonly tasks: ModelTask[] = [];
}

describe('the ledger', () => {
  let setting: TaskSetting;
  before(async () => {
    setting = await startTaskSetting();
  });

  const waitingForWallet = (count: number): Promise<unknown> =>
    eventually(`${count} wait for the wallet`, async () => {
      const waiting = await setting.rows(
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      return waiting.length === count;
    });
  after(() => setting[Symbol.asyncDispose]());

  it('CREDIT-1 admits a batch as a purse would, price by price', async () => {
    const prices = fc.array(fc.oneof(fc.bigInt({ min: 0n, max: 50n }), fc.constant(0n)), {
      minLength: 1,
      maxLength: 64,
    });
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 0n, max: 600n }), prices, async (credits, wanted) => {
        const tenant = await setting.seedTenant({ credits });
        const drafts = wanted.map((amount) => draftTask(setting, tenant, { reserveMicrocredits: amount }));
        const outcomes = await Promise.all(drafts.map((draft) => setting.store.record(draft)));
        const { left, fits } = admitGreedily(credits, wanted);
        assert.deepEqual(
          outcomes.map(({ kind }) => kind === 'recorded'),
          fits,
        );
        const purse = await purseOf(setting, tenant.tenantId);
        assert.deepEqual(purse, { granted: credits, available: left, reserved: credits - left, used: 0n });
      }),
      { numRuns: 60 },
    );
    await assertBooksAreSound(setting);
  });

  it('CREDIT-7 agrees with the model after every operation of random lives of tasks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 5, maxLength: 40 }), policy, async (ops, policy) => {
        const tenant = await setting.seedTenant({ credits: 500n });
        const model = new Model();
        model.policy = policy;
        await setPolicy(setting, tenant, policy);
        for (const one of ops) {
          await perform(setting, tenant, model, one);
          const { granted, available, reserved, used } = await purseOf(setting, tenant.tenantId);
          assert.deepEqual([available, reserved, used], [model.available, model.reserved, model.used], one.do);
          assert.equal(available + reserved + used - granted, model.overage, one.do);
        }
        for (const known of model.tasks) assertAsModelled(known, await readRow(setting, known));
      }),
      { numRuns: 40, examples: [[heldNothing, { overagePolicy: 'debit', overageMaxMicrocredits: 150n }]] },
    );
    await assertBooksAreSound(setting);
  });

  it('CREDIT-13 pays what tasks of one batch cost above their holds from the wallet first, then as overage up to the maximum', async () => {
    for (const { overageMaxMicrocredits, owed } of [
      { overageMaxMicrocredits: 70n, owed: 70n },
      { overageMaxMicrocredits: 1_000n, owed: 90n },
    ]) {
      const tenant = await setting.seedTenant({ credits: 100n });
      await setPolicy(setting, tenant, { overagePolicy: 'debit', overageMaxMicrocredits });
      const drafts = Array.from({ length: 6 }, () => draftTask(setting, tenant, { reserveMicrocredits: 10n }));
      await Promise.all(drafts.map((draft) => setting.store.record(draft)));
      // 6 × 10 are held and 40 are available; one fails, and five cost 38 each: 140 above their holds.
      const ends = drafts.map((draft, at) => {
        const one = { do: 'measure', task: at, price: 38n } as const;
        return at === 0 ? draftEnd(setting, draft, 'TASK_STATE_FAILED') : endOf(setting, draft, one, {});
      });
      await Promise.all(ends.map((end) => setting.store.write(end)));
      const paid = 50n + 50n + owed;
      assert.deepEqual(await purseOf(setting, tenant.tenantId), {
        granted: 100n,
        available: 0n,
        reserved: 0n,
        used: paid,
      });
      const facts = await setting.rows<{ amount: string; owed: string | null; lost: string | null }>(
        `select facts ->> 'amountMicrocredits' as amount, facts ->> 'overageMicrocredits' as owed, facts ->> 'uncollectedMicrocredits' as lost
         from colloquy.audit_entries where tenant_id = $1 and action = 'task.completed'`,
        uuidOf(tenant.tenantId),
      );
      const sum = (of: (fact: (typeof facts)[number]) => string | null): bigint =>
        facts.reduce((total, fact) => total + BigInt(of(fact) ?? 0), 0n);
      assert.deepEqual(
        [sum(({ amount }) => amount), sum(({ owed }) => owed), sum(({ lost }) => lost)],
        [paid, owed, 90n - owed],
      );
    }
    await assertBooksAreSound(setting);
  });

  it('CREDIT-13 pays a measured price from a grant that comes while the end waits for the wallet', async () => {
    const tenant = await setting.seedTenant({ credits: 10n });
    await setPolicy(setting, tenant, { overagePolicy: 'debit', overageMaxMicrocredits: 0n });
    const draft = draftTask(setting, tenant, { reserveMicrocredits: 10n });
    await setting.store.record(draft);
    const wallet = await setting.holdWallet(tenant.tenantId);
    const granting = setting.grant(tenant.tenantId, 100n);
    await waitingForWallet(1);
    const ending = setting.store.write(endOf(setting, draft, { do: 'measure', task: 0, price: 60n }, {}));
    await waitingForWallet(2);
    await wallet.release();
    await granting;
    assert.equal(await ending, 'written');
    assert.deepEqual(await purseOf(setting, tenant.tenantId), {
      granted: 110n,
      available: 50n,
      reserved: 0n,
      used: 60n,
    });
    await assertBooksAreSound(setting);
  });

  it('CREDIT-14 returns the hold of a task whose time ran out as expired, once', async () => {
    const tenant = await setting.seedTenant({ credits: 100n });
    const draft = draftTask(setting, tenant, { reserveMicrocredits: 30n });
    await setting.store.record(draft);
    const failed = draftEnd(setting, draft, 'TASK_STATE_FAILED');
    const expired = { ...failed, end: failed.end && { ...failed.end, closing: 'expire' as const } };
    assert.deepEqual(await Promise.all([setting.store.write(expired), setting.store.write(expired)]), [
      'written',
      'written',
    ]);
    assert.deepEqual(await purseOf(setting, tenant.tenantId), {
      granted: 100n,
      available: 100n,
      reserved: 0n,
      used: 0n,
    });
    const entries = await setting.rows<{ kind: string }>(
      'select kind from colloquy.ledger_entries where tenant_id = $1 and reservation_id = $2 order by kind',
      uuidOf(tenant.tenantId),
      uuidOf(draft.taskId),
    );
    assert.deepEqual(
      entries.map(({ kind }) => kind),
      ['expire', 'reserve'],
    );
    await assertBooksAreSound(setting);
  });
});

const readRow = ({ store }: TaskSetting, { draft }: ModelTask): Promise<TaskRow | null> =>
  store.findForWork(draft.tenantId, draft.taskId);

function assertAsModelled(known: ModelTask, row: TaskRow | null): void {
  assert.deepEqual(
    [row?.lastSeq, row?.attempt, row?.nodeId],
    [known.seq, known.attempt, known.phase === 'active' ? known.nodeId : null],
  );
}

/** Does one operation in the database and in the model, and compares what the database answers. */
async function perform(setting: TaskSetting, tenant: SeededTenant, model: Model, one: Op): Promise<void> {
  if (one.do === 'send') return send(setting, tenant, model, one.price);
  const known = model.tasks[one.task];
  if (known === undefined) return;
  if (one.do === 'continue' || one.do === 'cancel-waiting') return claim(setting, tenant, known, one.do);
  if (one.do === 'take-over') return takeOver(setting, model, known);
  return write(setting, model, known, one);
}

async function send(setting: TaskSetting, tenant: SeededTenant, model: Model, amount: bigint): Promise<void> {
  // A node for each task, so that one can die without the others.
  const nodeId = await setting.registerNode();
  const draft = draftTask({ ...setting, nodeId }, tenant, { reserveMicrocredits: amount });
  const { kind } = await setting.store.record(draft);
  const fits = amount <= model.available;
  assert.equal(kind, fits ? 'recorded' : 'insufficient');
  if (!fits) return;
  model.available -= amount;
  model.reserved += amount;
  model.tasks.push({ draft, phase: 'active', seq: 1, attempt: 1, nodeId });
}

async function claim(
  { store, nodeId }: TaskSetting,
  viewer: SeededTenant,
  known: ModelTask,
  how: 'continue' | 'cancel-waiting',
): Promise<void> {
  const { tenantId, taskId } = known.draft;
  const place = { viewer, taskId, nodeId, expectedSeq: known.seq, expectedAttempt: known.attempt };
  const turn = { events: [statusDraft(known.draft, 'TASK_STATE_WORKING')], state: 'TASK_STATE_WORKING' } as const;
  const isClaimed =
    how === 'continue'
      ? (await store.continueTask({ ...place, ...turn, keyHash: digest(), fingerprint: digest(), statusAtMs: 0 })) ===
        'written'
      : (await store.claimInterrupted(tenantId, taskId, nodeId, known.attempt)) !== null;
  assert.equal(isClaimed, known.phase === 'waiting', how);
  if (!isClaimed) return;
  known.phase = 'active';
  known.attempt += 1;
  known.nodeId = nodeId;
  if (how === 'continue') known.seq += 1;
}

async function takeOver(setting: TaskSetting, model: Model, known: ModelTask): Promise<void> {
  // The setting's own node lives on: it is the one that takes.
  if (known.nodeId === setting.nodeId) return;
  await setting.nodes.retire(known.nodeId);
  const taken = await setting.nodes.takeOver(setting.nodeId, 3_600_000, 1_000);
  const expected = model.tasks.filter(({ phase, nodeId }) => phase === 'active' && nodeId === known.nodeId);
  assert.deepEqual(
    taken.map(({ taskId }) => taskId),
    expected.map(({ draft }) => draft.taskId),
  );
  for (const one of expected) {
    one.attempt += 1;
    one.nodeId = setting.nodeId;
  }
}

async function write(
  setting: TaskSetting,
  model: Model,
  known: ModelTask,
  one: Exclude<Op, { do: 'send' }>,
): Promise<void> {
  const { draft } = known;
  const isLate = one.do === 'late';
  const place = {
    nodeId: known.nodeId,
    attempt: isLate ? known.attempt - 1 : known.attempt,
    expectedSeq: isLate ? known.seq - 1 : known.seq,
  };
  const outcome = await setting.store.write(
    one.do === 'end' || one.do === 'measure'
      ? endOf(setting, draft, one, place)
      : draftWrite(
          draft,
          [one.do === 'ask' ? statusDraft(draft, 'TASK_STATE_INPUT_REQUIRED') : artifactDraft(draft, 'x')],
          place,
        ),
  );
  const isHeard = known.phase === 'active' && !isLate;
  assert.equal(outcome, isHeard ? 'written' : 'stale', one.do);
  if (!isHeard) return;
  known.seq += 1;
  if (one.do === 'ask') known.phase = 'waiting';
  if (one.do !== 'end' && one.do !== 'measure') return;
  known.phase = 'ended';
  model.reserved -= draft.reserveMicrocredits;
  if (one.do === 'measure') settleMeasured(model, draft.reserveMicrocredits, one.price);
  else if (one.state === 'TASK_STATE_COMPLETED') model.used += draft.reserveMicrocredits;
  else model.available += draft.reserveMicrocredits;
}

function endOf(
  setting: TaskSetting,
  draft: NewTask,
  one: Extract<Op, { do: 'end' | 'measure' }>,
  place: Partial<TaskWrite>,
): TaskWrite {
  if (one.do === 'end') return draftEnd(setting, draft, one.state, place);
  const completed = draftEnd(setting, draft, 'TASK_STATE_COMPLETED', place);
  const { end } = completed;
  return { ...completed, end: end && { ...end, priceMicrocredits: one.price, isMetered: true } };
}

function settleMeasured(model: Model, held: bigint, price: bigint): void {
  if (price <= held) {
    model.used += price;
    model.available += held - price;
    return;
  }
  const wallet = { availableMicrocredits: model.available, overageMicrocredits: model.overage };
  const { chargedMicrocredits, owedMicrocredits } = payExcess(price - held, wallet, model.policy);
  model.used += held + chargedMicrocredits + owedMicrocredits;
  model.available -= chargedMicrocredits;
  model.overage += owedMicrocredits;
}

async function setPolicy(
  { rows }: Pick<TaskSetting, 'rows'>,
  { tenantId }: SeededTenant,
  { overagePolicy, overageMaxMicrocredits }: Model['policy'],
): Promise<void> {
  await rows(
    `insert into colloquy.credit_settings (tenant_id, overage_policy, overage_max_microcredits, changed_by) values ($1, $2, $3, 'cli_seed')`,
    uuidOf(tenantId),
    overagePolicy,
    overageMaxMicrocredits,
  );
}
