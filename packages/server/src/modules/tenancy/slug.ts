/** Lower-case ASCII letters, digits and inner hyphens, 1 to 63: also a DNS label (RFC 1035 section 2.3.1). */
const shape = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The problem of a name that becomes part of an address; null for a valid one. Names are not normalised: a confusable name is refused. */
export function slugProblem(value: string): string | null {
  if (!shape.test(value)) return 'must be 1 to 63 lower-case ASCII letters, digits and inner hyphens';
  // Such a label is the encoded form of another script (RFC 3492), so it can show as a name that it is not.
  if (value.startsWith('xn--')) return 'must not begin with xn--';
  return null;
}

/** Words that addresses, bindings or the platform itself use. A2A puts a tenant first in a path: `/{tenant}/tasks`. */
const reservedTenantSlugs: ReadonlySet<string> = new Set(
  (
    'a2a acp admin agent agents api colloquy console extendedagentcard health message metrics oauth operator platform ' +
    'public ready root router system t tasks tenant tenants token well-known www'
  ).split(' '),
);

/** The problem of a new tenant's slug; null for a valid one. */
export function tenantSlugProblem(value: string): string | null {
  return slugProblem(value) ?? (reservedTenantSlugs.has(value) ? 'is a reserved word' : null);
}
