import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { AuditSearch, SearchPlace } from '../../../modules/audit/index.ts';
import type { Statement } from '../statement.ts';
import { sealedColumns } from './sealed-columns.ts';
import type { SealedRow } from './sealed-columns.ts';

/** What is not asked for is left out of the text, so that each kind of search has a plan of its own. */
function textOf(has: { readonly actor: boolean; readonly resource: boolean; readonly after: boolean }): string {
  return `
  select ${sealedColumns}
  from colloquy.audit_chain c
  join colloquy.audit_entries e on e.tenant_id = c.tenant_id and e.entry_id = c.entry_id
  where c.tenant_id = $1
    and c.occurred_at >= coalesce(to_timestamp($2::float8 / 1000), '-infinity')
    and c.occurred_at < coalesce(to_timestamp($3::float8 / 1000), 'infinity')
    and ($4::text is null or e.action = $4)
    and ($5::text is null or e.outcome = $5)
    ${has.actor ? 'and c.actor_id = $7' : 'and $7::text is null'}
    ${has.resource ? 'and c.resource = $8' : 'and $8::text is null'}
    ${has.after ? "and (c.occurred_at, c.seq) < (timestamptz 'epoch' + $9::bigint * interval '1 microsecond', $10::bigint)" : 'and $9::bigint is null and $10::bigint is null'}
  order by c.occurred_at desc, c.seq desc
  limit $6`;
}

/** The newest sealed entries behind a place that are looked for. */
export function searchSealed(
  tenantId: TenantId,
  wanted: AuditSearch,
  after: SearchPlace | null,
  limit: number,
): Statement<SealedRow> {
  const has = { actor: wanted.actorId !== null, resource: wanted.resource !== null, after: after !== null };
  const kind = Object.entries(has).flatMap(([name, isThere]) => (isThere ? [name] : []));
  return {
    name: ['search-sealed', ...kind].join('-'),
    text: textOf(has),
    values: [
      uuidOf(tenantId),
      wanted.fromMs,
      wanted.untilMs,
      wanted.action,
      wanted.outcome,
      limit,
      wanted.actorId,
      wanted.resource,
      after?.occurredAtMicros ?? null,
      after?.seq ?? null,
    ],
  };
}
