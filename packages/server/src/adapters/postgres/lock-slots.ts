import { uuidOf } from '../../kernel/ids.ts';
import type { AgentId, InstanceId, TaskId, TenantId } from '../../kernel/ids.ts';
import { plainArray } from './array-literal.ts';
import type { Statement } from './statement.ts';

/** An agent, and one of its instances, which may have concurrency limits. */
export interface SlotPlace {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  readonly instanceId: InstanceId | null;
}

/** Locks the slots of agents and instances in the order of their keys; after the wallets, before tasks, in every kind of batch. */
export function lockSlots(places: readonly SlotPlace[]): Statement {
  const keys = new Map<string, readonly [string, string]>();
  for (const { tenantId, agentId, instanceId } of places)
    for (const key of [agentId, instanceId])
      if (key !== null) keys.set(`${tenantId} ${key}`, [uuidOf(tenantId), uuidOf(key)]);
  const pairs = [...keys.values()];
  return {
    name: 'lock-slots',
    text: `
      select from unnest($1::uuid[], $2::uuid[]) as i (tenant_id, key_id)
      join colloquy.slots s on s.tenant_id = i.tenant_id and s.key_id = i.key_id
      order by s.tenant_id, s.key_id for update of s`,
    values: [plainArray(pairs.map(([tenant]) => tenant)), plainArray(pairs.map(([, key]) => key))],
  };
}

/**
 * Locks the slots that tasks hold, wait for or may take. The tasks themselves are only read: their slots change only with the next attempt, and then
 * the write that follows changes nothing.
 */
export function lockSlotsOfTasks(
  tasks: readonly { readonly tenantId: TenantId; readonly taskId: TaskId }[],
): Statement {
  return {
    name: 'lock-slots-of-tasks',
    text: `
      with held as materialized (
        select distinct t.tenant_id, unnest(coalesce(t.slot_keys, '{}') || t.agent_id || t.instance_id) as key_id
        from unnest($1::uuid[], $2::uuid[]) as i (tenant_id, task_id)
        join colloquy.tasks t on t.tenant_id = i.tenant_id and t.task_id = i.task_id
      )
      select from held h
      join colloquy.slots s on s.tenant_id = h.tenant_id and s.key_id = h.key_id
      order by s.tenant_id, s.key_id for update of s`,
    values: [
      plainArray(tasks.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(tasks.map(({ taskId }) => uuidOf(taskId))),
    ],
  };
}
