import type { AgentCard, JsonObject } from '@colloquy/protocol';
import type { AgentId, InstanceId, TenantId } from '../../kernel/ids.ts';
import type { CardSignature, OwnCardPolicy } from '../trust/index.ts';
import type { AgentHealth, AgentProfile } from './agent-profile.ts';
import type { ChosenInterface } from './agent-wire.ts';
import type { StoredSignatures } from './card-store.ts';
import type { CardSignatureState } from './card-version.ts';

/** `public`: the card can be read without a token. */
export type CardVisibility = 'tenant' | 'public';

export type CredentialKind = 'none' | 'bearer' | 'api-key';

/** An agent as its tenant sees it, without the agent's own address and without the value of its credential. */
export interface RegisteredAgent {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  /** Unique among the tenant's registered agents. */
  readonly name: string;
  /** Counts the cards of this registration, from 1. */
  readonly cardVersion: number;
  readonly cardVisibility: CardVisibility;
  readonly priceMicrocredits: bigint;
  /** Whether sending one messageId twice has the effect of sending it once. */
  readonly idempotent: boolean;
  readonly taskMsMax: number;
  readonly credentialKind: CredentialKind;
  /** Header that carries an API key; null for other kinds. */
  readonly credentialHeader: string | null;
  readonly registeredBy: string;
  readonly createdAt: Date;
  /** The next six fields come from the card. */
  readonly title: string;
  readonly description: string;
  readonly version: string;
  readonly streaming: boolean;
  readonly skillIds: readonly string[];
  readonly extendedSkillIds: readonly string[];
  readonly profile: AgentProfile;
  readonly health: AgentHealth;
  readonly cardPolicy: OwnCardPolicy;
  /** Of the card in use. */
  readonly cardSignature: CardSignatureState;
  /** The card version that is pending approval; null for none. */
  readonly pendingCardVersion: number | null;
}

/** A credential as it is stored. */
export interface SealedCredential {
  readonly kind: Exclude<CredentialKind, 'none'>;
  readonly header: string | null;
  readonly sealed: Uint8Array;
  /** The only scheme, host and port that it may be sent to. */
  readonly origin: string;
}

/** A registration as it is written. */
export interface NewAgent {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  readonly name: string;
  readonly card: AgentCard;
  /** The card's wire document as it was published. */
  readonly document: JsonObject;
  readonly cardSignature: CardSignature;
  readonly cardPolicy: OwnCardPolicy;
  /** The tenant's profile of the agent, already merged into its card. */
  readonly profile: JsonObject | null;
  readonly extendedSkillIds: readonly string[];
  /** The URL that the card was fetched from; null when the caller sent the card. */
  readonly cardUrl: string | null;
  readonly cardVisibility: CardVisibility;
  readonly priceMicrocredits: bigint;
  readonly idempotent: boolean;
  readonly taskMsMax: number;
  readonly credential: SealedCredential | null;
  readonly registeredBy: string;
  readonly instance: ChosenInterface & { readonly instanceId: InstanceId };
}

/** The card in use, and the signatures over the card as it was served last. */
export interface PublishedCard {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  readonly card: AgentCard;
  readonly version: number;
  readonly cardVisibility: CardVisibility;
  readonly publishedAt: Date;
  readonly extendedSkillIds: readonly string[];
  /** Null: the card was never served. */
  readonly signatures: StoredSignatures | null;
}
