import { PlatformError } from '../../kernel/errors.ts';
import type { JudgeCredential } from './credential-kind.ts';
import type { Identity } from './identity.ts';
import type { RevocationStore } from './revocation-store.ts';
import { rightsOf } from './rights-of.ts';
import type { RoleStore } from './role-store.ts';

/** Whom a credential stands for that no grant of this platform was made for, and how far it reaches by itself. */
export type ProvenIdentity = Pick<Identity, 'principal' | 'tenant' | 'scopes' | 'expiresAtMs' | 'confirmation'> & {
  /** Id of the key or of the registration that it hangs on. */
  readonly hangsOn: string;
  /** The agents of the tenant where its scopes hold, by name; null: everywhere. */
  readonly agentNames: readonly string[] | null;
};

export interface ProvenIdentityPorts {
  readonly revocations: Pick<RevocationStore, 'findRevoked'>;
  readonly roles: RoleStore;
}

/** Makes a judge of credentials that are judged without our clients: their principals can be stopped and limited to roles as all others. */
export function identityOf(
  ports: ProvenIdentityPorts,
  prove: (credential: string) => Promise<ProvenIdentity>,
): JudgeCredential {
  return async (credential) => {
    const { agentNames, hangsOn, ...proven } = await prove(credential);
    const { principal } = proven;
    const { id: tenantId, slug: tenantSlug } = proven.tenant;
    // By its own id as well, which may be another than that of what it hangs on, so that it ends with either.
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
