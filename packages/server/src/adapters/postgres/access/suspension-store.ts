import { PlatformError } from '../../../kernel/errors.ts';
import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Suspension, SuspensionKind, SuspensionStore, SuspensionTarget } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Suspensions in PostgreSQL, over a pool of the application's role. */
export function createSuspensionStore(pool: DatabasePool): SuspensionStore {
  const rowsOf = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    return rows;
  };
  return {
    async set(tenantId, suspension, entry) {
      const [created] = await rowsOf(tenantId, insertSuspension(tenantId, suspension, entry));
      // A statement of its own, because the first may have waited for the one that was quicker.
      const [row] = created === undefined ? await rowsOf(tenantId, findSuspension(tenantId, suspension)) : [created];
      // The suspension was lifted between the two statements: the caller has to retry.
      if (row === undefined) throw new PlatformError('platform.unavailable');
      return suspensionOf(row);
    },
    async lift(tenantId, target, entry) {
      return (await rowsOf(tenantId, liftSuspension(tenantId, target, entry))).length === 1;
    },
    async list(tenantId, wanted) {
      return (await rowsOf(tenantId, listSuspensions(tenantId, wanted))).map(suspensionOf);
    },
  };
}

export const suspensionPorts = (pool: DatabasePool) => ({ suspensions: createSuspensionStore(pool) });

function suspensionOf({
  kind,
  name,
  reason,
  stopped_by: suspendedBy,
  stopped_at: suspendedAt,
}: SuspensionRow): Suspension {
  return { kind, name, reason, suspendedBy, suspendedAt };
}

/** The suspension of a target, while it is in force. */
function findSuspension(tenantId: TenantId, { kind, name }: SuspensionTarget): Statement<SuspensionRow> {
  return {
    name: 'find-stop',
    text: `
      select kind, name, reason, stopped_by, stopped_at from colloquy.stops
      where tenant_id = $1 and kind = $2 and name = $3 and resumed_at is null`,
    values: [uuidOf(tenantId), kind, name],
  };
}

/** Suspends a target, with its audit entry. No row when it is suspended already. */
function insertSuspension(
  tenantId: TenantId,
  suspension: Omit<Suspension, 'suspendedAt'>,
  entry: NewAuditEntry,
): Statement<SuspensionRow> {
  return {
    name: 'set-stop',
    text: insertSuspensionSql,
    values: [
      uuidOf(tenantId),
      suspension.kind,
      suspension.name,
      suspension.reason,
      suspension.suspendedBy,
      ...auditEntryValues(entry),
    ],
  };
}

const insertSuspensionSql = `
with created as (
  insert into colloquy.stops (tenant_id, kind, name, reason, stopped_by) values ($1, $2, $3, $4, $5)
  on conflict (tenant_id, kind, name) where resumed_at is null do nothing
  returning kind, name, reason, stopped_by, stopped_at
), noted as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select $1, $6, $7, $8, $9, $10, $11, $12 from created
)
select kind, name, reason, stopped_by, stopped_at from created`;

/** Lifts the suspension of a target, with its audit entry; no row when the target is not suspended. */
function liftSuspension(
  tenantId: TenantId,
  { kind, name }: SuspensionTarget,
  entry: NewAuditEntry,
): Statement<{ readonly stop_id: string }> {
  return {
    name: 'lift-stop',
    text: `
      with lifted as (
        update colloquy.stops set resumed_at = colloquy.now_utc()
        where tenant_id = $1 and kind = $2 and name = $3 and resumed_at is null returning stop_id
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $4, $5, $6, $7, $8, $9, $10 from lifted
      )
      select stop_id from lifted`,
    values: [uuidOf(tenantId), kind, name, ...auditEntryValues(entry)],
  };
}

interface SuspensionRow {
  /** One of the values that the table's check allows. */
  readonly kind: SuspensionKind;
  readonly name: string;
  readonly reason: string;
  readonly stopped_by: string;
  readonly stopped_at: Date;
}

/** A tenant's suspensions in force after a target, in the order of kind and name. */
function listSuspensions(
  tenantId: TenantId,
  { after, limit }: { readonly after: SuspensionTarget | null; readonly limit: number },
): Statement<SuspensionRow> {
  return {
    name: 'list-stops',
    text: `
      select kind, name, reason, stopped_by, stopped_at from colloquy.stops
      where tenant_id = $1 and resumed_at is null and (kind, name) > ($2, $3)
      order by kind, name limit $4`,
    values: [uuidOf(tenantId), after?.kind ?? '', after?.name ?? '', limit],
  };
}
