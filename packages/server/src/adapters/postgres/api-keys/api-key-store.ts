import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { ApiKeyId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { ApiKeyRecord, ApiKeyStore, ApiKeyUse, NewApiKey } from '../../../modules/api-keys/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { plainArray } from '../array-literal.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { allocationOf } from '../cost-allocation.ts';
import { apiKeyColumns, apiKeyOf } from './api-key-row.ts';
import type { ApiKeyRow } from './api-key-row.ts';

/** API keys in PostgreSQL, over a pool of the application's role. */
export function createApiKeyStore(pool: DatabasePool): ApiKeyStore {
  const run = async <Row>(tenantIds: readonly TenantId[], statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: tenantIds.map(uuidOf) }, [statement]));
    return rows;
  };
  return {
    async create(tenantId, key, entry) {
      const statements = [lockApiKeys(tenantId), createApiKey(tenantId, key, entry)] as const;
      const [, { rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements));
      const [row] = rows;
      return row === undefined ? null : apiKeyOf(row);
    },
    async revoke(tenantId, keyId, entry) {
      const [row] = await run([tenantId], revokeApiKey(tenantId, keyId, entry));
      return row?.known === true;
    },
    async list(tenantId, page) {
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), listApiKeys(tenantId, page)));
      return rows.map(apiKeyOf);
    },
    async find(keyId) {
      const [row] = await run([], findApiKey(keyId));
      return row === undefined ? null : recordOf(row);
    },
    async noteUses(uses) {
      await run([...new Set(uses.map(({ tenantId }) => tenantId))], noteApiKeyUses(uses));
    },
  };
}

export const apiKeyPorts = (pool: DatabasePool) => ({ apiKeys: createApiKeyStore(pool) });

function recordOf(row: ApiKeyLookupRow): ApiKeyRecord {
  return {
    keyId: idOf('apk', row.key_id.slice(4)),
    principalId: row.principal_id,
    tenant: { id: idOf('tnt', row.tenant_id), slug: row.tenant_slug },
    secretHash: row.secret_hash,
    scopes: row.scopes,
    agentNames: row.agent_names,
    leftMs: row.left_ms,
    isLive: row.is_live,
    ...allocationOf(row),
  };
}

const createApiKeySql = `
  with live as (
    select count(*) as of_tenant, count(*) filter (where name = $3) as of_name
    from colloquy.api_keys where tenant_id = $1 and revoked_at is null and expires_at > colloquy.now_utc()
  ), first as (
    select principal_id from colloquy.api_keys where tenant_id = $1 and name = $3 order by key_id limit 1
  ), k as (
    insert into colloquy.api_keys (tenant_id, key_id, principal_id, name, secret_hash, scopes, agent_names, created_by, expires_at,
      department, cost_center)
    select $1, $2, coalesce((select principal_id from first), $2), $3, $4, $5, $6, $7,
      colloquy.now_utc() + $8::float8 * interval '1 millisecond', $18, $19
    from live where of_name < $9 and of_tenant < $10
    returning *
  ), noted as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    values ($1, $11, $12, $13, case when exists (select from k) then $14 else 'refused' end, $15, $16, $17)
  )
  select ${apiKeyColumns} from k`;

/**
 * Adds a key and its audit entry. When the tenant has its maximum of live keys, there is no row and the entry is written as refused. Needs the
 * lock of `lockApiKeys` in a statement before it.
 */
function createApiKey(tenantId: TenantId, key: NewApiKey, entry: NewAuditEntry): Statement<ApiKeyRow> {
  return {
    name: 'create-api-key',
    text: createApiKeySql,
    values: [
      uuidOf(tenantId),
      key.keyId,
      key.name,
      key.secretHash,
      key.scopes,
      key.agentNames,
      key.createdBy,
      key.lifeMs,
      limits.apiKeysPerNameMax,
      limits.apiKeysPerTenantMax,
      ...auditEntryValues(entry),
      key.allocation.department,
      key.allocation.costCenter,
    ],
  };
}

interface ApiKeyLookupRow {
  readonly tenant_id: string;
  readonly tenant_slug: string;
  readonly key_id: string;
  readonly principal_id: string;
  readonly secret_hash: Uint8Array;
  readonly scopes: readonly string[];
  readonly agent_names: readonly string[] | null;
  readonly left_ms: number;
  readonly is_live: boolean;
  readonly department: string | null;
  readonly cost_center: string | null;
}

const findApiKeySql = `
  select tenant_id, tenant_slug, key_id, principal_id, secret_hash, scopes, agent_names, left_ms, is_live, department, cost_center
  from colloquy.find_api_key($1)`;

/** A key of any tenant: a request names only its id. */
function findApiKey(keyId: ApiKeyId): Statement<ApiKeyLookupRow> {
  return { name: 'find-api-key', text: findApiKeySql, values: [keyId] };
}

const listApiKeysSql = `
  select ${apiKeyColumns} from colloquy.api_keys k
  where k.tenant_id = $1 and k.key_id > $2 order by k.key_id limit $3`;

/** A tenant's keys after a key id, in the order of ids. */
function listApiKeys(tenantId: TenantId, { after, limit }: PageRequest): Statement<ApiKeyRow> {
  return { name: 'list-api-keys', text: listApiKeysSql, values: [uuidOf(tenantId), after ?? '', limit] };
}

const lockApiKeysSql = `select pg_advisory_xact_lock(hashtextextended('api keys ' || $1::text, 0))`;

/** Makes creations of one tenant wait for each other, so that live keys are counted right. */
function lockApiKeys(tenantId: TenantId): Statement {
  return { name: 'lock-api-keys', text: lockApiKeysSql, values: [uuidOf(tenantId)] };
}

const noteApiKeyUsesSql = `
  update colloquy.api_keys k set last_used_at = colloquy.now_utc()
  from (
    select o.tenant_id, o.key_id
    from unnest($1::uuid[], $2::text[]) u (tenant_id, key_id)
    join colloquy.api_keys o on o.tenant_id = u.tenant_id and o.key_id = u.key_id
    order by o.tenant_id, o.key_id
    for update of o skip locked
  ) used
  where k.tenant_id = used.tenant_id and k.key_id = used.key_id`;

/** Notes that keys were used now. One that another process notes at this moment is left to it. */
function noteApiKeyUses(uses: readonly ApiKeyUse[]): Statement {
  return {
    name: 'note-api-key-uses',
    text: noteApiKeyUsesSql,
    values: [
      plainArray(uses.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(uses.map(({ keyId }): string => keyId)),
    ],
  };
}

const revokeApiKeySql = `
  with revoked as (
    update colloquy.api_keys set revoked_at = colloquy.now_utc()
    where tenant_id = $1 and key_id = $2 and revoked_at is null
    returning key_id
  ), noted as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $3, $4, $5, $6, $7, $8, $9 from revoked
  )
  select exists (select from colloquy.api_keys where tenant_id = $1 and key_id = $2) as known`;

/** Revokes a key, with its audit entry when that changed anything. `known`: whether the tenant has such a key. */
function revokeApiKey(
  tenantId: TenantId,
  keyId: ApiKeyId,
  entry: NewAuditEntry,
): Statement<{ readonly known: boolean }> {
  return {
    name: 'revoke-api-key',
    text: revokeApiKeySql,
    values: [uuidOf(tenantId), keyId, ...auditEntryValues(entry)],
  };
}
