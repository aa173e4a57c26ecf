import type { Caller } from '../../kernel/caller.ts';
import type { TenantId } from '../../kernel/ids.ts';

/** Names of principals by id. Promises of an implementation: no name of another tenant's principal, nor of an erased person, is answered. */
export interface PrincipalNameStore {
  /** In one query. An id that has no name is missing in the answer. */
  findNames(tenantId: TenantId, principalIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Names of the principals that entries and tasks of the caller's tenant carry, for its administrators. */
export function namePrincipals(ports: { readonly principalNames: PrincipalNameStore }) {
  return (caller: Caller, principalIds: readonly string[]): Promise<ReadonlyMap<string, string>> =>
    ports.principalNames.findNames(caller.tenant.id, principalIds);
}
