import { holdsAt } from '../../kernel/access-rights.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { Suspension, SuspensionTarget } from './suspension.ts';
import type { SuspensionStore } from './suspension-store.ts';

const cursorShape = /^(agent|principal|tenant):([\x21-\x7e]{0,200})$/;

/**
 * The suspensions in the caller's tenant that the caller may set and lift. Other suspensions are invisible, to the cursor as well. Throws
 * `request.invalid` for an invalid cursor.
 */
export function listSuspensions(ports: { readonly suspensions: Pick<SuspensionStore, 'list'> }) {
  return async (caller: Caller, { after, limit }: PageRequest): Promise<Page<Suspension>> => {
    const shown: Suspension[] = [];
    let from = targetOf(after);
    for (;;) {
      const rows = await ports.suspensions.list(caller.tenant.id, { after: from, limit: limit + 1 });
      shown.push(...rows.filter((suspension) => isShown(caller, suspension)));
      if (rows.length <= limit || shown.length > limit)
        return pageOf(shown, limit, ({ kind, name }) => `${kind}:${name}`);
      from = rows.at(-1) ?? null;
    }
  };
}

function isShown({ access }: Caller, { kind, name }: SuspensionTarget): boolean {
  return holdsAt(access, 'stops:write', kind === 'agent' ? { agentName: name } : {});
}

function targetOf(after: string | null): SuspensionTarget | null {
  if (after === null) return null;
  const [, kind, name] = cursorShape.exec(after) ?? [];
  if ((kind === 'agent' || kind === 'principal' || kind === 'tenant') && name !== undefined) return { kind, name };
  const violations = [{ field: 'after', description: 'must be the next of the page before' }];
  throw new PlatformError('request.invalid', { violations });
}
