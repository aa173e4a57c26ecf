import type { AccessRights } from './access-rights.ts';
import type { RequestId, TenantId } from './ids.ts';

/**
 * Who acts. An `operator` runs the platform; an `oauth-client` is a tenant's registered program; a `person` signed in by name; an `api-key`
 * is a program that shows a key; `external` is whoever a tenant's external issuer vouches for.
 */
export interface Principal {
  readonly kind: 'oauth-client' | 'operator' | 'person' | 'api-key' | 'external';
  /** Stable id, unique across the platform; owner of the tasks it sends. */
  readonly id: string;
}

/** What a credential is for, where that is less than the whole platform (RFC 8707): a tenant's agents, or some or one of them. */
export interface BoundResource {
  readonly tenantSlug: string;
  /** Null: every agent of the tenant. */
  readonly agentName: string | null;
  /** Names of several agents, and no other; absent: as `agentName` says. */
  readonly amongAgents?: ReadonlySet<string>;
}

/** What rights hang on. Each of it has to stand for as long as they are used, which is looked up anew while they are in use. */
export interface Standing {
  readonly tenantId: TenantId;
  /** Ids of the token, of its grant, and of those that it was made from: revoking any one of them ends the rights. */
  readonly revocable: readonly string[];
  /** Ids of the clients and people behind it: each has to be known and neither revoked nor disabled. */
  readonly parties: readonly string[];
  /** Id of the platform's key that signed the token: it must not be dropped. Null where none of ours did. */
  readonly keyId: string | null;
  /** Whose roles the rights were judged by, and how often these had been narrowed then. Absent where roles were not judged. */
  readonly roles?: { readonly holders: readonly string[]; readonly narrowings: number };
}

/** First argument of every use case: who asks, for which tenant, with which rights, and until when. */
export interface Caller {
  readonly principal: Principal;
  /** Who acts for the principal, nearest first (RFC 8693 section 4.1); empty when it acts itself. */
  readonly actors: readonly Principal[];
  readonly tenant: { readonly id: TenantId; readonly slug: string };
  readonly scopes: ReadonlySet<string>;
  /** Null: good at the whole platform. */
  readonly boundTo: BoundResource | null;
  readonly standing: Standing;
  /** Where they hold. */
  readonly access: AccessRights;
  readonly requestId: RequestId;
  /** Milliseconds since the epoch at which the caller's token ends; what lasts longer ends with it. */
  readonly expiresAtMs: number;
  /** Aborts when nobody waits for the answer any more. Work already recorded goes on. */
  readonly signal: AbortSignal;
}
