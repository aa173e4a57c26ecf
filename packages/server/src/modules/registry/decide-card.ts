import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import { judgeCard } from '../trust/index.ts';
import type { CardVerifier, TrustStore } from '../trust/index.ts';
import { chooseInterface } from './agent-wire.ts';
import type { UpstreamAddressPolicy } from './card-source.ts';
import type { CardStore, PlacedInterface } from './card-store.ts';
import type { CardVersion, StoredCard } from './card-version.ts';

/** A verdict about a card version. */
export interface CardVerdictInput {
  readonly name: string;
  readonly version: number;
  readonly verdict: 'approve' | 'reject';
}

export interface CardDecisionPorts {
  readonly cardStore: CardStore;
  readonly addresses: UpstreamAddressPolicy;
  readonly trust: TrustStore;
  readonly cardVerifier: CardVerifier;
  readonly ids: IdSource;
}

/**
 * Approves or rejects a pending card version. An approved card is in use at once, and new messages go to its interface within
 * `limits.routeRefreshMs`. Throws `registry.agent-unknown`, `registry.card-version-unknown`, `registry.card-version-settled` and, when the
 * card would be refused today, the errors of `readCard`.
 */
export function decideCard(ports: CardDecisionPorts) {
  return async (caller: Caller, { name, version, verdict }: CardVerdictInput): Promise<CardVersion> => {
    const { cardStore, ids } = ports;
    const waiting = await findCardVersion(cardStore, caller, name, version);
    if (waiting.status !== 'pending') throw new PlatformError('registry.card-version-settled');
    const instance = verdict === 'approve' ? await placeOf(ports, caller, { name, waiting }) : null;
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

/** Judges the card again: since it was submitted, its key may have been revoked, the policy changed, or its address forbidden. */
export async function placeOf(
  ports: CardDecisionPorts,
  caller: Caller,
  { name, waiting }: { readonly name: string; readonly waiting: StoredCard },
): Promise<PlacedInterface> {
  const tenantId = caller.tenant.id;
  const inUse = await ports.cardStore.findInUse(tenantId, name);
  if (inUse === null) throw new PlatformError('registry.agent-unknown');
  await judgeCard(ports, tenantId, waiting.document, inUse.policy);
  const chosen = chooseInterface(waiting.card);
  if (chosen === null) throw new PlatformError('registry.interface-unsupported');
  await ports.addresses.checkAddress(chosen.url, tenantId);
  return { instanceId: ports.ids.next('ins'), ...chosen };
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
