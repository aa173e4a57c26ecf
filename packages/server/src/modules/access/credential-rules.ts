import { tenantScopes } from '../../kernel/scope.ts';

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

/** The violation of a list of scopes, if it is empty or has a scope that is not in `grantable`. */
export function scopeViolations(
  scopes: readonly string[],
  grantable: readonly string[] = tenantScopes,
): readonly Violation[] {
  const isFit = scopes.length > 0 && scopes.every((scope) => grantable.includes(scope));
  return isFit
    ? []
    : [{ field: 'scopes', description: `must name at least one of ${grantable.join(', ')}, and nothing else` }];
}
