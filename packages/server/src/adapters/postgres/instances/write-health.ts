import { uuidOf } from '../../../kernel/ids.ts';
import type { HealthChange, InstancePlace } from '../../../modules/instances/index.ts';
import type { Statement } from '../statement.ts';
import { noteEvent } from './note-event.ts';

const text = `
with held as (
  select h.tenant_id, h.instance_id from colloquy.instance_health h
  left join colloquy.instance_leases l on l.tenant_id = h.tenant_id and l.instance_id = h.instance_id
  where h.tenant_id = $1 and h.instance_id = $2 and h.revision = $3
    and coalesce(l.lease_until <= colloquy.now_utc(), false) = $4
  for no key update of h
), written as (
  update colloquy.instance_health h
  set revision = h.revision + 1, probe_state = $5, probe_reason = $6, probe_failures = $7, probe_successes = $8,
    probe_ms = coalesce($9::integer, h.probe_ms), probed_at = case when $9::integer is null then h.probed_at else colloquy.now_utc() end,
    report_state = $10, report_reason = $11, dependencies = $12::jsonb,
    outlier_reason = coalesce($13::text, h.outlier_reason), outlier_count = coalesce($14::integer, h.outlier_count),
    outlier_until = case when $15::bigint is null then h.outlier_until else colloquy.now_utc() + $15::bigint * interval '1 millisecond' end,
    next_probe_at = case when $16::integer is null then h.next_probe_at else colloquy.now_utc() + $16::integer * interval '1 millisecond' end
  from held
  where h.tenant_id = held.tenant_id and h.instance_id = held.instance_id and h.revision = $3
  returning h.tenant_id, h.instance_id
), lapsed as (
  update colloquy.instance_leases l set is_lapsed = $4 from written w
  where l.tenant_id = w.tenant_id and l.instance_id = w.instance_id and l.is_lapsed <> $4
), noted as (
  update colloquy.agent_instances i
  set health = $17, health_reason = $18, health_at = case when i.health = $17 then i.health_at else colloquy.now_utc() end
  from written w
  where i.tenant_id = w.tenant_id and i.instance_id = w.instance_id and (i.health, i.health_reason) is distinct from ($17::text, $18::text)
  returning i.tenant_id, i.instance_id, 'health' as kind, i.health as state, i.health_reason as reason, null::text as actor_id
), ${noteEvent}
select instance_id from written`;

/** Writes new facts of an instance and its judged health, and an event when the health changed; no row when the facts have changed meanwhile. */
export function writeHealth({ tenantId, instanceId }: InstancePlace, change: HealthChange): Statement {
  const { probe, report, outlier, health } = change;
  return {
    name: 'write-instance-health',
    text,
    values: [
      uuidOf(tenantId),
      uuidOf(instanceId),
      change.revision,
      change.isLapsed,
      probe.state,
      probe.reason,
      probe.failures,
      probe.successes,
      change.probeMs,
      report?.state ?? null,
      report?.reason ?? null,
      report === null ? null : JSON.stringify(report.dependencies),
      outlier?.reason ?? null,
      outlier?.count ?? null,
      outlier?.forMs ?? null,
      change.nextProbeMs,
      health.state,
      health.reason,
    ],
  };
}
