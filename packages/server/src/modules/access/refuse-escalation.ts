import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';

/** Nobody grants what they lack: throws `access.scope-missing` for a scope that the caller does not hold itself, unless it is an operator. */
export function refuseEscalation(
  caller: Pick<Caller, 'principal' | 'scopes'>,
  scopes: readonly string[],
  message: string,
): void {
  if (caller.principal.kind === 'operator' && caller.scopes.has('platform:operate')) return;
  const lacking = scopes.filter((scope) => !caller.scopes.has(scope));
  if (lacking.length === 0) return;
  throw new PlatformError('access.scope-missing', { message, details: { scope: lacking.join(' ') } });
}
