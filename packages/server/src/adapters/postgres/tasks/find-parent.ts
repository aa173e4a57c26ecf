import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { DelegationChain, DelegationParent } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

interface ParentRow {
  readonly agent_name: string;
  readonly audiences: readonly string[];
  readonly is_open: boolean;
  readonly chain: DelegationChain | null;
  readonly budget_ids: readonly string[];
  readonly depth_max: number | null;
}

/** The parent task of a delegated send, of any owner: the agent that works on it sends with a principal of its own. */
export function findParent(tenantId: TenantId, taskId: TaskId): Statement<ParentRow> {
  return {
    name: 'find-parent',
    text: `
      select a.name as agent_name, t.chain,
        -- Budgets of delegation chains. Those of the tenant are chosen for each task anew.
        array(
          select b.task_id from unnest(t.budget_ids) as u (budget_id)
          join colloquy.delegation_budgets b on b.tenant_id = t.tenant_id and b.task_id = u.budget_id and b.budget_id is null
        ) as budget_ids,
        array(
          select i.url from colloquy.agent_instances i where i.tenant_id = t.tenant_id and i.agent_id = t.agent_id
          union all
          select s.url from colloquy.push_subscriptions s where s.tenant_id = t.tenant_id and s.task_id = t.task_id
        ) as audiences,
        (select r.depth_max from colloquy.delegation_rules r where r.tenant_id = t.tenant_id) as depth_max,
        t.state not in ('completed', 'failed', 'canceled', 'rejected')
          or t.status_at > colloquy.now_utc() - interval '${limits.delegationGraceMs} milliseconds' as is_open
      from colloquy.tasks t
      join colloquy.agents a on a.tenant_id = t.tenant_id and a.agent_id = t.agent_id
      where t.tenant_id = $1 and t.task_id = $2`,
    values: [uuidOf(tenantId), uuidOf(taskId)],
  };
}

export function parentOf(taskId: TaskId, row: ParentRow): DelegationParent {
  return {
    taskId,
    agentName: row.agent_name,
    audiences: row.audiences,
    isOpen: row.is_open,
    chain: row.chain,
    depthMax: row.depth_max,
    budgetTaskIds: row.budget_ids.map((id) => idOf('tsk', id)),
  };
}
