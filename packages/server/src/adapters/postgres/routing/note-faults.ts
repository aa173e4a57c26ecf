import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { FaultNote } from '../../../modules/routing/index.ts';
import type { Statement } from '../statement.ts';
import type { BreakerRow } from './breaker-columns.ts';
import { breakerColumns } from './breaker-columns.ts';

// Faults count in a row while they have one cause and follow each other closely. A breaker that is open counts on and stays as it is,
// unless it was its probe that failed. One that opens is open for as long at least as the instance asked to be left alone.
const text = `
insert into colloquy.instance_breakers as b (tenant_id, instance_id, cause, failures, failed_at, openings, open_until)
select i.tenant_id, i.instance_id, $3, $4::int, n.now, case when $4::int >= $6::int or $5::boolean then 1 else 0 end,
  case when $4::int >= $6::int or $5::boolean then n.now + least($9::float8, greatest($8::float8, $11::float8)) * interval '1 millisecond' end
from colloquy.agent_instances i cross join (select colloquy.now_utc() as now) n
where i.tenant_id = $1 and i.instance_id = $2
on conflict (tenant_id, instance_id) do update set (cause, failures, failed_at, openings, open_until, probe_until) = (
  select excluded.cause, s.failures, excluded.failed_at,
    case when s.opens then s.openings else b.openings end,
    case when s.opens then excluded.failed_at
      + least($9::float8, greatest($8::float8 * s.openings, $11::float8)) * interval '1 millisecond' else b.open_until end,
    case when s.opens then null else b.probe_until end
  from (
    select c.failures, case when b.failed_at > excluded.failed_at - $10::float8 * interval '1 millisecond' then b.openings else 0 end + 1 as openings,
      $5::boolean or (b.open_until is null and c.failures >= $6::int) as opens
    from (
      select excluded.failures + case when b.cause = excluded.cause
        and b.failed_at > excluded.failed_at - $7::float8 * interval '1 millisecond' then b.failures else 0 end as failures
    ) c
  ) s
)
returning ${breakerColumns}`;

/** Counts faults of an instance, and opens its breaker with the last that may be in a row. No row for an instance that is gone. */
export function noteFaults({
  tenantId,
  instanceId,
  cause,
  failures,
  isProbe,
  askedMs,
}: FaultNote): Statement<BreakerRow> {
  return {
    name: 'note-faults',
    text,
    values: [
      uuidOf(tenantId),
      uuidOf(instanceId),
      cause,
      failures,
      isProbe,
      limits.breakerFaultsMax,
      limits.breakerFaultsWithinMs,
      limits.breakerOpenMs,
      limits.breakerOpenMsMax,
      limits.breakerPeaceMs,
      askedMs,
    ],
  };
}
