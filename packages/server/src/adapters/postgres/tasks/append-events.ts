import type { TaskWrite } from '../../../modules/tasks/index.ts';
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
 * Appends a batch of events of tasks that go on. A streaming agent makes several such writes for each end, in small batches, whose
 * cost is the statement's own: preparing only these two tables for it is a fifth of PostgreSQL's time.
 *
 * The writes come in the order of their task ids, and rows are locked in that order, as `writeTasks` does.
 */
export function appendEvents(writes: readonly TaskWrite[]): Statement<WrittenRow> {
  return { name: 'append-events', text, values: valuesOf(writes) };
}

/** As `appendEvents`, of tasks that hold slots: one that comes to rest gives them back. The slots are locked. */
export function appendDispatchedEvents(writes: readonly TaskWrite[]): Statement<WrittenRow> {
  return { name: 'append-dispatched-events', text: dispatchedText, values: [...valuesOf(writes), placesOf(writes)] };
}

const text = `
with input as (
  select * from unnest(${taskArrays}) with ordinality as i (${taskColumns}, n)
),
moved as (
  update colloquy.tasks t set ${moves}
  from input i where ${isFenced}
  returning i.n
),
logged as (${logged}
)
select n::int as n from moved`;

const dispatchedText = `
with input as (
  select * from unnest(${taskArrays}, $16::text[]) with ordinality as i (${taskColumns}, was, n)
),
moved as (
  update colloquy.tasks t set ${movesDispatched}
  from input i where ${isFenced}
  returning i.n, t.tenant_id, ${leaves}
),
logged as (${logged}
),
${freed}
select n::int as n from moved`;
