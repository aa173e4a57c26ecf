import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { TaskWrite } from '../../../modules/tasks/index.ts';
import { joinedJson, plainArray } from '../array-literal.ts';
import { stateName } from './task-state-names.ts';

export interface WrittenRow {
  /** Which write of the batch, counted from 1. */
  readonly n: number;
}

/** The first fifteen values of a statement that writes tasks: nine arrays of the tasks, six of their events. */
export function valuesOf(writes: readonly TaskWrite[]): readonly unknown[] {
  const events = writes.flatMap((write, at) =>
    write.events.map((event, ord) => ({ event, write, n: at + 1, seq: write.expectedSeq + ord + 1 })),
  );
  return [
    plainArray(writes.map(({ tenantId }) => uuidOf(tenantId))),
    plainArray(writes.map(({ taskId }) => uuidOf(taskId))),
    plainArray(writes.map(({ nodeId }) => (nodeId === null ? null : uuidOf(nodeId)))),
    plainArray(writes.map(({ attempt }) => attempt)),
    plainArray(writes.map(({ expectedSeq }) => expectedSeq)),
    plainArray(writes.map((write) => write.events.length)),
    plainArray(writes.map(({ state }) => (state === null ? null : stateName(state)))),
    plainArray(writes.map(({ statusAtMs }) => (statusAtMs === null ? null : new Date(statusAtMs).toISOString()))),
    writes.map(({ upstreamTaskId }) => upstreamTaskId),
    plainArray(events.map(({ n }) => n)),
    plainArray(events.map(({ write }) => uuidOf(write.tenantId))),
    plainArray(events.map(({ write }) => uuidOf(write.taskId))),
    plainArray(events.map(({ seq }) => seq)),
    plainArray(events.map(({ event }) => event.kind)),
    joinedJson(events.map(({ event }) => event.json)),
  ];
}

/** The arrays of the tasks, and their columns in the same order. */
export const taskArrays =
  '$1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::int[], $7::text[], $8::timestamptz[], $9::text[]';
export const taskColumns =
  'tenant_id, task_id, node_id, attempt, expected_seq, event_count, state, status_at, upstream_task_id';

/** What every write changes in a task of `input i`. */
export const moves = `
    last_seq = i.expected_seq + i.event_count,
    state = coalesce(i.state, t.state),
    status_at = coalesce(i.status_at, t.status_at),
    waiting_since = case when i.state in ('input-required', 'auth-required') then colloquy.now_utc() end,
    next_look_at = case i.state when 'auth-required' then colloquy.now_utc() + interval '${limits.accessCheckMsMin} milliseconds' end,
    upstream_task_id = coalesce(i.upstream_task_id, t.upstream_task_id),
    node_id = case when coalesce(i.state, t.state) in ('submitted', 'working') then t.node_id end`;

/**
 * Each group of events is fenced by (node, attempt) and by the last sequence that it expects. The condition on `n` holds always: it lets
 * the planner expect one group, and then nothing is cheaper than a look-up of its task, also by the statistics of a table of few rows.
 */
export const isFenced = `
    t.tenant_id = i.tenant_id and t.task_id = i.task_id and i.n between 1 and 2147483647
    -- Not an equality, so that no plan goes by the node: its index is full of tasks that have ended.
    and t.node_id is not distinct from i.node_id and t.attempt = i.attempt and t.last_seq = i.expected_seq`;

/** Beside them, of a task that was held or queued: it leaves its queue when it ends. What it held stays in its row. */
export const movesDispatched = `${moves},
    queue_rank = case when coalesce(i.state, t.state) in ('submitted', 'working') then t.queue_rank end`;

/** What a task that `moved` had in the slots of its agent; null of a task that was neither held nor queued, or that goes on. */
export const leaves = `
    case when coalesce(t.state not in ('submitted', 'working'), false) then i.was end as left_place, t.slot_keys, t.agent_id`;

/** Gives back what the tasks that `moved` to their rest held, and their places in queues. */
export const freed = `freed as (
  update colloquy.slots s set in_use = s.in_use - c.held, queued = s.queued - c.queued
  from (
    select tenant_id, key_id, sum(held)::int as held, sum(queued)::int as queued
    from (
      select m.tenant_id, unnest(m.slot_keys) as key_id, 1 as held, 0 as queued from moved m where m.left_place = 'held'
      union all
      select m.tenant_id, m.agent_id, 0, 1 from moved m where m.left_place = 'queued'
    ) x group by tenant_id, key_id
  ) c
  where s.tenant_id = c.tenant_id and s.key_id = c.key_id
)`;

/** Which place each task of a batch had. */
export function placesOf(writes: readonly TaskWrite[]): string {
  return plainArray(writes.map(({ dispatched }) => dispatched ?? null));
}

/** Appends the events of the tasks that `moved`. */
export const logged = `
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select e.tenant_id, e.task_id, e.seq, e.kind, e.payload
  from unnest($10::bigint[], $11::uuid[], $12::uuid[], $13::int[], $14::text[], string_to_array($15::text, chr(30)))
    as e (n, tenant_id, task_id, seq, kind, payload)
  where e.n = any (array(select m.n from moved m))`;
