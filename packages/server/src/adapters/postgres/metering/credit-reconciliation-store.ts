import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { eventUuidOf } from '../../../kernel/outbox-event.ts';
import type { EventType } from '../../../kernel/outbox-event.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type {
  CreditDrift,
  CreditReconciliation,
  CreditReconciliationStore,
  CreditReconciliationWork,
  DriftOf,
} from '../../../modules/metering/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import { outboxKeptMax } from '../event-outbox.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { balanceOf } from './credit-ledger-store.ts';
import type { WalletRow } from './credit-ledger-store.ts';
import { totalsBefore, totalsOf, totalsOfAll } from './ledger-totals.ts';
import type { TotalsJson } from './ledger-totals.ts';

/** Reconciliations in PostgreSQL: `tenants` reads and writes as the tenant, over the application's role. */
export function createReconciliationStore(tenants: DatabasePool): CreditReconciliationStore {
  return {
    async advanceCheckpoint(tenantId) {
      const statement = advanceCheckpoint(tenantId);
      const [{ rows }] = await whenAvailable(inTransaction(tenants, { tenantIds: [uuidOf(tenantId)] }, [statement]));
      return rows.length > 0;
    },
    async readBooks(tenantId, reads) {
      const statement = reads === 'every-entry' ? readAllBooks(tenantId) : readNewBooks(tenantId);
      const { rows } = await whenAvailable(readInTenant(tenants, uuidOf(tenantId), statement));
      const [row] = rows;
      if (row === undefined) throw new Error('The tenant has no wallet.');
      return {
        wallet: balanceOf(row),
        checkedAvailableMicrocredits: row.checked_available_microcredits,
        totals: totalsOf(row.totals),
        checkpointTotals: totalsOf(row.checkpoint_totals),
        openMicrocredits: row.open_microcredits,
        leftMicrocredits: row.left_microcredits,
      };
    },
    async record(drifts, entry) {
      const { tenantId } = entry;
      const statements = [addReconciliation(tenantId), recordDrifts(drifts, entry), find(tenantId)] as const;
      const forgets = drifts.some(({ of }) => of === 'checkpoints') ? [forgetCheckpoints(tenantId)] : [];
      const [, , found] = await whenAvailable(
        inTransaction(tenants, { tenantIds: [uuidOf(tenantId)] }, [...statements, ...forgets]),
      );
      return reconciliationOf(found.rows[0]);
    },
    async find(tenantId) {
      const { rows } = await whenAvailable(readInTenant(tenants, uuidOf(tenantId), find(tenantId)));
      return reconciliationOf(rows[0]);
    },
  };
}

export const creditReconciliationPorts = (pool: DatabasePool) => ({ reconciliations: createReconciliationStore(pool) });

/** As above, with that part of the port that only workers need: `workers` finds which tenants are due. */
export function createReconciliationWork(workers: DatabasePool, tenants: DatabasePool): CreditReconciliationWork {
  return {
    ...createReconciliationStore(tenants),
    async findDue(olderThanMs, tenantsMax) {
      const [{ rows }] = await whenAvailable(
        inTransaction(workers, { tenantIds: [] }, [findDue(olderThanMs, tenantsMax)]),
      );
      return rows.map(({ tenant_id }) => idOf('tnt', tenant_id));
    },
    async totalDrift() {
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [sumDrift]));
      return BigInt(rows[0]?.total ?? 0);
    },
  };
}

// Midnights of UTC are 24 hours apart, whatever the time zone of the session. One step sums the entries of one day.
const advanceText = `
  insert into colloquy.credit_checkpoints (tenant_id, until, totals)
  with begun as (
    select date_trunc('day', e.created_at, 'UTC') as since
    from (select coalesce(max(until), '-infinity') as until from colloquy.credit_checkpoints where tenant_id = $1) c
    cross join lateral (
      select created_at from colloquy.ledger_entries where tenant_id = $1 and created_at >= c.until order by created_at limit 1
    ) e
  ), span as (
    select since, least(since + interval '24 hours',
      date_trunc('day', colloquy.now_utc() - $2::float8 * interval '1 millisecond', 'UTC')) as until
    from begun
  )
  select $1, span.until, ${totalsBefore('span.until')} from span where span.until > span.since
  on conflict do nothing
  returning until`;

function advanceCheckpoint(tenantId: TenantId): Statement {
  const values = [uuidOf(tenantId), limits.creditCheckpointAfterMs];
  return { name: 'advance-credit-checkpoint', text: advanceText, values };
}

interface BooksRow extends WalletRow {
  readonly checked_available_microcredits: bigint;
  readonly totals: TotalsJson;
  readonly checkpoint_totals: TotalsJson;
  readonly open_microcredits: bigint;
  readonly left_microcredits: bigint;
}

// The three columns of open tasks have indexes: a task that has not ended and has none of them is not worked on, and its reservation is adrift.
const booksText = (totals: string, checkpointTotals: string): string => `
  with sums as materialized (select ${totals} as totals)
  select w.granted_microcredits, w.available_microcredits, w.reserved_microcredits, w.used_microcredits, w.expired_microcredits,
    w.overage_microcredits, w.checked_available_microcredits, sums.totals, ${checkpointTotals} as checkpoint_totals,
    (
      select coalesce(sum(t.reserved_microcredits), 0)::bigint from colloquy.tasks t
      where t.tenant_id = $1 and t.state in ('submitted', 'working', 'input-required', 'auth-required')
        and (t.node_id is not null or t.waiting_since is not null or t.queue_rank is not null)
    ) as open_microcredits,
    (
      select coalesce(sum(g.left_microcredits), 0)::bigint from colloquy.credit_grants g where g.tenant_id = $1 and g.lapsed_at is null
    ) as left_microcredits
  from colloquy.wallets w cross join sums where w.tenant_id = $1`;

