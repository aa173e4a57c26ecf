import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { SuspendedTarget, SuspendedWorkStore } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** `workers` reads the suspensions of every tenant; `tenants` drains each one as its own tenant. */
export function createSuspendedWorkStore(workers: DatabasePool, tenants: DatabasePool): SuspendedWorkStore {
  return {
    async listSuspensions(youngerThanMs) {
      const statement = listSuspensionsInForce(youngerThanMs);
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [statement]));
      return rows.map(({ tenant_id, kind, name, stopped_at }) => ({
        tenantId: idOf('tnt', tenant_id),
        kind,
        name,
        stoppedAtMs: stopped_at.getTime(),
      }));
    },
    async drain(target, waitingMax) {
      const statements = [
        cancelSuspendedTasks(target),
        findSuspendedWaits(target, waitingMax),
        freeSuspendedClaims(target),
      ] as const;
      const options = { tenantIds: [uuidOf(target.tenantId)] };
      const [asked, waiting] = await whenAvailable(inTransaction(tenants, options, statements));
      const idsOf = (rows: readonly { readonly task_id: string }[]) => rows.map((row) => idOf('tsk', row.task_id));
      return { asked: idsOf(asked.rows), waiting: idsOf(waiting.rows) };
    },
  };
}

interface SuspensionInForce {
  readonly tenant_id: string;
  /** Only what the table's check lets in is stored. */
  readonly kind: SuspendedTarget['kind'];
  readonly name: string;
  readonly stopped_at: Date;
}

/** Suspensions in force of every tenant, younger than so many milliseconds; all of them for null. */
function listSuspensionsInForce(youngerThanMs: number | null): Statement<SuspensionInForce> {
  return {
    name: 'list-stops-in-force',
    text: `
      select tenant_id, kind, name, stopped_at from colloquy.stops
      where resumed_at is null
        and ($1::float8 is null or stopped_at > colloquy.now_utc() - $1 * interval '1 millisecond')`,
    values: [youngerThanMs],
  };
}

/** Voids the claims on the push subscriptions of a suspended tenant or principal. Subscriptions to tasks of a suspended agent go on, to deliver its end. */
function freeSuspendedClaims({ tenantId, kind, name }: SuspendedTarget): Statement {
  return {
    name: 'free-stopped-claims',
    text: `
      with held as (
        select s.task_id, s.subscription_id from colloquy.push_subscriptions s
        where s.tenant_id = $1 and s.is_active and s.lease_id is not null
          and ($2 = 'tenant' or $2 = 'principal' and s.created_by = $3)
        order by s.task_id, s.subscription_id for update
      )
      update colloquy.push_subscriptions s set lease_id = null, lease_node_id = null, lease_until = null
      from held h where s.tenant_id = $1 and s.task_id = h.task_id and s.subscription_id = h.subscription_id`,
    values: [uuidOf(tenantId), kind, name],
  };
}

/** Tasks of a suspended target that wait for their callers or for a slot, longest first. */
function findSuspendedWaits(
  { tenantId, kind, name }: SuspendedTarget,
  limit: number,
): Statement<{ readonly task_id: string }> {
  return {
    name: 'find-stopped-waits',
    text: `
      select t.task_id from colloquy.tasks t
      where t.tenant_id = $1 and (t.waiting_since is not null or t.queue_rank is not null)
        and ($2 = 'tenant' or $2 = 'principal' and t.owner_id = $3 or $2 = 'agent' and t.agent_id in (
          select a.agent_id from colloquy.agents a where a.tenant_id = $1 and a.name = $3))
      order by coalesce(t.waiting_since, t.queue_rank) limit $4`,
    values: [uuidOf(tenantId), kind, name, limit],
  };
}

/** Writes a cancel request on every running task of a suspended target, in the order in which every batch locks tasks. */
function cancelSuspendedTasks({ tenantId, kind, name }: SuspendedTarget): Statement<{ readonly task_id: string }> {
  return {
    name: 'cancel-stopped-tasks',
    text: `
      with stopped as (
        select t.task_id from colloquy.tasks t
        where t.tenant_id = $1 and t.node_id is not null and t.cancel_requested_at is null
          and ($2 = 'tenant' or $2 = 'principal' and t.owner_id = $3 or $2 = 'agent' and t.agent_id in (
            select a.agent_id from colloquy.agents a where a.tenant_id = $1 and a.name = $3))
        order by t.task_id for update
      )
      update colloquy.tasks t set cancel_requested_at = colloquy.now_utc()
      from stopped s where t.tenant_id = $1 and t.task_id = s.task_id
      returning t.task_id`,
    values: [uuidOf(tenantId), kind, name],
  };
}
