import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { AuditSearch, SearchPlace } from '../../../modules/audit/index.ts';
import type { Statement } from '../statement.ts';
import { sealedColumns } from './sealed-columns.ts';
import type { SealedRow } from './sealed-columns.ts';

/** The most common values. A partial index without them serves searches for any other value. */
const commonAction = 'task.completed';
const commonOutcome = 'succeeded';

/** The end of the year 9999. A range of time is always asked for, because a plan for all values is then one for few rows. */
const endOfTimeMs = 253_402_300_799_000;

interface Asked {
  readonly actor: boolean;
  readonly resource: boolean;
  readonly action: boolean;
  readonly outcome: boolean;
  readonly after: boolean;
}

/**
 * The text contains only the filters that are set, so that each kind of search has its own plan. The hash chain is searched by actor,
 * resource and time, the log by its rare values; both have the time of an entry. Under row-level security, PostgreSQL uses an index only for
 * plain comparisons: a COALESCE beside the column would be a filter.
 */
function textOf(has: Asked): string {
  const time = has.action || has.outcome ? 'e.occurred_at' : 'c.occurred_at';
  const place = `timestamptz 'epoch' + $9::bigint * interval '1 microsecond'`;
  return `
  select ${sealedColumns}
  from colloquy.audit_chain c
  join colloquy.audit_entries e on e.tenant_id = c.tenant_id and e.entry_id = c.entry_id
  where c.tenant_id = $1
    and ${time} >= to_timestamp($2::float8 / 1000)
    and ${time} < to_timestamp($3::float8 / 1000)
    and ${has.action ? `e.action = $4 and e.action <> '${commonAction}'` : '($4::text is null or e.action = $4)'}
    and ${has.outcome ? `e.outcome = $5 and e.outcome <> '${commonOutcome}'` : '($5::text is null or e.outcome = $5)'}
    and ${has.actor ? 'c.actor_id = $7' : '$7::text is null'}
    and ${has.resource ? 'c.resource = $8' : '$8::text is null'}
    and ${has.after ? `${time} <= ${place} and (${time}, c.seq) < (${place}, $10::bigint)` : '$9::bigint is null and $10::bigint is null'}
  order by ${time} desc, c.seq desc
  limit $6`;
}

/** The newest sealed entries after a place that match the filter. */
export function searchSealed(
  tenantId: TenantId,
  wanted: AuditSearch,
  after: SearchPlace | null,
  limit: number,
): Statement<SealedRow> {
  const { actorId, action, outcome, resource } = wanted;
  // A filter by actor or resource already has a narrower index.
  const isWide = actorId === null && resource === null;
  const has: Asked = {
    actor: actorId !== null,
    resource: resource !== null,
    action: isWide && action !== null && action !== commonAction,
    outcome: isWide && outcome !== null && outcome !== commonOutcome,
    after: after !== null,
  };
  const kind = Object.entries(has).flatMap(([name, isThere]) => (isThere ? [name] : []));
  return {
    name: ['search-sealed', ...kind].join('-'),
    text: textOf(has),
    values: [
      uuidOf(tenantId),
      wanted.fromMs ?? 0,
      wanted.untilMs ?? endOfTimeMs,
      action,
      outcome,
      limit,
      actorId,
      resource,
      after?.occurredAtMicros ?? null,
      after?.seq ?? null,
    ],
  };
}
