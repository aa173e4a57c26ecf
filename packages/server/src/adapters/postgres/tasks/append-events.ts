import type { TaskWrite } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { isFenced, logged, moves, taskArrays, taskColumns, valuesOf } from './task-writes.ts';
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
