import { createCreditSettingsStore } from '../src/adapters/postgres/metering/credit-settings-store.ts';
import { idOf, uuidOf } from '../src/kernel/ids.ts';
import type { TaskEnd } from '../src/modules/tasks/index.ts';
import { draftEnd, draftTask } from './task-drafts.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

const endings = [
  'completed',
  'completed',
  'completed',
  'cheaper',
  'dearer',
  'served',
  'failed',
  'canceled',
  'rejected',
] as const;
type Ending = (typeof endings)[number];

/** The counts and credits of one group of tasks. */
export interface UsageSums {
  readonly calls: number;
  readonly completed: number;
  readonly cached: number;
  readonly failed: number;
  readonly canceled: number;
  readonly rejected: number;
  readonly settled: bigint;
  readonly charged: bigint;
  readonly overage: bigint;
  readonly items: number;
  readonly worked: number;
  readonly tokens: number;
}

interface Subject {
  readonly name: string;
  readonly id: string;
  readonly department: string | null;
  readonly costCenter: string | null;
}

interface UsageMonthOptions {
  readonly tasks: number;
  /** Points in time at which tasks end. */
  readonly moments: number;
  /** The first instant of the month. */
  readonly monthMs: number;
  /** From 0 to 1, without 1. */
  readonly random: () => number;
}

export const departments = ['sales', 'research', '=2+5', 'café', 'support'] as const;

/**
 * Lets a month of tasks of five departments end through the task store, at random moments of the month, and answers what usage should say, by
 * agent, skill, department, cost center and client, from what each task was told to do.
 */
export async function runUsageMonth(
  setting: TaskSetting,
  tenant: SeededTenant,
  { tasks, moments, monthMs, random }: UsageMonthOptions,
): Promise<ReadonlyMap<string, UsageSums>> {
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  };
  const agents = await seedAgents(setting, tenant);
  const clients = await seedClients(setting, tenant);
  const sums = new Map<string, UsageSums>();
  const lengthMs = 28 * 24 * 3_600_000;
  const times = Array.from({ length: moments }, () => monthMs + Math.floor(random() * lengthMs)).toSorted(
    (a, b) => a - b,
  );
  for (const [at, timeMs] of times.entries()) {
    await setting.database.setClockOffset(timeMs - Date.now());
    const count = Math.floor((tasks * (at + 1)) / moments) - Math.floor((tasks * at) / moments);
    const tasksOfMoment = Array.from({ length: count }, () => {
      const [agent, client, skill, ending] = [
        pick(agents),
        pick(clients),
        pick(['', 'translate', 'score']),
        pick(endings),
      ];
      const reserved = BigInt(Math.floor(random() * 5_000));
      // Of some tasks a fallback agent does the work.
      const worker = random() < 0.1 ? pick(agents) : agent;
      const actual = ending === 'cheaper' ? reserved / 3n : reserved + BigInt(Math.floor(random() * 900));
      return { agent, worker, client, skill, ending, reserved, actual };
    });
    for (let first = 0; first < tasksOfMoment.length; first += 64)
      await Promise.all(tasksOfMoment.slice(first, first + 64).map((task) => runTask(setting, tenant, task)));
    for (const task of tasksOfMoment) {
      const { agent, worker, client, skill } = task;
      const recorded = skill === 'score' ? recordedWith : null;
      const department = recorded?.department ?? client.department ?? agent.department ?? '';
      const costCenter = recorded?.costCenter ?? client.costCenter ?? agent.costCenter ?? '';
      const key = groupKey([worker.name, skill, department, costCenter, client.id]);
      sums.set(key, added(sums.get(key), sumsOf(task)));
    }
  }
  return sums;
}

export const groupKey = (group: readonly string[]): string => JSON.stringify(group);

/** Tasks of one skill name these in their decision. The others were recorded before tasks did. */
const recordedWith = { department: 'platform', costCenter: 'cc-then' };

interface PlannedTask {
  readonly agent: Subject;
  readonly worker: Subject;
  readonly client: Subject;
  readonly skill: string;
  readonly ending: Ending;
  readonly reserved: bigint;
  readonly actual: bigint;
}

async function runTask(setting: TaskSetting, tenant: SeededTenant, task: PlannedTask): Promise<void> {
  const { agent, worker, client, skill, ending, reserved, actual } = task;
  const draft = draftTask(setting, tenant, {
    agentId: idOf('agt', agent.id.replaceAll('-', '')),
    agentName: agent.name,
    ownerId: client.id,
    reserveMicrocredits: reserved,
    decision: JSON.stringify({
      agent: agent.name,
      ...(skill === '' ? {} : { skill }),
      ...(skill === 'score' ? recordedWith : {}),
      ...(isMetered(task) ? { prices: { [worker.name]: { price: { perUnit: { tokens: 1 } }, items: '4' } } } : {}),
    }),
  });
  const recorded = await setting.store.record(draft);
  if (recorded.kind !== 'recorded') throw new Error(`A task was not recorded: ${recorded.kind}.`);
  if (worker !== agent)
    await setting.rows(
      'update colloquy.tasks set served_by = $3 where tenant_id = $1 and task_id = $2',
      uuidOf(draft.tenantId),
      uuidOf(draft.taskId),
      worker.id,
    );
  const states = {
    failed: 'TASK_STATE_FAILED',
    canceled: 'TASK_STATE_CANCELED',
    rejected: 'TASK_STATE_REJECTED',
  } as const;
  const state = ending in states ? states[ending as keyof typeof states] : 'TASK_STATE_COMPLETED';
  const write = draftEnd(setting, draft, state);
  if (write.end === null) throw new Error('The end of a task is missing.');
  const auditAction = ending === 'served' ? 'task.served' : `task.${ending in states ? ending : 'completed'}`;
  const measured: Partial<TaskEnd> =
    ending === 'cheaper'
      ? { priceMicrocredits: actual }
      : isMetered(task)
        ? { priceMicrocredits: actual, isMetered: true, usage: JSON.stringify(usageOf(task)) }
        : {};
  const written = await setting.store.write({ ...write, end: { ...write.end, auditAction, ...measured } });
  if (written !== 'written') throw new Error('A task was not ended.');
}

