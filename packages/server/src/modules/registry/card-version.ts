import type { AgentCard, JsonObject } from '@colloquy/protocol';
import type { AgentId } from '../../kernel/ids.ts';
import type { CardSignature, OwnCardPolicy } from '../trust/index.ts';

/** `approved`: in use now or before. `pending`: waits for a decision. `superseded`: a later card came before the decision. */
export type CardVersionStatus = 'approved' | 'pending' | 'rejected' | 'superseded';

/** The signature state from when the card was received, and whether the key has been revoked since. */
export interface CardSignatureState extends CardSignature {
  readonly isKeyRevoked: boolean;
}

/** A card version, without the card itself. */
export interface CardVersion {
  /** Counts the cards of a registration, from 1. */
  readonly version: number;
  readonly status: CardVersionStatus;
  /** Whether messages are routed by it. */
  readonly isInUse: boolean;
  readonly signature: CardSignatureState;
  /** The agent's version as its card states it. */
  readonly cardsOwnVersion: string;
  /** Id of the principal that submitted it; null when it was not recorded. */
  readonly proposedBy: string | null;
  readonly createdAt: Date;
  /** Id of the principal that approved, rejected or superseded it; null when no decision was needed. */
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

/** A card version with its card. */
export interface StoredCard extends CardVersion {
  readonly card: AgentCard;
  /** The wire document as it was published. */
  readonly document: JsonObject;
  /** The URL that it was fetched from; null when the caller sent it. */
  readonly cardUrl: string | null;
  /** The tenant's profile of the agent, which is merged into the card; null for none. */
  readonly profile: JsonObject | null;
}

/** The card in use, with the policy for its successor. */
export interface CardInUse extends StoredCard {
  readonly agentId: AgentId;
  readonly policy: OwnCardPolicy;
  /** The only origin that the agent's credential may be sent to; null when it has none. */
  readonly credentialOrigin: string | null;
  /** The pending version; null for none. */
  readonly pending: StoredCard | null;
}
