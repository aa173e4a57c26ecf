import { uuidOf } from '../src/kernel/ids.ts';
import { sealerOf } from './audit-rows.ts';
import { settledTransactions } from './settled-transactions.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

/** How tasks ended that are seeded, with what must come of each. The target of silver agents is a minute. */
const endings = [
  { kind: 'quick', action: 'task.completed', state: 'completed', tookMs: 100 },
  { kind: 'failed', action: 'task.failed', state: 'failed', code: 'upstream.timeout', tookMs: 90_000 },
  { kind: 'overdue', action: 'task.failed', state: 'failed', code: 'task.deadline-passed', tookMs: 10 },
  { kind: 'unanswered', action: 'task.failed', state: 'failed', code: 'task.expired', tookMs: 90_000 },
  { kind: 'told-failed', action: 'task.failed', state: 'failed', tookMs: 10 },
  { kind: 'canceled', action: 'task.canceled', state: 'canceled', tookMs: 90_000 },
  { kind: 'rejected', action: 'task.rejected', state: 'rejected', tookMs: 10 },
  { kind: 'served', action: 'task.served', state: 'completed', tookMs: 1 },
  { kind: 'late', action: 'task.completed', state: 'completed', tookMs: 60_001 },
  { kind: 'in-time', action: 'task.completed', state: 'completed', tookMs: 60_000 },
  { kind: 'waited', action: 'task.completed', state: 'completed', tookMs: 90_000, waitedMs: 31_000 },
  { kind: 'waited-late', action: 'task.completed', state: 'completed', tookMs: 90_000, waitedMs: 29_000 },
  // An agent that says in its own words that it waits is working all the same.
  { kind: 'pretender', action: 'task.completed', state: 'completed', tookMs: 90_000, pretendedMs: 89_000 },
] as const;

const waits =
  '{"statusUpdate":{"taskId":"tsk_1","contextId":"a \\" b","status":{"state":"TASK_STATE_INPUT_REQUIRED"}}}';
const pretends =
  '{"statusUpdate":{"taskId":"tsk_1","contextId":"c","status":{"state":"TASK_STATE_WORKING","message":{"metadata":' +
  '{"statusUpdate":{"taskId":"","contextId":"","status":{"state":"TASK_STATE_INPUT_REQUIRED"}}}}}}}';

/**
 * Tasks that have ended, `count` of them in all ways in turn, with their logs and audit entries, in hours before `endedAt`.
 *
 * @param hours In how many hours they end, the last one that of `endedAt`.
 */
export async function seedEndedTasks(
  { rows }: Pick<TaskSetting, 'rows'>,
  { tenantId, agentId, instanceId }: SeededTenant,
  { count, hours, endedAt }: { readonly count: number; readonly hours: number; readonly endedAt: Date },
): Promise<void> {
  await rows(
    `
    with made as materialized (
      select gen_random_uuid() as task_id, x.*, $4::timestamptz - (n % $6) * interval '1 hour' as ended_at
      from generate_series(1, $5) n
      join jsonb_to_recordset($7::jsonb)
        as x ("at" int, kind text, action text, state text, code text, "tookMs" int, "waitedMs" int, "pretendedMs" int)
        on x."at" = n % jsonb_array_length($7::jsonb)
    ), tasks as (
      insert into colloquy.tasks (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, state, status_at,
        last_seq, attempt, reserved_microcredits, decision, error_code, created_at)
      select $1, task_id, 'ctx', $2, $3, 'cli_owner', kind, state, ended_at, 9, 1, 1, '{}', code,
        -- Not by the clock of the database, so nothing is counted by it.
        ended_at - interval '1 day'
      from made
    ), begun as (
      insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload, occurred_at)
      select $1, task_id, 1, 'task', '{}', ended_at - "tookMs" * interval '1 millisecond' from made
      union all
      select $1, task_id, 2, 'status', case when "waitedMs" is null then $9 else $8 end,
        ended_at - (coalesce("waitedMs", "pretendedMs") + 5) * interval '1 millisecond'
      from made where coalesce("waitedMs", "pretendedMs") is not null
      union all
      select $1, task_id, 3, 'turn', '{}', ended_at - interval '5 milliseconds' from made where coalesce("waitedMs", "pretendedMs") is not null
    )
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts, occurred_at)
    select $1, gen_random_uuid(), 'cli_owner', action, 'failed', 'tsk_' || replace(task_id::text, '-', ''), 'req', '{}', ended_at from made`,
    uuidOf(tenantId),
    uuidOf(agentId),
    uuidOf(instanceId),
    endedAt,
    count,
    hours,
    JSON.stringify(endings.map((ending, at) => ({ at, ...ending }))),
    waits,
    pretends,
  );
}

/** Gives every audit entry its place in its tenant's chain, as the sealer does. */
export async function sealAll(setting: TaskSetting): Promise<void> {
  const sealer = sealerOf(setting, { checkpointMs: 3_600_000, checkpointRecordsMax: 1_000_000 });
  await settledTransactions((sql, ...values) => setting.rows(sql, ...values));
  while ((await sealer.round(setting.nodeId)).sealed > 0);
}

export interface HourCounts {
  readonly hour: string;
  readonly ended: number;
  readonly excused: number;
  readonly served: number;
  readonly failed: number;
  readonly late: number;
}

const columns = 'ended, excused, served, failed, late';

/** What the tasks of a tenant say themselves, hour by hour. */
export function countsOfTasks({ rows }: Pick<TaskSetting, 'rows'>, { tenantId }: SeededTenant): Promise<HourCounts[]> {
  const of = (...kinds: readonly string[]): string =>
    `count(*) filter (where request_id in (${kinds.map((kind) => `'${kind}'`).join()}))::int`;
  return rows<HourCounts>(
    `select date_trunc('hour', status_at, 'UTC')::text as hour, count(*)::int as ended,
       ${of('unanswered', 'canceled', 'rejected')} as excused, ${of('served')} as served,
       ${of('failed', 'overdue', 'told-failed')} as failed, ${of('late', 'waited-late', 'pretender')} as late
     from colloquy.tasks where tenant_id = $1 group by 1 order by 1`,
    uuidOf(tenantId),
  );
}

/** What was counted of the tenant, hour by hour. */
export function countsKept({ rows }: Pick<TaskSetting, 'rows'>, { tenantId }: SeededTenant): Promise<HourCounts[]> {
  return rows<HourCounts>(
    `select hour::text as hour, ${columns} from colloquy.sla_counts where tenant_id = $1 order by 1`,
    uuidOf(tenantId),
  );
}
