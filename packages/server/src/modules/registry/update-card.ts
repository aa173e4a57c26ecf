import type { JsonObject } from '@colloquy/protocol';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { appendAuditEntry, auditEntryBy } from '../audit/index.ts';
import type { AuditLog } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import { isGuarded } from '../trust/index.ts';
import { spokenInterfaces } from './agent-wire.ts';
import { assertLeadsHome } from './card-home.ts';
import { diffCards, isSameJson } from './card-diff.ts';
import type { CardDiff } from './card-diff.ts';
import type { CardStore, NextCard } from './card-store.ts';
import type { CardInUse, CardVersion, StoredCard } from './card-version.ts';
import { credentialOriginOf } from './upstream-credential.ts';
import { readCard } from './read-card.ts';
import type { CardOrigin, CardReadingPorts, ReadCard } from './read-card.ts';

/** A new card for an agent. */
export interface CardUpdate {
  readonly name: string;
  /** Null: fetch the card from the URL of the card in use. */
  readonly source: CardOrigin | null;
  /** The profile to merge into this card and later ones; null for none, absent to keep the current profile. */
  readonly profile?: JsonObject | null;
}

/** The outcome of an update. */
export interface UpdatedCard {
  /** The new version, or the existing one when the card has not changed. */
  readonly version: CardVersion;
  /** Compared with the version in use. */
  readonly diff: CardDiff;
}

export interface CardUpdatePorts extends CardReadingPorts {
  readonly cardStore: CardStore;
  readonly audit: AuditLog;
  readonly ids: IdSource;
}

/**
 * Reads an agent's card again. An unchanged card changes nothing. A material change that the policy wants approved is stored as pending,
 * and the version in use stays. Any other card is in use at once. Throws the errors of `readCard`, and `registry.agent-unknown`,
 * `registry.credential-bound`, `registry.card-changed`, `request.invalid`.
 */
export function updateCard(ports: CardUpdatePorts) {
  return async (caller: Caller, update: CardUpdate): Promise<UpdatedCard> => {
    const { name } = update;
    const inUse = slugProblem(name) === null ? await ports.cardStore.findInUse(caller.tenant.id, name) : null;
    if (inUse === null) throw new PlatformError('registry.agent-unknown');
    const read = await readNextCard(ports, caller, update, inUse);
    // A card that needs approval is checked by the person that approves it.
    if (!isGuarded(read.policy.approval, inUse.signature))
      assertLeadsHome(read, spokenInterfaces(inUse.card).map(credentialOriginOf));
    const diff = diffCards(inUse, { card: read.card, signature: read.signature });
    const { profile = inUse.profile } = update;
    const known = [inUse, inUse.pending].find((one) => one !== null && isSameCard(one, { read, profile })) ?? null;
    if (known !== null) return { version: known, diff };
    const next = nextCard(ports, caller, { name, inUse, read, diff, profile });
    const entry = auditEntryBy(caller, ports.ids, {
      action: next.status === 'approved' ? 'card.published' : 'card.proposed',
      outcome: 'succeeded',
      resource: `agents/${name}`,
      facts: { material: diff.material.join(' '), signature: read.signature.state },
    });
    const version = await ports.cardStore.add(caller.tenant.id, next, entry);
    const written = version === null ? null : await ports.cardStore.findVersion(caller.tenant.id, name, version);
    if (written === null) throw new PlatformError('registry.card-changed');
    return { version: written, diff };
  };
}

/** Reads the card. A refusal for its signature leaves an audit entry, because it may be an attack. */
async function readNextCard(
  ports: CardUpdatePorts,
  caller: Caller,
  update: CardUpdate,
  inUse: CardInUse,
): Promise<ReadCard> {
  try {
    const { profile = inUse.profile } = update;
    const source = update.source ?? sourceOf(ports, update, inUse);
    const read = await readCard(ports, caller, source, { own: inUse.policy, profile });
    const { credentialOrigin } = inUse;
    if (credentialOrigin !== null && credentialOrigin !== credentialOriginOf(read.chosen)) {
      throw new PlatformError('registry.credential-bound');
    }
    return read;
  } catch (error) {
    if (error instanceof PlatformError && error.code.startsWith('registry.card-signature')) {
      await appendAuditEntry(ports)(caller, {
        action: 'card.proposed',
        outcome: 'refused',
        resource: `agents/${update.name}`,
        facts: { code: error.code },
      });
    }
    throw error;
  }
}

function sourceOf({ cards }: CardUpdatePorts, { profile }: CardUpdate, { cardUrl, document }: CardInUse): CardOrigin {
  // A new profile is merged into the current card.
  if (profile !== undefined) return { kind: 'document', ...cards.readDocument(document) };
  if (cardUrl !== null) return { kind: 'url', url: cardUrl };
  const violations = [{ field: 'cardUrl', description: 'must be given, or the card: the one in use was not fetched' }];
  throw new PlatformError('request.invalid', { violations });
}

function isSameCard(known: StoredCard, { read, profile }: Pick<JudgedUpdate, 'read' | 'profile'>): boolean {
  const { state, kid } = known.signature;
  if (!isSameJson(known.profile, profile)) return false;
  return isSameJson(known.document, read.document) && state === read.signature.state && kid === read.signature.kid;
}

interface JudgedUpdate {
  readonly name: string;
  readonly inUse: CardInUse;
  readonly read: ReadCard;
  readonly diff: CardDiff;
  readonly profile: JsonObject | null;
}

function nextCard(
  ports: CardUpdatePorts,
  caller: Caller,
  { name, inUse, read, diff, profile }: JudgedUpdate,
): NextCard {
  return {
    name,
    after: inUse.version,
    card: read.card,
    document: read.document,
    cardUrl: read.cardUrl ?? inUse.cardUrl,
    profile,
    signature: read.signature,
    proposedBy: caller.principal.id,
    status: isGuarded(read.policy.approval, inUse.signature) && diff.material.length > 0 ? 'pending' : 'approved',
    instance: { instanceId: ports.ids.next('ins'), ...read.chosen },
  };
}
