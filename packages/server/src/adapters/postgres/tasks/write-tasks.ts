import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskWrite } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';
import {
  freed,
  isFenced,
  leaves,
  logged,
  moves,
  movesDispatched,
  placesOf,
  taskArrays,
  taskColumns,
  valuesOf,
} from './task-writes.ts';
import type { WrittenRow } from './task-writes.ts';

/**
 * Appends a batch of events, one group for each task, and ends the tasks that end: state, ledger, wallet and audit entry in the
 * same statement. The rows name the groups that passed their fence.
 *
 * The writes come in the order of their task ids, and the writers' sessions join by nested loops only (`writer-settings.ts`), so
 * rows are locked in that order and no two batches wait for each other. The wallets come last, so that they are held shortly: of
 * the parts that nobody reads from, PostgreSQL runs the first one last.
 */
export function writeTasks(writes: readonly TaskWrite[]): Statement<WrittenRow> {
  // Only what is released, be it a part, goes back to budgets; batches without it are spared the look.
  const isReleasing = writes.some(({ end }) => end?.closing === 'release' || (end?.priceMicrocredits ?? null) !== null);
  return {
    ...(isReleasing ? { name: 'release-tasks', text: releasingText } : { name: 'write-tasks', text: settlingText }),
    values: [...endingsOf(writes), ...(isReleasing ? releasesOf(writes) : [])],
  };
}

function endingsOf(writes: readonly TaskWrite[]): readonly unknown[] {
  return [
    ...valuesOf(writes),
    plainArray(writes.map(({ end }) => end?.closing ?? null)),
    plainArray(writes.map(({ end }) => end?.errorCode ?? null)),
    plainArray(writes.map(({ end }) => (end === null ? null : uuidOf(end.auditId)))),
    plainArray(writes.map(({ end }) => end?.auditAction ?? null)),
    plainArray(writes.map(({ end }) => end?.auditOutcome ?? null)),
  ];
}

/** What is settled at most of each task, and which of them are dead letters: of all that ends, only those release everything. */
function releasesOf(writes: readonly TaskWrite[]): readonly string[] {
  return [
    plainArray(writes.map(({ end }) => end?.priceMicrocredits ?? null)),
    plainArray(writes.map(({ end }) => (end?.isDead === true ? 1 : 0))),
  ];
}

/** As `writeTasks`, of tasks that hold slots or wait for them. Wallets and slots are locked before, as a recording locks them. */
export function writeDispatchedTasks(writes: readonly TaskWrite[]): Statement<WrittenRow> {
  const values = [...endingsOf(writes), ...releasesOf(writes), placesOf(writes)];
  return { name: 'write-dispatched-tasks', text: dispatchedText, values };
}

/** What the forms of the statement differ in. */
interface ClosingParts {
  readonly arrays: string;
  readonly columns: string;
  /** What of the reservation of `t` is settled. */
  readonly settled: string;
  readonly budgets: string;
  readonly moves: string;
  /** What tells which slots are left, and what gives them back. */
  readonly leaves: string;
  readonly freed: string;
}

// Runs after the wallets, as a recording does: their locks keep two batches from waiting for each other's budgets.
const givenBack = `given_back as (
  update colloquy.delegation_budgets b set left_microcredits = b.left_microcredits + r.released
  from (
    select m.tenant_id, budget_id, sum(m.released)::bigint as released
    from moved m cross join lateral unnest(m.budget_ids) as u (budget_id)
    where m.budget_ids is not null and m.released > 0
    group by m.tenant_id, budget_id order by m.tenant_id, budget_id
  ) r
  where b.tenant_id = r.tenant_id and b.task_id = r.budget_id
),
`;

const textOf = ({ arrays, columns, settled, budgets, ...slots }: ClosingParts): string => `
with input as (
  select * from unnest(${taskArrays}, $16::text[], $17::text[], $18::uuid[], $19::text[], $20::text[]${arrays})
  with ordinality as i (${taskColumns}, closing, error_code, audit_id, audit_action, audit_outcome${columns}, n)
),
moved as (
  update colloquy.tasks t set ${slots.moves},
    error_code = coalesce(i.error_code, t.error_code)
  from input i where ${isFenced}
  returning i.n, t.tenant_id, t.task_id, t.owner_id, t.request_id, t.decision, t.chain, t.budget_ids,
    case i.closing when 'settle' then ${settled} else 0 end as settled,
    case i.closing when 'settle' then t.reserved_microcredits - ${settled} when 'release' then t.reserved_microcredits else 0 end as released,
    case i.closing when 'settle' then ${settled} else t.reserved_microcredits end as amount,
    i.closing, i.error_code, i.audit_id, i.audit_action, i.audit_outcome${slots.leaves}
),
${slots.freed}${budgets}paid as (
  update colloquy.wallets w
  set reserved_microcredits = w.reserved_microcredits - t.settled - t.released,
    used_microcredits = w.used_microcredits + t.settled,
    available_microcredits = w.available_microcredits + t.released
  from (
    select tenant_id, sum(settled)::bigint as settled, sum(released)::bigint as released
    from moved where settled + released > 0 group by tenant_id order by tenant_id
  ) t
  where w.tenant_id = t.tenant_id
),
logged as (${logged}
),
closed as (
  insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
  select tenant_id, task_id, 'settle', settled from moved where settled > 0
  union all select tenant_id, task_id, 'release', released from moved where released > 0
),
audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, audit_id, owner_id, audit_action, audit_outcome,
    'tsk_' || replace(task_id::text, '-', ''), request_id,
    jsonb_strip_nulls(jsonb_build_object('agent', decision ->> 'agent', 'code', error_code,
      'credits', closing, 'amountMicrocredits', amount::text, 'chain', chain))
  from moved where audit_id is not null
)
select n::int as n from moved`;

const noSlots = { leaves: '', freed: '' };
const dying = `,
    dead_at = case when i.dead = 1 then colloquy.now_utc() else t.dead_at end`;
const released = {
  arrays: ', $21::bigint[], $22::int[]',
  columns: ', price, dead',
  moves: moves + dying,
  settled: 'least(coalesce(i.price, t.reserved_microcredits), t.reserved_microcredits)',
  budgets: givenBack,
};
const settlingText = textOf({
  ...noSlots,
  moves,
  arrays: '',
  columns: '',
  settled: 't.reserved_microcredits',
  budgets: '',
});
const releasingText = textOf({ ...noSlots, ...released });
const dispatchedText = textOf({
  ...released,
  arrays: `${released.arrays}, $23::text[]`,
  columns: `${released.columns}, was`,
  moves: movesDispatched + dying,
  leaves: `,${leaves}`,
  freed: `${freed},
`,
});
