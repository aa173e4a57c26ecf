import type { TaskId } from '../../kernel/ids.ts';

/** Whom the platform speaks for in one call to an agent. */
export interface ForwardClaims {
  /** The agent's interface URL, as it is registered: what the agent checks `aud` against. */
  readonly audience: string;
  /** The principal that sent the task. */
  readonly subject: string;
  readonly tenantSlug: string;
  readonly taskId: TaskId;
  readonly nowMs: number;
}

/** Signs the token that tells an agent for whom a call comes: a compact JWT (RFC 7519), valid for `limits.forwardTokenMs`. */
export type SignForwardToken = (claims: ForwardClaims) => string;

/** Carries the forward token when `Authorization` is taken by the agent's own credential. */
export const forwardTokenHeader = 'colloquy-forward-token';
