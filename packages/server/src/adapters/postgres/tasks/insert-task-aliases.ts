import { uuidOf } from '../../../kernel/ids.ts';
import type { NewTask } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

/**
 * Keeps the names that callers gave to tasks, in the transaction that records the tasks and after the statement that does so: a send
 * that is refused there names nothing. A name's hash is the idempotency key of the send, so at most one send of a name is recorded.
 * Written again, it changes nothing.
 */
export function insertTaskAliases(tasks: readonly NewTask[]): Statement {
  return {
    name: 'insert-task-aliases',
    text,
    values: [
      plainArray(tasks.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(tasks.map(({ keyHash }) => keyHash)),
      plainArray(tasks.map(({ taskId }) => uuidOf(taskId))),
    ],
  };
}

const text = `
insert into colloquy.task_aliases (tenant_id, alias_hash, task_id)
select i.tenant_id, i.alias_hash, i.task_id
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as i (tenant_id, alias_hash, task_id)
where exists (select from colloquy.tasks t where t.tenant_id = i.tenant_id and t.task_id = i.task_id)
on conflict (tenant_id, alias_hash) do nothing`;
