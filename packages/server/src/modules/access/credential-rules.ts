import { isServedScope, tenantScopes } from '../../kernel/scope.ts';

/** One complaint about a request. */
interface Violation {
  readonly field: string;
  readonly description: string;
}

const nameCharsMax = 200;

/** The violation of the name of a client, a key or an issuer, if there is one. */
export function nameViolations(name: string): readonly Violation[] {
  // Counted in code points, as the database counts.
  const chars = Array.from(name).length;
  const isFit =
    chars >= 1 && chars <= nameCharsMax && name.trim() !== '' && name.isWellFormed() && !name.includes('\0');
  return isFit ? [] : [{ field: 'name', description: `must have 1 to ${nameCharsMax} characters` }];
}

/** The violation of a list of scopes, which names the scopes that are not in `grantable`; also of an empty list. */
export function scopeViolations(
  scopes: readonly string[],
  grantable: readonly string[] = tenantScopes,
): readonly Violation[] {
  const unknown = scopes.filter((scope) => !grantable.includes(scope)).map((scope) => JSON.stringify(scope));
  if (scopes.length > 0 && unknown.length === 0) return [];
  const mistake = unknown.length === 0 ? '' : `there is no scope ${unknown.join(', ')} to give; `;
  const choice = grantable.filter(isServedScope).join(', ');
  return [{ field: 'scopes', description: `${mistake}must name at least one of ${choice}, and nothing else` }];
}
