import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { DelegationChain, LogRange, TaskInspector } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Tasks as the administrators of their tenant may see them, over a pool of the application's role. */
export function createTaskInspector(pool: DatabasePool): TaskInspector {
  return {
    async inspect(tenantId, taskId, range) {
      const statement = findInspectedTask(tenantId, taskId, range);
      const [row] = (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
      if (row === undefined) return null;
      return {
        taskId,
        contextId: row.context_id,
        agentId: idOf('agt', row.agent_id),
        agentName: row.agent_name,
        ownerId: row.owner_id,
        state: row.state,
        attempt: row.attempt,
        decision: row.decision,
        reservedMicrocredits: row.reserved_microcredits,
        errorCode: row.error_code,
        chain: row.chain,
        createdAt: row.created_at,
        statusAt: row.status_at,
        lastSeq: row.last_seq,
        events: row.events.map(({ seq, kind, at }) => ({ seq, kind, occurredAt: new Date(at) })),
      };
    },
  };
}

export const taskPorts = (pool: DatabasePool) => ({ inspector: createTaskInspector(pool) });

interface InspectedTaskRow {
  readonly context_id: string;
  readonly agent_id: string;
  readonly agent_name: string;
  readonly owner_id: string;
  readonly state: string;
  readonly attempt: number;
  readonly decision: unknown;
  readonly reserved_microcredits: bigint;
  readonly error_code: string | null;
  readonly chain: DelegationChain | null;
  readonly created_at: Date;
  readonly status_at: Date;
  readonly last_seq: number;
  readonly events: readonly { readonly seq: number; readonly kind: string; readonly at: string }[];
}

// One statement, so that the task and its log are of one moment.
const text = `
  select t.context_id, t.agent_id, a.name as agent_name, t.owner_id, t.state, t.attempt, t.decision, t.reserved_microcredits,
    t.error_code, t.chain, t.created_at, t.status_at, t.last_seq,
    coalesce((
      select json_agg(json_build_object('seq', e.seq, 'kind', e.kind, 'at', e.occurred_at) order by e.seq)
      from (
        select seq, kind, occurred_at from colloquy.task_events
        where tenant_id = $1 and task_id = $2 and seq > $3
        order by seq limit $4
      ) e
    ), '[]') as events
  from colloquy.tasks t
  join colloquy.agents a on a.tenant_id = t.tenant_id and a.agent_id = t.agent_id
  where t.tenant_id = $1 and t.task_id = $2`;

/** A task of a tenant, of any owner, with a part of its log but none of its content. */
function findInspectedTask(tenantId: TenantId, taskId: TaskId, range: LogRange): Statement<InspectedTaskRow> {
  return {
    name: 'find-inspected-task',
    text,
    values: [uuidOf(tenantId), uuidOf(taskId), range.afterSeq, range.limit],
  };
}
