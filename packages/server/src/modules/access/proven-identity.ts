import { PlatformError } from '../../kernel/errors.ts';
import type { JudgeCredential } from './credential-kind.ts';
import type { Identity } from './identity.ts';
import type { RevocationStore } from './revocation-store.ts';
import { rightsOf } from './rights-of.ts';
import type { RoleStore } from './role-store.ts';

/** The identity of an API key or an external token, before revocations and roles are applied. */
export type ProvenIdentity = Pick<
  Identity,
  'principal' | 'tenant' | 'scopes' | 'allocation' | 'expiresAtMs' | 'confirmation'
> & {
  /** Id of the key or of the issuer registration that it depends on. */
  readonly hangsOn: string;
  /** The agents of the tenant where its scopes hold, by name; null: everywhere. */
  readonly agentNames: readonly string[] | null;
};

export interface ProvenIdentityPorts {
  readonly revocations: Pick<RevocationStore, 'findRevoked'>;
  readonly roles: RoleStore;
}

/** Makes a judge of credentials that belong to no OAuth client: their principals can be suspended and limited to roles like all others. */
export function identityOf(
  ports: ProvenIdentityPorts,
  prove: (credential: string) => Promise<ProvenIdentity>,
): JudgeCredential {
  return async (credential) => {
    const { agentNames, hangsOn, ...proven } = await prove(credential);
    const { principal } = proven;
    const { id: tenantId, slug: tenantSlug } = proven.tenant;
    // Both the principal's own id and the id that it depends on, so that it ends with either.
    const status = { tenantId, revocable: [principal.id], parties: [hangsOn], keyId: null };
    const [revoked, held] = await Promise.all([
      ports.revocations.findRevoked([status]),
      ports.roles.findHeld(tenantId, [principal.id]),
    ]);
    if (revoked.length > 0) throw new PlatformError('access.unauthenticated');
    const boundTo = agentNames === null ? null : { tenantSlug, agentName: null, amongAgents: new Set(agentNames) };
    const roles = { holders: [principal.id], narrowings: held.narrowings };
    return { ...proven, access: rightsOf(held.lists), actors: [], boundTo, status: { ...status, roles } };
  };
}
