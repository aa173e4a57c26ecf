import type { AccessRights } from './access-rights.ts';
import type { HeldBytes } from './byte-budget.ts';
import type { RequestId, TenantId } from './ids.ts';

/**
 * The identity behind a request. An `operator` runs the platform; an `oauth-client` is a tenant's registered program; a `person` signed in
 * by name; an `api-key` is a program that sends a key; `external` has a token of a tenant's external issuer.
 */
export interface Principal {
  readonly kind: 'oauth-client' | 'operator' | 'person' | 'api-key' | 'external';
  /** Stable id, unique across the platform; owner of the tasks it sends. */
  readonly id: string;
}

/** Where the costs of a client's or an API key's tasks are shown, and which budgets pay for them, instead of those of the agent. */
export interface CostAllocation {
  readonly department: string | null;
  readonly costCenter: string | null;
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

/** The first argument of every use case: the principal, its tenant, its rights, and when they end. */
export interface Caller {
  readonly principal: Principal;
  /** The principals that act for this one, nearest first (RFC 8693 section 4.1); empty when it acts itself. */
  readonly actors: readonly Principal[];
  readonly tenant: { readonly id: TenantId; readonly slug: string };
  readonly scopes: ReadonlySet<string>;
  /** Null: valid on the whole platform. */
  readonly boundTo: BoundResource | null;
  readonly status: CallerStatus;
  /** Where the scopes hold. */
  readonly access: AccessRights;
  /** Of the principal; absent where it has none of its own. */
  readonly allocation?: CostAllocation;
  readonly requestId: RequestId;
  /** Milliseconds since the epoch at which the caller's token ends; streams end with it. */
  readonly expiresAtMs: number;
  /** The bytes that are in memory for this request, until its answer has left; absent where none are counted. */
  readonly held?: HeldBytes;
  /** Aborts when the caller no longer waits for the answer. Recorded work continues. */
  readonly signal: AbortSignal;
}

/** The caller at any agent that its roles allow. A spread alone would lose `signal`, which is a getter where a request makes it on demand. */
export function withoutBoundResource(caller: Caller): Caller {
  return caller.boundTo === null ? caller : { ...caller, boundTo: null, signal: caller.signal };
}

/** Whether the caller is an operator of the platform, and its token says so. */
export function isOperator({ principal, scopes }: Pick<Caller, 'principal' | 'scopes'>): boolean {
  return principal.kind === 'operator' && scopes.has('platform:operate');
}
