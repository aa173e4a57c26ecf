import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { tenantSlugProblem } from './slug.ts';
import type { RegisteredTenant } from './tenant.ts';
import type { TenantStore } from './tenant-store.ts';

export interface CreateTenantInput {
  readonly slug: string;
  readonly name: string;
}

const nameCharsMax = 200;

/** Creates a tenant with an empty wallet. Throws `request.invalid` and `tenancy.tenant-exists`. */
export function createTenant(deps: { readonly tenants: TenantStore; readonly ids: IdSource }) {
  return async (caller: Caller, input: CreateTenantInput): Promise<RegisteredTenant> => {
    const violations = tenantViolations(input);
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    const tenant = { id: deps.ids.next('tnt'), slug: input.slug, name: input.name };
    const created = await deps.tenants.create(tenant, {
      entryId: deps.ids.next('ent'),
      actorId: caller.principal.id,
      requestId: caller.requestId,
    });
    if (created === null) throw new PlatformError('tenancy.tenant-exists');
    return created;
  };
}

/** Everything wrong with a new tenant, field by field. */
function tenantViolations(input: CreateTenantInput): { field: string; description: string }[] {
  const slug = tenantSlugProblem(input.slug);
  // Counted in code points, as the database counts.
  const nameChars = Array.from(input.name).length;
  const isText = input.name.isWellFormed() && !input.name.includes('\0') && input.name.trim() !== '';
  const nameFits = isText && nameChars <= nameCharsMax;
  return [
    ...(slug === null ? [] : [{ field: 'slug', description: slug }]),
    ...(nameFits ? [] : [{ field: 'name', description: `must have 1 to ${nameCharsMax} characters` }]),
  ];
}
