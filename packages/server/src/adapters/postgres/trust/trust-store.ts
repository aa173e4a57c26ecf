import type { JsonObject } from '@colloquy/protocol';
import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { CardPolicy, NewCardKey, TrustStore, TrustedCardKey } from '../../../modules/trust/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** The columns that show a trusted card key. */
const cardKeyColumns = 'k.kid, k.name, k.algorithms, k.public_jwk, k.added_by, k.created_at, k.revoked_at';

interface CardKeyRow {
  readonly kid: string;
  readonly name: string;
  readonly algorithms: readonly string[];
  readonly public_jwk: JsonObject;
  readonly added_by: string;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

function cardKeyOf(row: CardKeyRow): TrustedCardKey {
  return {
    kid: row.kid,
    name: row.name,
    algorithms: row.algorithms,
    publicJwk: row.public_jwk,
    addedBy: row.added_by,
    addedAt: row.created_at,
    revokedAt: row.revoked_at,
  };
}

/** The trust of tenants in PostgreSQL, over a pool of the application's role. */
export function createTrustStore(pool: DatabasePool): TrustStore {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  return {
    async addKey(tenantId, key, entry) {
      const statements = [lockCardKeys(tenantId), insertCardKey(tenantId, key, entry)] as const;
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [, inserted] = await whenAvailable(inTransaction(pool, options, statements));
      const [row] = inserted.rows;
      if (row === undefined) return 'exists';
      return row.outcome === 'added' ? cardKeyOf(row) : row.outcome;
    },
    async listKeys(tenantId, page) {
      return (await read(tenantId, listCardKeys(tenantId, page))).map(cardKeyOf);
    },
    async findKeys(tenantId, kids) {
      return (await read(tenantId, findCardKeys(tenantId, kids))).map(cardKeyOf);
    },
    async revokeKey(tenantId, kid, entry) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [revoked] = await whenAvailable(inTransaction(pool, options, [revokeCardKey(tenantId, kid, entry)]));
      return revoked.rows.length === 1;
    },
    async findPolicy(tenantId) {
      const [row] = await read(tenantId, findCardPolicy(tenantId));
      return row ?? null;
    },
    async setPolicy(tenantId, policy, entry) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      await whenAvailable(inTransaction(pool, options, [setCardPolicy(tenantId, policy, entry)]));
    },
  };
}

export const trustPorts = (pool: DatabasePool) => ({ trust: createTrustStore(pool) });

const findCardKeysSql = `
  select ${cardKeyColumns} from colloquy.trusted_card_keys k
  where k.tenant_id = $1 and k.kid = any ($2::text[]) and k.revoked_at is null`;

/** The keys of these ids that are not revoked. */
function findCardKeys(tenantId: TenantId, kids: readonly string[]): Statement<CardKeyRow> {
  return { name: 'find-card-keys', text: findCardKeysSql, values: [uuidOf(tenantId), [...kids]] };
}

const findCardPolicySql = `select signatures, approval from colloquy.card_policies where tenant_id = $1`;

/** The card policy of a tenant; no row when it has set none. */
function findCardPolicy(tenantId: TenantId): Statement<CardPolicy> {
  return { name: 'find-card-policy', text: findCardPolicySql, values: [uuidOf(tenantId)] };
}

interface InsertedCardKeyRow extends CardKeyRow {
  readonly outcome: 'added' | 'exists' | 'full';
}

const insertCardKeySql = `
  with known as (
    select exists (select from colloquy.trusted_card_keys where tenant_id = $1 and kid = $2) as is_taken,
      (select count(*) from colloquy.trusted_card_keys where tenant_id = $1 and revoked_at is null) >= $7 as is_full
  ), k as (
    insert into colloquy.trusted_card_keys (tenant_id, kid, name, algorithms, public_jwk, added_by)
    select $1, $2, $3, $4, $5, $6 from known where not is_taken and not is_full
    returning *
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $8, $9, $10, case when is_taken or is_full then 'refused' else $11 end, $12, $13, $14 from known
  )
  select case when is_taken then 'exists' when is_full then 'full' else 'added' end as outcome, ${cardKeyColumns}
  from known left join k on true`;

/** Adds a key with its audit entry. Only the entry is written, as refused, when the id is taken or the tenant has its maximum of keys. */
function insertCardKey(tenantId: TenantId, key: NewCardKey, entry: NewAuditEntry): Statement<InsertedCardKeyRow> {
  return {
    name: 'insert-card-key',
    text: insertCardKeySql,
    values: [
      uuidOf(tenantId),
      key.kid,
      key.name,
      [...key.algorithms],
      JSON.stringify(key.publicJwk),
      key.addedBy,
      limits.trustedCardKeysMax,
      ...auditEntryValues(entry),
    ],
  };
}

const listCardKeysSql = `
  select ${cardKeyColumns} from colloquy.trusted_card_keys k
  where k.tenant_id = $1 and k.kid > $2 collate "C"
  order by k.kid collate "C"
  limit $3`;

/** A tenant's keys, revoked ones too, in the order of their ids. Every id is greater than the empty text. */
function listCardKeys(tenantId: TenantId, { after, limit }: PageRequest): Statement<CardKeyRow> {
  return { name: 'list-card-keys', text: listCardKeysSql, values: [uuidOf(tenantId), after ?? '', limit] };
}

const lockCardKeysSql = `select pg_advisory_xact_lock(hashtextextended('trusted card keys ' || $1::text, 0))`;

/** Makes additions of one tenant wait for each other, so that their number is counted right. */
function lockCardKeys(tenantId: TenantId): Statement {
  return { name: 'lock-card-keys', text: lockCardKeysSql, values: [uuidOf(tenantId)] };
}

const revokeCardKeySql = `
  with revoked as (
    update colloquy.trusted_card_keys set revoked_by = $4, revoked_at = colloquy.now_utc()
    where tenant_id = $1 and kid = $2 and revoked_at is null
    returning kid
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $3, $4, $5, $6, $7, $8, $9 from revoked
  )
  select kid from revoked`;

/** Revokes a key and writes the audit entry; no row when the tenant trusts no such key. */
function revokeCardKey(tenantId: TenantId, kid: string, entry: NewAuditEntry): Statement {
  return {
    name: 'revoke-card-key',
    text: revokeCardKeySql,
    values: [uuidOf(tenantId), kid, ...auditEntryValues(entry)],
  };
}

const setCardPolicySql = `
  with chosen as (
    insert into colloquy.card_policies (tenant_id, signatures, approval, changed_by) values ($1, $2, $3, $5)
    on conflict (tenant_id) do update
      set signatures = excluded.signatures, approval = excluded.approval, changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
    returning tenant_id
  )
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, $4, $5, $6, $7, $8, $9, $10 from chosen`;

/** Sets the card policy of a tenant, and writes the audit entry. */
function setCardPolicy(tenantId: TenantId, policy: CardPolicy, entry: NewAuditEntry): Statement {
  return {
    name: 'set-card-policy',
    text: setCardPolicySql,
    values: [uuidOf(tenantId), policy.signatures, policy.approval, ...auditEntryValues(entry)],
  };
}