const sinceCheckpoint = totalsBefore(`timestamptz 'infinity'`);
const allBooksText = booksText(totalsOfAll, sinceCheckpoint);
const newBooksText = booksText(sinceCheckpoint, 'sums.totals');

function readAllBooks(tenantId: TenantId): Statement<BooksRow> {
  return { name: 'read-all-credit-books', text: allBooksText, values: [uuidOf(tenantId)] };
}

function readNewBooks(tenantId: TenantId): Statement<BooksRow> {
  return { name: 'read-new-credit-books', text: newBooksText, values: [uuidOf(tenantId)] };
}

/** A drift as it is stored: amounts are texts, which stay exact. */
interface DriftJson {
  readonly of: DriftOf;
  readonly expectedMicrocredits: string;
  readonly foundMicrocredits: string;
}

interface ReconciliationRow {
  readonly checked_at: Date;
  readonly drifts: readonly DriftJson[];
}

function reconciliationOf(row: ReconciliationRow | undefined): CreditReconciliation {
  if (row === undefined) return { checkedAt: null, drifts: [] };
  const drifts = row.drifts.map(({ of, expectedMicrocredits: expected, foundMicrocredits: found }) => ({
    of,
    expectedMicrocredits: BigInt(expected),
    foundMicrocredits: BigInt(found),
  }));
  return { checkedAt: row.checked_at, drifts };
}

function find(tenantId: TenantId): Statement<ReconciliationRow> {
  return {
    name: 'find-credit-reconciliation',
    text: 'select checked_at, drifts from colloquy.credit_reconciliations where tenant_id = $1',
    values: [uuidOf(tenantId)],
  };
}

/** A row to lock, so that one of several that find the same drift writes its audit entry. */
function addReconciliation(tenantId: TenantId): Statement {
  return {
    name: 'add-credit-reconciliation',
    text: `
      insert into colloquy.credit_reconciliations (tenant_id, checked_at, drifts) values ($1, colloquy.now_utc(), '[]') on conflict do nothing`,
    values: [uuidOf(tenantId)],
  };
}

// A drift is the same while its differences are: the amounts themselves move with every task.
const differences = (drifts: string): string => `(
  select jsonb_agg(jsonb_build_array(d ->> 'of', (d ->> 'foundMicrocredits')::numeric - (d ->> 'expectedMicrocredits')::numeric))
  from jsonb_array_elements(${drifts}) d
)`;

const recordText = `
  with former as materialized (
    select drifts from colloquy.credit_reconciliations where tenant_id = $1 for update
  ), written as (
    update colloquy.credit_reconciliations
    set checked_at = colloquy.now_utc(), drifts = $2::jsonb, drift_microcredits = (
      select coalesce(sum(abs((d ->> 'foundMicrocredits')::numeric - (d ->> 'expectedMicrocredits')::numeric)), 0) from jsonb_array_elements($2::jsonb) d)
    where tenant_id = $1
  ), is_new as materialized (
    select from former
    where $2::jsonb <> '[]' and ${differences('former.drifts')} is distinct from ${differences('$2::jsonb')}
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $3, $4, $5, $6, $7, $8, $9 from is_new
  )
  select colloquy.append_to_outbox($1, jsonb_build_array(jsonb_build_object('eventId', $10::uuid, 'type', $11::text, 'subject', 'credits',
    'time', colloquy.now_utc(), 'data', jsonb_build_object('drifts', $2::jsonb))), $12) from is_new`;

const driftEvent: EventType = 'dev.colloquy.credits.drift.v1';

function recordDrifts(drifts: readonly CreditDrift[], entry: NewAuditEntry): Statement {
  const stored: DriftJson[] = drifts.map(({ of, expectedMicrocredits, foundMicrocredits }) => ({
    of,
    expectedMicrocredits: String(expectedMicrocredits),
    foundMicrocredits: String(foundMicrocredits),
  }));
  return {
    name: 'record-credit-reconciliation',
    text: recordText,
    values: [
      uuidOf(entry.tenantId),
      JSON.stringify(stored),
      ...auditEntryValues(entry),
      eventUuidOf(driftEvent, entry.entryId),
      driftEvent,
      outboxKeptMax,
    ],
  };
}

function forgetCheckpoints(tenantId: TenantId): Statement {
  return {
    name: 'forget-credit-checkpoints',
    text: 'delete from colloquy.credit_checkpoints where tenant_id = $1',
    values: [uuidOf(tenantId)],
  };
}

function findDue(olderThanMs: number, tenantsMax: number): Statement<{ tenant_id: string }> {
  return {
    name: 'find-due-credit-reconciliations',
    text: `
      select w.tenant_id from colloquy.wallets w left join colloquy.credit_reconciliations r on r.tenant_id = w.tenant_id
      where r.checked_at is null or r.checked_at <= colloquy.now_utc() - $1::float8 * interval '1 millisecond'
      order by r.checked_at nulls first limit $2`,
    values: [olderThanMs, tenantsMax],
  };
}

const sumDrift: Statement<{ total: string }> = {
  name: 'sum-credit-drift',
  text: 'select coalesce(sum(drift_microcredits), 0)::text as total from colloquy.credit_reconciliations',
  values: [],
};
