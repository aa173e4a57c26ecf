import type { AccessRights } from '../../kernel/access-rights.ts';
import type { BoundResource, CallerStatus, CostAllocation, Principal } from '../../kernel/caller.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { Confirmation } from './confirmation.ts';

/** The identity behind a valid access token, at the time of the check. */
export interface Identity {
  readonly principal: Principal;
  /** The actors for the principal, nearest first; empty when it acts itself. */
  readonly actors: readonly Principal[];
  readonly tenant: { readonly id: TenantId; readonly slug: string };
  /** The scopes of the token that its parties still hold. */
  readonly scopes: ReadonlySet<string>;
  /** The one resource that the token is for; null: the platform. */
  readonly boundTo: BoundResource | null;
  readonly status: CallerStatus;
  /** Where the scopes hold, by the roles of the principal. */
  readonly access: AccessRights;
  /** Of the principal; absent where it has none of its own. */
  readonly allocation?: CostAllocation;
  /** Milliseconds since the epoch at which the token ends. */
  readonly expiresAtMs: number;
  /** The key or certificate that its sender must hold; null for a bearer token. */
  readonly confirmation: Confirmation | null;
}