const isMetered = ({ ending }: PlannedTask): boolean => ending === 'dearer';

/** One task in two reports no items. `odd` is no unit of the price. */
const usageOf = ({ reserved }: PlannedTask) => ({
  workedMs: Number(reserved),
  ...(reserved % 2n === 0n ? { items: '0.5' } : {}),
  units: { tokens: '10.25', odd: '1' },
});

/** As the rules of docs/specs/credits.md say, for a tenant that debits what exceeds a reservation and never runs out of credits. */
function sumsOf(task: PlannedTask): UsageSums {
  const { ending, reserved, actual } = task;
  const isPaid = ending !== 'failed' && ending !== 'canceled' && ending !== 'rejected';
  return {
    calls: 1,
    completed: isPaid && ending !== 'served' ? 1 : 0,
    cached: ending === 'served' ? 1 : 0,
    failed: ending === 'failed' ? 1 : 0,
    canceled: ending === 'canceled' ? 1 : 0,
    rejected: ending === 'rejected' ? 1 : 0,
    settled: isPaid ? (ending === 'cheaper' ? actual : reserved) : 0n,
    charged: ending === 'dearer' ? actual - reserved : 0n,
    overage: 0n,
    items: isMetered(task) ? Number(usageOf(task).items ?? 4) : 0,
    worked: isMetered(task) ? Number(reserved) : 0,
    tokens: isMetered(task) ? 10.25 : 0,
  };
}

function added(one: UsageSums | undefined, other: UsageSums): UsageSums {
  if (one === undefined) return other;
  return {
    calls: one.calls + other.calls,
    completed: one.completed + other.completed,
    cached: one.cached + other.cached,
    failed: one.failed + other.failed,
    canceled: one.canceled + other.canceled,
    rejected: one.rejected + other.rejected,
    settled: one.settled + other.settled,
    charged: one.charged + other.charged,
    overage: one.overage + other.overage,
    items: one.items + other.items,
    worked: one.worked + other.worked,
    tokens: one.tokens + other.tokens,
  };
}

/** An agent of each department, one of them without a cost center, and one of none. */
async function seedAgents(setting: TaskSetting, tenant: SeededTenant): Promise<readonly Subject[]> {
  const profiles = [...departments, null];
  for (const at of profiles.keys()) await setting.registerAgent(tenant, `agent-${at}`);
  const { tenantId } = tenant;
  const entry = {
    tenantId,
    entryId: setting.ids.next('ent'),
    actorId: 'cli_seed',
    action: 'credits.settings-changed',
    outcome: 'succeeded',
    resource: 'credits',
    requestId: 'req_seed',
    facts: {},
  } as const;
  const settings = {
    overagePolicy: 'debit',
    overageMaxMicrocredits: 0n,
    unknownPriceMicrocredits: 1n,
    lowCreditMicrocredits: null,
  } as const;
  await createCreditSettingsStore(setting.readers).set(settings, entry);
  const subjects: Subject[] = [];
  for (const [at, department] of profiles.entries()) {
    const costCenter = at === 1 || department === null ? null : `cc-${at}`;
    const [row] = await setting.rows<{ id: string }>(
      `update colloquy.agents set department = $3, cost_center = $4 where tenant_id = $1 and name = $2 returning agent_id::text as id`,
      uuidOf(tenantId),
      `agent-${at}`,
      department,
      costCenter,
    );
    if (row === undefined) throw new Error('An agent is missing.');
    subjects.push({ name: `agent-${at}`, id: row.id, department, costCenter });
  }
  return subjects;
}

/** Clients with and without a department of their own, an API key with one, and a person, who has none. */
async function seedClients(setting: TaskSetting, { tenantId }: SeededTenant): Promise<readonly Subject[]> {
  const subject = (prefix: string, department: string | null, costCenter: string | null): Subject => {
    const id = prefix + uuidOf(setting.ids.next('cli')).replaceAll('-', '');
    return { name: id, id, department, costCenter };
  };
  const clients = [
    subject('cli_', 'support', 'cc-own'),
    subject('cli_', null, null),
    subject('cli_', 'research', null),
  ];
  const key = subject('apk_', 'sales', 'cc-key');
  for (const client of clients)
    await setting.rows(
      `insert into colloquy.oauth_clients (tenant_id, client_id, name, kind, scopes, department, cost_center)
       values ($1, $2, $2, 'oauth-client', '{a2a:send}', $3, $4)`,
      uuidOf(tenantId),
      client.id,
      client.department,
      client.costCenter,
    );
  await setting.rows(
    `insert into colloquy.api_keys (tenant_id, key_id, principal_id, name, secret_hash, scopes, created_by, expires_at, department, cost_center)
     values ($1, $2, $2, 'key', sha256('key'), '{a2a:send}', 'cli_seed', now() + interval '1 day', $3, $4)`,
    uuidOf(tenantId),
    key.id,
    key.department,
    key.costCenter,
  );
  return [...clients, key, subject('per_', null, null)];
}

/** A generator of numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
