import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PrincipalNameStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Names of clients, people and API keys in PostgreSQL, over a pool of the application's role. */
export function createPrincipalNameStore(pool: DatabasePool): PrincipalNameStore {
  return {
    async findNames(tenantId, principalIds) {
      const wanted = [...new Set(principalIds)];
      if (wanted.length === 0) return new Map();
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), findPrincipalNames(tenantId, wanted)));
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
  };
}

export const principalNamePorts = (pool: DatabasePool) => ({ principalNames: createPrincipalNameStore(pool) });

interface NameRow {
  readonly id: string;
  readonly name: string;
}

// An operator belongs to another tenant, so only its kind is shown.
const text = `
  select client_id as id, name from colloquy.oauth_clients where tenant_id = $1 and client_id = any ($2::text[])
  union all
  select f.client_id, 'operator' from unnest($2::text[]) as wanted (id)
    cross join lateral colloquy.find_oauth_client(wanted.id) f
    where f.kind = 'operator' and f.tenant_id <> $1
  union all
  select p.person_id, p.login_name from colloquy.people p
    where p.tenant_id = $1 and p.person_id = any ($2::text[]) and not exists (
      select from colloquy.audit_subjects s
      where s.tenant_id = $1 and s.subject_id = p.person_id and s.erased_at is not null)
  union all
  select key_id, name from colloquy.api_keys where tenant_id = $1 and key_id = any ($2::text[])`;

/** The names of these principals of a tenant. */
function findPrincipalNames(tenantId: TenantId, principalIds: readonly string[]): Statement<NameRow> {
  return { name: 'find-principal-names', text, values: [uuidOf(tenantId), principalIds] };
}
