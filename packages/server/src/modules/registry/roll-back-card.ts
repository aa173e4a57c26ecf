import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { CardVersion } from './card-version.ts';
import { findCardVersion, placeOf } from './decide-card.ts';
import type { CardDecisionPorts } from './decide-card.ts';
import { credentialOriginOf } from './upstream-credential.ts';

/**
 * Makes an earlier card version the one in use again; new messages go to its interface within `limits.routeRefreshMs`. Throws
 * `registry.agent-unknown`, `registry.card-version-unknown`, `registry.card-version-unused`, `registry.credential-bound` and, when the card
 * would be refused today, the errors of `readCard`.
 */
export function rollBackCard(ports: CardDecisionPorts) {
  return async (
    caller: Caller,
    { name, version }: { readonly name: string; readonly version: number },
  ): Promise<CardVersion> => {
    const { cardStore, ids } = ports;
    const wanted = await findCardVersion(cardStore, caller, name, version);
    if (wanted.isInUse) return wanted;
    if (wanted.status !== 'approved') throw new PlatformError('registry.card-version-unused');
    const instance = await placeOf(ports, caller, { name, waiting: wanted });
    const inUse = await cardStore.findInUse(caller.tenant.id, name);
    const credentialOrigin = inUse?.credentialOrigin ?? null;
    if (credentialOrigin !== null && credentialOrigin !== credentialOriginOf(instance))
      throw new PlatformError('registry.credential-bound');
    const entry = auditEntryBy(caller, ids, {
      action: 'card.rolled-back',
      outcome: 'succeeded',
      resource: `agents/${name}`,
      facts: { version: String(version), from: String(inUse?.version ?? '') },
    });
    const decision = { name, version, decidedBy: caller.principal.id, instance };
    if (!(await cardStore.rollBack(caller.tenant.id, decision, entry)))
      throw new PlatformError('registry.card-version-unused');
    return findCardVersion(cardStore, caller, name, version);
  };
}
