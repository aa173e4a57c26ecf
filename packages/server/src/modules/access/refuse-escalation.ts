import { holdsAt } from '../../kernel/access-rights.ts';
import { isOperator } from '../../kernel/caller.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';

/** Throws `access.scope-missing` for a scope that the caller does not hold itself in its whole tenant, unless it is an operator. */
export function refuseEscalation(
  caller: Pick<Caller, 'principal' | 'scopes' | 'access'>,
  scopes: readonly string[],
  message: string,
): void {
  if (isOperator(caller)) return;
  const lacking = scopes.filter((scope) => !caller.scopes.has(scope) || !holdsAt(caller.access, scope, {}));
  if (lacking.length === 0) return;
  throw new PlatformError('access.scope-missing', {
    message,
    details: { scope: lacking.join(' '), cause: 'escalation' },
  });
}
