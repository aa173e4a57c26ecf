import { tenantScopes } from './scope.ts';

/** One complaint about a request. */
interface Violation {
  readonly field: string;
  readonly description: string;
}

const nameCharsMax = 200;

/** What is wrong with the name of something that acts for a tenant: a list of nothing or of one complaint. */
export function nameViolations(name: string): readonly Violation[] {
  // Counted like the database counts: in code points.
  const chars = Array.from(name).length;
  const isFit =
    chars >= 1 && chars <= nameCharsMax && name.trim() !== '' && name.isWellFormed() && !name.includes('\0');
  return isFit ? [] : [{ field: 'name', description: `must have 1 to ${nameCharsMax} characters` }];
}

/** What is wrong with the scopes that it is given, of those that `grantable` names. */
export function scopeViolations(
  scopes: readonly string[],
  grantable: readonly string[] = tenantScopes,
): readonly Violation[] {
  const isFit = scopes.length > 0 && scopes.every((scope) => grantable.includes(scope));
  return isFit
    ? []
    : [{ field: 'scopes', description: `must name at least one of ${grantable.join(', ')}, and nothing else` }];
}
