import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { DeadLetterQuery } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { deadLetterColumns, deadLetterJoins, reasonOfCode } from './dead-letter-columns.ts';
import type { DeadLetterRow } from './dead-letter-columns.ts';

// The page is found in the index alone, which holds all that is asked for.
const text = `
  with page as materialized (
    select task_id from colloquy.tasks
    where tenant_id = $1 and dead_at is not null and task_id > $2
      and ($3::text is null or agent_id = any (array(select a.agent_id from colloquy.agents a where a.tenant_id = $1 and a.name = $3)))
      and ($4::text is null or ${reasonOfCode} = $4)
    order by task_id limit $5
  )
  select ${deadLetterColumns}
  from page p join colloquy.tasks t on t.tenant_id = $1 and t.task_id = p.task_id ${deadLetterJoins}
  order by t.task_id`;

const lowest = '00000000-0000-0000-0000-000000000000';

/** The dead letters of a tenant after one of them, oldest first. */
export function listDeadLetters(
  tenantId: TenantId,
  { agentName, reason, after, limit }: DeadLetterQuery,
): Statement<DeadLetterRow> {
  return {
    name: 'list-dead-letters',
    text,
    values: [uuidOf(tenantId), after === null ? lowest : uuidOf(after), agentName, reason, limit],
  };
}
