import type { TaskId } from '../../kernel/ids.ts';
import type { DelegationChain } from '../../modules/tasks/index.ts';

/** The claims of a forward token: the principal and the tasks that the platform acts for. */
export interface ForwardClaims {
  /** The agent's interface URL, as it is registered: what the agent checks `aud` against. */
  readonly audience: string;
  /** The principal that sent the tasks. */
  readonly subject: string;
  readonly tenantSlug: string;
  /** The principal's tasks that the token speaks for: 1 to `limits.forwardTokenTasksMax`. */
  readonly taskIds: readonly TaskId[];
  /** The delegation chain; absent for tasks that were not delegated and have no budget. */
  readonly chain?: DelegationChain | undefined;
  readonly nowMs: number;
}

/** Signs the forward token for an agent: a compact JWT (RFC 7519), valid for `limits.forwardTokenMs`. Rejects with `platform.unavailable`. */
export type SignForwardToken = (claims: ForwardClaims) => string | Promise<string>;

/** Carries the forward token when `Authorization` is taken by the agent's own credential. */
export const forwardTokenHeader = 'colloquy-forward-token';

/** Names the one of the token's tasks that a call is for. */
export const forwardTaskHeader = 'colloquy-task';
