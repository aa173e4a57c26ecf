import { idOf, uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type {
  BreakerCause,
  BreakerStatus,
  BreakerStore,
  BreakerSubject,
  FaultNote,
} from '../../../modules/routing/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Breakers in PostgreSQL. `workers` reads those of every tenant; changes run as the instance's tenant, by `tenants`. */
export function createBreakerStore(workers: DatabasePool, tenants: DatabasePool): BreakerStore {
  const change = async <Row>({ tenantId }: BreakerSubject, statement: Statement<Row>): Promise<readonly Row[]> => {
    const options = { tenantIds: [uuidOf(tenantId)] };
    const [{ rows }] = await whenAvailable(inTransaction(tenants, options, [statement]));
    return rows;
  };
  return {
    async noteFaults(note) {
      const [row] = await change(note, noteFaults(note));
      return row === undefined ? null : statusOf(row);
    },
    async noteAnswer(subject, isProbe) {
      await change(subject, noteAnswer(subject, isProbe));
    },
    async claimProbe(subject) {
      return (await change(subject, claimProbe(subject))).length === 1;
    },
    async list() {
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [listBreakers()]));
      return rows.map(statusOf);
    },
  };
}

/** The columns of a breaker `b` of `colloquy.instance_breakers`. */
const breakerColumns = `b.tenant_id, b.instance_id, b.cause, b.failures,
  extract(epoch from b.open_until - colloquy.now_utc())::float8 * 1000 as open_for_ms`;

interface BreakerRow {
  readonly tenant_id: string;
  readonly instance_id: string;
  readonly cause: BreakerCause;
  readonly failures: number;
  readonly open_for_ms: number | null;
}

function statusOf(row: BreakerRow): BreakerStatus {
  const { tenant_id, instance_id, cause, failures, open_for_ms: openForMs } = row;
  return { tenantId: idOf('tnt', tenant_id), instanceId: idOf('ins', instance_id), cause, failures, openForMs };
}

const listBreakersText = `
select ${breakerColumns} from colloquy.instance_breakers b
where b.failures > 0 or b.open_until is not null
order by b.failed_at desc limit $1`;

/** Breakers of every tenant with consecutive faults, the latest fault first. */
function listBreakers(): Statement<BreakerRow> {
  return { name: 'list-breakers', text: listBreakersText, values: [limits.observedInstancesMax] };
}

const claimProbeText = `
update colloquy.instance_breakers set probe_until = colloquy.now_utc() + $3::float8 * interval '1 millisecond'
where tenant_id = $1 and instance_id = $2 and open_until <= colloquy.now_utc()
  and (probe_until is null or probe_until <= colloquy.now_utc())
returning instance_id`;

/** Claims the probe of an open breaker; a row for the one process that may let it through. */
function claimProbe({ tenantId, instanceId }: BreakerSubject): Statement {
  return {
    name: 'claim-probe',
    text: claimProbeText,
    values: [uuidOf(tenantId), uuidOf(instanceId), limits.breakerProbeMs],
  };
}

const noteAnswerText = `
update colloquy.instance_breakers set failures = 0, open_until = null, probe_until = null
where tenant_id = $1 and instance_id = $2 and ($3::boolean or (open_until is null and failures > 0))`;

/** Resets the consecutive faults. An open breaker is closed only by the answer to its probe. */
function noteAnswer({ tenantId, instanceId }: BreakerSubject, isProbe: boolean): Statement {
  return { name: 'note-answer', text: noteAnswerText, values: [uuidOf(tenantId), uuidOf(instanceId), isProbe] };
}

// Faults are consecutive while they have one cause and follow each other closely. An open breaker goes on counting and stays open for
// its time, unless its probe failed. A breaker opens at least for the time that the instance asked for (Retry-After).
const noteFaultsText = `
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

/** Counts faults of an instance, and opens its breaker at `limits.breakerFaultsMax` consecutive ones; no row when the instance is gone. */
function noteFaults({ tenantId, instanceId, cause, failures, isProbe, askedMs }: FaultNote): Statement<BreakerRow> {
  return {
    name: 'note-faults',
    text: noteFaultsText,
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
