import type { JudgeCredential } from './credential-kind.ts';
import type { Identity } from './identity.ts';

/** Whom a credential stands for that no grant of this platform was made for, and how far it reaches by itself. */
export type ProvenIdentity = Pick<Identity, 'principal' | 'tenant' | 'scopes' | 'expiresAtMs' | 'confirmation'> & {
  /** Id of the key or of the registration that it hangs on. */
  readonly hangsOn: string;
  /** The agents of the tenant where its scopes hold, by name; null: everywhere. */
  readonly agentNames: readonly string[] | null;
};

/** A judge of credentials that are judged without our clients. */
export function identityOf(prove: (credential: string) => Promise<ProvenIdentity>): JudgeCredential {
  return async (credential) => {
    const { agentNames, hangsOn, ...proven } = await prove(credential);
    const { id: tenantId, slug: tenantSlug } = proven.tenant;
    const standing = { tenantId, revocable: [], parties: [hangsOn], keyId: null };
    const boundTo = agentNames === null ? null : { tenantSlug, agentName: null, amongAgents: new Set(agentNames) };
    return { ...proven, actors: [], boundTo, standing };
  };
}
