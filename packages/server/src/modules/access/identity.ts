import type { Principal } from '../../kernel/caller.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { Confirmation } from './confirmation.ts';

/** Who bears a valid access token, as the platform knows them at the time of the check. */
export interface Identity {
  readonly principal: Principal;
  readonly tenant: { readonly id: TenantId; readonly slug: string };
  /** What the token grants and the client still holds. */
  readonly scopes: ReadonlySet<string>;
  /** Milliseconds since the epoch at which the token ends. */
  readonly expiresAtMs: number;
  /** What its sender must hold; null for a bearer token. */
  readonly confirmation: Confirmation | null;
}
