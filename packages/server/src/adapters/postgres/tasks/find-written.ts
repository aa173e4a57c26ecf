import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskWrite } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';
import type { WrittenRow } from './task-writes.ts';

const text = `
  select i.n::int as n
  from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::uuid[]) with ordinality
    as i (tenant_id, task_id, attempt, last_seq, audit_id, n)
  join colloquy.tasks t on t.tenant_id = i.tenant_id and t.task_id = i.task_id
  where t.attempt = i.attempt and t.last_seq = i.last_seq
    and (i.audit_id is null
      or exists (select from colloquy.audit_entries a where a.tenant_id = i.tenant_id and a.entry_id = i.audit_id))`;

/**
 * The writes whose log ends where they would have ended it, under their attempt: only its holder can have done that. A task that waits
 * has none, and several nodes may end it at once; the end's own audit entry tells whose it was.
 */
export function findWritten(writes: readonly TaskWrite[]): Statement<WrittenRow> {
  return {
    name: 'find-written',
    text,
    values: [
      plainArray(writes.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(writes.map(({ taskId }) => uuidOf(taskId))),
      plainArray(writes.map(({ attempt }) => attempt)),
      plainArray(writes.map(({ expectedSeq, events }) => expectedSeq + events.length)),
      plainArray(writes.map(({ end }) => (end === null ? null : uuidOf(end.auditId)))),
    ],
  };
}
