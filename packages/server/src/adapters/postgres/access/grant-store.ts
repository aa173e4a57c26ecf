import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { GrantId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { Grant, GrantStore, GrantsWanted, NewGrant, Role } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

interface GrantRow {
  readonly grant_id: string;
  readonly principal_id: string;
  /** One of the values that the table's check allows. */
  readonly role: Role;
  readonly agent_name: string | null;
  readonly skill_id: string | null;
  readonly granted_by: string;
  readonly created_at: Date;
}

function grantOf(row: GrantRow): Grant {
  return {
    grantId: idOf('grt', row.grant_id),
    principalId: row.principal_id,
    role: row.role,
    agentName: row.agent_name,
    skillId: row.skill_id,
    grantedBy: row.granted_by,
    createdAt: row.created_at,
  };
}

/** Grants in PostgreSQL, over a pool of the application's role. */
export function createGrantStore(pool: DatabasePool): GrantStore {
  const rowsOf = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    return rows;
  };
  return {
    async create(grant, entry) {
      const [row] = await rowsOf(grant.tenantId, createGrant(grant, limits.grantsPerPrincipalMax, entry));
      return row === undefined ? null : grantOf({ ...row, ...columnsOf(grant) });
    },
    async find(tenantId, grantId) {
      const [row] = await rowsOf(tenantId, findGrant(tenantId, grantId));
      return row === undefined ? null : grantOf(row);
    },
    async list(tenantId, wanted) {
      return (await rowsOf(tenantId, listGrants(tenantId, wanted))).map(grantOf);
    },
    async remove(tenantId, grantId, entry) {
      return (await rowsOf(tenantId, removeGrant(tenantId, grantId, entry))).length === 1;
    },
  };
}

export const grantPorts = (pool: DatabasePool) => ({ grants: createGrantStore(pool) });

function columnsOf({ principalId, role, agentName, skillId }: Parameters<GrantStore['create']>[0]) {
  return { principal_id: principalId, role, agent_name: agentName, skill_id: skillId };
}

interface CreatedGrantRow {
  readonly grant_id: string;
  readonly granted_by: string;
  readonly created_at: Date;
  readonly is_new: boolean;
}

/** Grants a role with its audit entry. When the principal has the same role at the same place, its existing grant is returned. */
function createGrant(grant: NewGrant, grantsMax: number, entry: NewAuditEntry): Statement<CreatedGrantRow> {
  return {
    name: 'create-grant',
    text: createGrantSql,
    values: [
      uuidOf(grant.tenantId),
      uuidOf(grant.grantId),
      grant.principalId,
      grant.role,
      grant.agentName,
      grant.skillId,
      grant.grantedBy,
      grantsMax,
      ...auditEntryValues(entry),
    ],
  };
}

const createGrantSql = `
with known as (
  select grant_id, granted_by, created_at from colloquy.grants
  where tenant_id = $1 and principal_id = $3 and role = $4
    and coalesce(agent_name, '') = coalesce($5, '') and coalesce(skill_id, '') = coalesce($6, '') and removed_at is null
), created as (
  insert into colloquy.grants (tenant_id, grant_id, principal_id, role, agent_name, skill_id, granted_by)
  select $1, $2, $3, $4, $5, $6, $7
  where not exists (select from known)
    and (select count(*) from colloquy.grants where tenant_id = $1 and principal_id = $3 and removed_at is null) < $8
  on conflict do nothing
  returning grant_id, granted_by, created_at
), noted as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select $1, $9, $10, $11, $12, $13, $14, $15 from created
)
select grant_id, granted_by, created_at, true as is_new from created
union all select grant_id, granted_by, created_at, false from known`;

/** A grant in force. */
function findGrant(tenantId: TenantId, grantId: GrantId): Statement<GrantRow> {
  return {
    name: 'find-role-grant',
    text: `
      select grant_id, principal_id, role, agent_name, skill_id, granted_by, created_at from colloquy.grants
      where tenant_id = $1 and grant_id = $2 and removed_at is null`,
    values: [uuidOf(tenantId), uuidOf(grantId)],
  };
}

/** A tenant's grants in force, in the order of their ids. */
function listGrants(tenantId: TenantId, wanted: GrantsWanted): Statement<GrantRow> {
  const { after, principalId, agentNames, limit } = wanted;
  return {
    name: 'list-grants',
    text: `
      select grant_id, principal_id, role, agent_name, skill_id, granted_by, created_at from colloquy.grants
      where tenant_id = $1 and removed_at is null and ($2::uuid is null or grant_id > $2)
        and ($3::text is null or principal_id = $3) and ($4::text[] is null or agent_name = any ($4))
      order by grant_id limit $5`,
    values: [uuidOf(tenantId), after === null ? null : uuidOf(after), principalId, agentNames, limit],
  };
}

/** Takes a role away, with its audit entry; no row when it is not in force. */
function removeGrant(
  tenantId: TenantId,
  grantId: GrantId,
  entry: NewAuditEntry,
): Statement<{ readonly grant_id: string }> {
  return {
    name: 'remove-grant',
    text: `
      with removed as (
        update colloquy.grants set removed_at = colloquy.now_utc()
        where tenant_id = $1 and grant_id = $2 and removed_at is null returning grant_id
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $3, $4, $5, $6, $7, $8, $9 from removed
      )
      select grant_id from removed`,
    values: [uuidOf(tenantId), uuidOf(grantId), ...auditEntryValues(entry)],
  };
}
