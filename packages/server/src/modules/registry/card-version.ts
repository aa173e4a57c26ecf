import type { AgentCard, JsonObject } from '@colloquy/protocol';
import type { AgentId } from '../../kernel/ids.ts';
import type { CardStanding, OwnCardPolicy } from '../trust/index.ts';

/** `approved`: in use, or was. `pending`: waits for a decision. `superseded`: a later card came before the decision. */
export type CardVersionStatus = 'approved' | 'pending' | 'rejected' | 'superseded';

/** How a card's signatures stand: as they were found when the card came, and whether the key was revoked since. */
export interface CardSignatureState extends CardStanding {
  readonly isKeyRevoked: boolean;
}

/** One card of an agent, in short. */
export interface CardVersion {
  /** Counts the cards of a registration, from 1. */
  readonly version: number;
  readonly status: CardVersionStatus;
  /** Whether messages are routed by it. */
  readonly isInUse: boolean;
  readonly signature: CardSignatureState;
  /** What the card calls its version. */
  readonly cardsOwnVersion: string;
  /** Id of the principal that brought it; null where it was not recorded. */
  readonly proposedBy: string | null;
  readonly createdAt: Date;
  /** Id of the principal that approved, rejected or superseded it; null where nobody had to. */
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

/** A card as it came. */
export interface StoredCard extends CardVersion {
  readonly card: AgentCard;
  /** The wire document as it was published. */
  readonly document: JsonObject;
  /** Where it was fetched from; null when it was sent to us. */
  readonly cardUrl: string | null;
  /** What the tenant said of the agent, which is laid over the card; null for nothing. */
  readonly profile: JsonObject | null;
}

/** The card in use, with what decides about its successor. */
export interface CardInUse extends StoredCard {
  readonly agentId: AgentId;
  readonly policy: OwnCardPolicy;
  /** Where alone the agent's credential may travel; null when it has none. */
  readonly credentialOrigin: string | null;
  /** The newest version that waits for a decision. */
  readonly pending: StoredCard | null;
}
