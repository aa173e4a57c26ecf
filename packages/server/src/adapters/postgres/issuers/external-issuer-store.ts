import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { IssuerId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type {
  ExternalIssuerStore,
  IssuerSettings,
  NewExternalIssuer,
  TokenAddress,
} from '../../../modules/issuers/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { issuerColumns, issuerOf, settingsOf } from './issuer-row.ts';
import type { IssuerRow, IssuerSettingsColumns } from './issuer-row.ts';

/** External issuers in PostgreSQL, over a pool of the application's role. */
export function createExternalIssuerStore(pool: DatabasePool): ExternalIssuerStore {
  const run = async <Row>(tenantIds: readonly TenantId[], statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: tenantIds.map(uuidOf) }, [statement]));
    return rows;
  };
  return {
    async register(tenantId, issuer, entry) {
      const statements = [lockIssuers(tenantId), registerIssuer(tenantId, issuer, entry)] as const;
      const [, { rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements));
      const [row] = rows;
      if (row === undefined) return 'exists';
      return row.outcome === 'registered' ? issuerOf(row) : row.outcome;
    },
    async change(tenantId, issuerId, settings, entry) {
      const [row] = await run([tenantId], changeIssuer(tenantId, { issuerId, settings }, entry));
      return row === undefined ? null : issuerOf(row);
    },
    async remove(tenantId, issuerId, entry) {
      return (await run([tenantId], removeIssuer(tenantId, issuerId, entry))).length === 1;
    },
    async list(tenantId, page) {
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), listIssuers(tenantId, page)));
      return rows.map(issuerOf);
    },
    async find(address) {
      const [row] = await run([], findIssuer(address));
      if (row === undefined) return null;
      const { tenant_id: id, tenant_slug: slug, issuer_id: issuerId } = row;
      return {
        ...settingsOf(row),
        issuerId: idOf('iss', issuerId.slice(4)),
        tenant: { id: idOf('tnt', id), slug },
      };
    },
  };
}

export const externalIssuerPorts = (pool: DatabasePool) => ({ issuers: createExternalIssuerStore(pool) });

interface IssuerChange {
  readonly issuerId: IssuerId;
  readonly settings: IssuerSettings;
}

const changeIssuerSql = `
  with i as (
    update colloquy.external_issuers
    set name = $3, algorithms = $4, token_type = $5, subject_claim = $6, scopes_claim = $7, scope_map = $8
    where tenant_id = $1 and issuer_id = $2 and removed_at is null
    returning *
  ), noted as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $9, $10, $11, $12, $13, $14, $15 from i
  )
  select ${issuerColumns} from i`;

/** Changes the settings of an issuer and writes the audit entry; no row when the tenant has no such issuer. */
function changeIssuer(
  tenantId: TenantId,
  { issuerId, settings }: IssuerChange,
  entry: NewAuditEntry,
): Statement<IssuerRow> {
  return {
    name: 'change-external-issuer',
    text: changeIssuerSql,
    values: [
      uuidOf(tenantId),
      issuerId,
      settings.name,
      settings.algorithms,
      settings.tokenType,
      settings.subjectClaim,
      settings.scopesClaim,
      JSON.stringify(settings.scopeMap),
      ...auditEntryValues(entry),
    ],
  };
}

interface IssuerLookupRow extends IssuerSettingsColumns {
  readonly tenant_id: string;
  readonly tenant_slug: string;
  readonly issuer_id: string;
}

const findIssuerSql = `
  select tenant_id, tenant_slug, issuer_id, algorithms, token_type, subject_claim, scopes_claim, scope_map
  from colloquy.find_external_issuer($1, $2)`;

/** The registration, of any tenant, for the issuer and audience of a token. */
function findIssuer({ issuer, audience }: TokenAddress): Statement<IssuerLookupRow> {
  return { name: 'find-external-issuer', text: findIssuerSql, values: [issuer, audience] };
}

const listIssuersSql = `
  select ${issuerColumns} from colloquy.external_issuers i
  where i.tenant_id = $1 and i.issuer_id > $2 order by i.issuer_id limit $3`;

/** A tenant's issuers after an id, in the order of ids, removed ones too. */
function listIssuers(tenantId: TenantId, { after, limit }: PageRequest): Statement<IssuerRow> {
  return { name: 'list-external-issuers', text: listIssuersSql, values: [uuidOf(tenantId), after ?? '', limit] };
}

const lockIssuersSql = `select pg_advisory_xact_lock(hashtextextended('external issuers ' || $1::text, 0))`;

/** Makes registrations of one tenant wait for each other, so that its issuers are counted right. */
function lockIssuers(tenantId: TenantId): Statement {
  return { name: 'lock-external-issuers', text: lockIssuersSql, values: [uuidOf(tenantId)] };
}

interface RegisteredIssuerRow extends IssuerRow {
  readonly outcome: 'registered' | 'exists' | 'full';
}

const registerIssuerSql = `
  with held as (
    select count(*) >= $12 as is_full from colloquy.external_issuers where tenant_id = $1 and removed_at is null
  ), i as (
    insert into colloquy.external_issuers
      (tenant_id, issuer_id, name, issuer, audience, algorithms, token_type, subject_claim, scopes_claim, scope_map, added_by)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 from held where not is_full
    on conflict (issuer, audience) where removed_at is null do nothing
    returning *
  ), noted as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    values ($1, $13, $14, $15, case when exists (select from i) then $16 else 'refused' end, $17, $18, $19)
  )
  select case when is_full then 'full' when i.issuer_id is null then 'exists' else 'registered' end as outcome, ${issuerColumns}
  from held left join i on true`;

/**
 * Adds an issuer with its audit entry. Only the entry is written, as refused, when issuer and audience are registered or the tenant has its
 * maximum. Needs the lock of `lockIssuers` in a statement before it.
 */
function registerIssuer(
  tenantId: TenantId,
  issuer: NewExternalIssuer,
  entry: NewAuditEntry,
): Statement<RegisteredIssuerRow> {
  return {
    name: 'register-external-issuer',
    text: registerIssuerSql,
    values: [
      uuidOf(tenantId),
      issuer.issuerId,
      issuer.name,
      issuer.issuer,
      issuer.audience,
      issuer.algorithms,
      issuer.tokenType,
      issuer.subjectClaim,
      issuer.scopesClaim,
      JSON.stringify(issuer.scopeMap),
      issuer.addedBy,
      limits.externalIssuersPerTenantMax,
      ...auditEntryValues(entry),
    ],
  };
}

const removeIssuerSql = `
  with removed as (
    update colloquy.external_issuers set removed_at = colloquy.now_utc()
    where tenant_id = $1 and issuer_id = $2 and removed_at is null
    returning issuer_id
  ), noted as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $3, $4, $5, $6, $7, $8, $9 from removed
  )
  select issuer_id from removed`;

/** Removes an issuer and writes the audit entry; no row when the tenant has no such issuer. */
function removeIssuer(tenantId: TenantId, issuerId: IssuerId, entry: NewAuditEntry): Statement {
  return {
    name: 'remove-external-issuer',
    text: removeIssuerSql,
    values: [uuidOf(tenantId), issuerId, ...auditEntryValues(entry)],
  };
}
