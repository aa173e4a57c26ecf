import type { AgentCard, AgentCardSignature, JsonObject } from '@colloquy/protocol';
import type { AgentId, InstanceId, TenantId } from '../../kernel/ids.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { CardSignature } from '../trust/index.ts';
import type { ChosenInterface } from './agent-wire.ts';
import type { CardInUse, CardVersion, StoredCard } from './card-version.ts';

/** A card that follows the one in use. */
export interface NextCard {
  readonly name: string;
  /** The version that was in use when this card was judged. When another is in use by now, nothing is written. */
  readonly after: number;
  readonly card: AgentCard;
  readonly document: JsonObject;
  readonly cardUrl: string | null;
  /** Already merged into the card. */
  readonly profile: JsonObject | null;
  readonly signature: CardSignature;
  readonly proposedBy: string;
  /** `approved`: the card is in use from now on, at `instance`. */
  readonly status: 'approved' | 'pending';
  readonly instance: PlacedInterface;
}

/** An interface, with the id for its instance if the agent has none there yet. */
export interface PlacedInterface extends ChosenInterface {
  readonly instanceId: InstanceId;
}

/** A decision about a pending card version. */
export interface CardDecision {
  readonly name: string;
  readonly version: number;
  readonly decidedBy: string;
  /** The interface of the agent from now on; null for a rejection. */
  readonly instance: PlacedInterface | null;
}

/** The platform's signatures over a served card. */
export interface StoredSignatures {
  /** 32 hex digits; equal for the same served card and signing key. */
  readonly digest: string;
  readonly signatures: readonly AgentCardSignature[];
  readonly signedAt: Date;
}

/**
 * Durable card versions. Promises of an implementation: those of the agent store; the version in use and the agent's routes change in one
 * transaction; an agent has at most one pending version.
 */
export interface CardStore {
  /** Null when the tenant has no such agent. */
  findInUse(tenantId: TenantId, name: string): Promise<CardInUse | null>;
  /** Null when the agent, or its version, is not there. */
  findVersion(tenantId: TenantId, name: string, version: number): Promise<StoredCard | null>;
  /** Newest first; before the version number `page.after`; null when the tenant has no such agent. */
  listVersions(tenantId: TenantId, name: string, page: PageRequest): Promise<readonly CardVersion[] | null>;
  /** The number of the new version, which supersedes a pending one; null when another card came in between. */
  add(tenantId: TenantId, next: NextCard, entry: NewAuditEntry): Promise<number | null>;
  /** False when no such version is pending; then nothing is written. */
  decide(tenantId: TenantId, decision: CardDecision, entry: NewAuditEntry): Promise<boolean>;
  /** Makes an approved version the one in use again, at `decision.instance`. False when there is no such version; then nothing is written. */
  rollBack(tenantId: TenantId, decision: CardDecision, entry: NewAuditEntry): Promise<boolean>;
  /** Replaces the stored signatures. Returns the stored ones, which may be another process's for the same digest. */
  storeSignatures(
    place: { readonly tenantId: TenantId; readonly agentId: AgentId },
    made: Omit<StoredSignatures, 'signedAt'>,
  ): Promise<StoredSignatures>;
}
