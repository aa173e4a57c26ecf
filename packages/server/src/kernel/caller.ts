import type { RequestId, TenantId } from './ids.ts';

/** Who acts. An `operator` runs the platform; an `oauth-client` is a tenant's registered program. */
export interface Principal {
  readonly kind: 'oauth-client' | 'operator';
  /** Stable id, unique across the platform; owner of the tasks it sends. */
  readonly id: string;
}

/** First argument of every use case: who asks, for which tenant, with which rights, and until when. */
export interface Caller {
  readonly principal: Principal;
  readonly tenant: { readonly id: TenantId; readonly slug: string };
  readonly scopes: ReadonlySet<string>;
  readonly requestId: RequestId;
  /** Milliseconds since the epoch at which the caller's token ends; what lasts longer ends with it. */
  readonly expiresAtMs: number;
  /** Aborts when nobody waits for the answer any more. Work already recorded goes on. */
  readonly signal: AbortSignal;
}
