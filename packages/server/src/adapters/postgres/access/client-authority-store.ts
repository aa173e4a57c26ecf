import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { AuthorityId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { ClientAuthority, ClientAuthorityStore } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { afterUuid } from './after-uuid.ts';
import { lockClientMeans } from './lock-client-means.ts';

/** Authorities of tenants in PostgreSQL, over a pool of the application's role. */
export function createClientAuthorityStore(pool: DatabasePool): ClientAuthorityStore {
  return {
    async add(tenantId, authority, entry) {
      const statements = [lockClientMeans(tenantId), insertClientAuthority(tenantId, authority, entry)] as const;
      const [, inserted] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements));
      const [row] = inserted.rows;
      if (row === undefined) return 'exists';
      return row.outcome === 'added' ? { ...authority, addedAt: row.added_at } : row.outcome;
    },
    async list(tenantId, page) {
      const statement = listClientAuthorities(tenantId, page);
      return (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows.map(authorityOf);
    },
    async remove(tenantId, authorityId, entry) {
      const statement = deleteClientAuthority(tenantId, authorityId, entry);
      const [removed] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
      return removed.rows.length === 1;
    },
  };
}

export const clientAuthorityPorts = (pool: DatabasePool) => ({ authorities: createClientAuthorityStore(pool) });

function authorityOf(row: ClientAuthorityRow): ClientAuthority {
  const { authority_id: id, name, certificate, thumbprint, subject, expires_at: expiresAt, added_at: addedAt } = row;
  return { authorityId: idOf('aut', id), name, certificate, thumbprint, subject, expiresAt, addedAt };
}

/** Removes an authority and writes the audit entry; no row when the tenant trusts no such authority. */
function deleteClientAuthority(tenantId: TenantId, authorityId: AuthorityId, entry: NewAuditEntry): Statement {
  return {
    name: 'delete-client-authority',
    text: `
      with removed as (
        delete from colloquy.client_authorities where tenant_id = $1 and authority_id = $2 returning authority_id
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $3, $4, $5, $6, $7, $8, $9 from removed
      )
      select authority_id from removed`,
    values: [uuidOf(tenantId), uuidOf(authorityId), ...auditEntryValues(entry)],
  };
}

interface InsertedAuthorityRow {
  readonly outcome: 'added' | 'exists' | 'full';
  readonly added_at: Date;
}

/** Adds an authority with its audit entry. When the tenant has this authority or its maximum, only the entry is written, as refused. */
function insertClientAuthority(
  tenantId: TenantId,
  authority: Omit<ClientAuthority, 'addedAt'>,
  entry: NewAuditEntry,
): Statement<InsertedAuthorityRow> {
  return {
    name: 'insert-client-authority',
    text: `
      with known as (
        select case
          when exists (select from colloquy.client_authorities where tenant_id = $1 and thumbprint = $5) then 'exists'
          when (select count(*) from colloquy.client_authorities where tenant_id = $1) >= $8 then 'full'
          else 'added' end as outcome
      ), made as (
        insert into colloquy.client_authorities (tenant_id, authority_id, name, certificate, thumbprint, subject, expires_at)
        select $1, $2, $3, $4, $5, $6, $7 from known where outcome = 'added'
        returning added_at
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $9, $10, $11, case outcome when 'added' then $12 else 'refused' end, $13, $14, $15 from known
      )
      select outcome, added_at from known left join made on true`,
    values: [
      uuidOf(tenantId),
      uuidOf(authority.authorityId),
      authority.name,
      authority.certificate,
      authority.thumbprint,
      authority.subject,
      authority.expiresAt,
      limits.clientAuthoritiesMax,
      ...auditEntryValues(entry),
    ],
  };
}

interface ClientAuthorityRow {
  readonly authority_id: string;
  readonly name: string;
  readonly certificate: string;
  readonly thumbprint: string;
  readonly subject: string;
  readonly expires_at: Date;
  readonly added_at: Date;
}

/** A tenant's authorities after an id, in the order of ids. */
function listClientAuthorities(tenantId: TenantId, page: PageRequest): Statement<ClientAuthorityRow> {
  return {
    name: 'list-client-authorities',
    text: `
      select authority_id, name, certificate, thumbprint, subject, expires_at, added_at from colloquy.client_authorities
      where tenant_id = $1 and authority_id > $2 order by authority_id limit $3`,
    values: [uuidOf(tenantId), afterUuid(page.after), page.limit],
  };
}
