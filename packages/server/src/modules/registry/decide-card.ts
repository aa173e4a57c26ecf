import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import { chooseInterface } from './agent-wire.ts';
import type { UpstreamAddressPolicy } from './card-source.ts';
import type { CardStore, PlacedInterface } from './card-store.ts';
import type { CardVersion, StoredCard } from './card-version.ts';

/** Which version, and what is to become of it. */
export interface CardVerdictInput {
  readonly name: string;
  readonly version: number;
  readonly verdict: 'approve' | 'reject';
}

export interface CardDecisionPorts {
  readonly cardStore: CardStore;
  readonly addresses: UpstreamAddressPolicy;
  readonly ids: IdSource;
}

/**
 * Decides about a card version that waits: an approved one is used from now on, new messages go where it leads within
 * `limits.routeRefreshMs`; a rejected one never is. Throws `registry.agent-unknown`, `registry.card-version-unknown`,
 * `registry.card-version-settled` and, for an address that may not be called any more, `egress.refused`.
 */
export function decideCard(ports: CardDecisionPorts) {
  return async (caller: Caller, { name, version, verdict }: CardVerdictInput): Promise<CardVersion> => {
    const { cardStore, ids } = ports;
    const waiting = await findCardVersion(cardStore, caller, name, version);
    if (waiting.status !== 'pending') throw new PlatformError('registry.card-version-settled');
    const instance = verdict === 'approve' ? await placeOf(ports, waiting) : null;
    const entry = auditEntryBy(caller, ids, {
      action: verdict === 'approve' ? 'card.approved' : 'card.rejected',
      outcome: 'succeeded',
      resource: `agents/${name}`,
      facts: { version: String(version) },
    });
    const decision = { name, version, decidedBy: caller.principal.id, instance };
    const isDecided = await cardStore.decide(caller.tenant.id, decision, entry);
    if (!isDecided) throw new PlatformError('registry.card-version-settled');
    return findCardVersion(cardStore, caller, name, version);
  };
}

async function placeOf({ addresses, ids }: CardDecisionPorts, { card }: StoredCard): Promise<PlacedInterface> {
  const chosen = chooseInterface(card);
  if (chosen === null) throw new PlatformError('registry.interface-unsupported');
  await addresses.checkAddresses(chosen.url);
  return { instanceId: ids.next('ins'), ...chosen };
}

/** A version of an agent of the caller's tenant; throws `registry.agent-unknown` and `registry.card-version-unknown`. */
export async function findCardVersion(
  cardStore: CardStore,
  caller: Caller,
  name: string,
  version: number,
): Promise<StoredCard> {
  const tenantId = caller.tenant.id;
  const found = slugProblem(name) === null ? await cardStore.findVersion(tenantId, name, version) : null;
  if (found !== null) return found;
  const agent = slugProblem(name) === null ? await cardStore.findInUse(tenantId, name) : null;
  throw new PlatformError(agent === null ? 'registry.agent-unknown' : 'registry.card-version-unknown');
}
