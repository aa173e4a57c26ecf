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

/** What a caller's rights depend on. All of it must stay valid while the rights are in use, so a process checks it again and again. */
export interface CallerStatus {
  readonly tenantId: TenantId;
  /** Ids of the token, of its grant, and of those that it was made from: revoking any one of them ends the rights. */
  readonly revocable: readonly string[];
  /** Ids of the clients and people behind it: each has to be known and neither revoked nor disabled. */
  readonly parties: readonly string[];
  /** Id of the platform's key that signed the token: it must not be dropped. Null where none of ours did. */
  readonly keyId: string | null;
  /** The principals whose roles decided the rights, and how often those roles had been narrowed by then. Absent when no role was read. */
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
  readonly status: CallerStatus;
  /** Where they hold. */
  readonly access: AccessRights;
  readonly requestId: RequestId;
  /** Milliseconds since the epoch at which the caller's token ends; what lasts longer ends with it. */
  readonly expiresAtMs: number;
  /** Aborts when nobody waits for the answer any more. Work already recorded goes on. */
  readonly signal: AbortSignal;
}
