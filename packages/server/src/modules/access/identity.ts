import type { AccessRights } from '../../kernel/access-rights.ts';
import type { BoundResource, Principal, CallerStatus } from '../../kernel/caller.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { Confirmation } from './confirmation.ts';

/** Who bears a valid access token, as the platform knows them at the time of the check. */
export interface Identity {
  readonly principal: Principal;
  /** Who acts for the principal, nearest first; empty when it acts itself. */
  readonly actors: readonly Principal[];
  readonly tenant: { readonly id: TenantId; readonly slug: string };
  /** What the token grants and its parties still hold. */
  readonly scopes: ReadonlySet<string>;
  /** The one resource that the token is for; null: the platform. */
  readonly boundTo: BoundResource | null;
  readonly status: CallerStatus;
  /** Where these hold, by the roles that the principal has. */
  readonly access: AccessRights;
  /** Milliseconds since the epoch at which the token ends. */
  readonly expiresAtMs: number;
  /** What its sender must hold; null for a bearer token. */
  readonly confirmation: Confirmation | null;
}
