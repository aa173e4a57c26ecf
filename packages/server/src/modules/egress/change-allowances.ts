import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { AllowanceReader, EgressAllowance } from './egress-allowance.ts';
import type { EgressAllowanceStore } from './egress-allowance-store.ts';

export interface EgressPorts {
  readonly egress: EgressAllowanceStore;
  readonly allowances: AllowanceReader;
  readonly ids: IdSource;
}

/** The private addresses that the platform may call for the caller's tenant. */
export function listAllowances({ egress }: Pick<EgressPorts, 'egress'>) {
  return (caller: Caller): Promise<readonly EgressAllowance[]> => egress.list(caller.tenant.id);
}

/** Opens a private range or host to the caller's tenant. Throws `request.invalid` and `egress.limit`. */
export function allowEgress(ports: EgressPorts) {
  return async (caller: Caller, text: string): Promise<EgressAllowance> => {
    const read = readTarget(ports, text);
    const entry = entryBy(ports, caller, 'egress.allowed', read.target);
    const allowance = { ...read, allowedBy: caller.principal.id };
    const added = await ports.egress.add(caller.tenant.id, allowance, entry);
    if (added === null) throw new PlatformError('egress.limit');
    return added;
  };
}

/** Closes it again; open connections end with their next use. Throws `request.invalid` and `egress.allowance-unknown`. */
export function removeAllowance(ports: EgressPorts) {
  return async (caller: Caller, text: string): Promise<void> => {
    const { target } = readTarget(ports, text);
    const entry = entryBy(ports, caller, 'egress.removed', target);
    const wasAllowed = await ports.egress.remove(caller.tenant.id, target, entry);
    if (!wasAllowed) throw new PlatformError('egress.allowance-unknown');
  };
}

function readTarget({ allowances }: EgressPorts, text: string): Pick<EgressAllowance, 'target' | 'kind'> {
  const read = allowances.read(text);
  if (read !== null) return read;
  const description = 'must be a range such as 10.1.0.0/16 or fd00::/8, an address, or the name of a host';
  throw new PlatformError('request.invalid', { violations: [{ field: 'target', description }] });
}

function entryBy(
  { ids }: EgressPorts,
  caller: Caller,
  action: 'egress.allowed' | 'egress.removed',
  target: string,
): NewAuditEntry {
  return auditEntryBy(caller, ids, { action, outcome: 'succeeded', resource: `egress/${target}`, facts: {} });
}
