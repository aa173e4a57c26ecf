import type { AgentCard, AgentCardSignature, JsonObject } from '@colloquy/protocol';
import type { AgentId, InstanceId, TenantId } from '../../kernel/ids.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { CardStanding } from '../trust/index.ts';
import type { ChosenInterface } from './agent-wire.ts';
import type { CardInUse, CardVersion, StoredCard } from './card-version.ts';

/** A card that follows the one in use. */
export interface NextCard {
  readonly name: string;
  /** The version that was in use when it was judged; with another one nothing is written. */
  readonly after: number;
  readonly card: AgentCard;
  readonly document: JsonObject;
  readonly cardUrl: string | null;
  /** Laid over the card already. */
  readonly profile: JsonObject | null;
  readonly standing: CardStanding;
  readonly proposedBy: string;
  /** `approved`: it is used from now on, at `instance`. */
  readonly status: 'approved' | 'pending';
  readonly instance: PlacedInterface;
}

/** An interface with the id it gets where the agent was not reached by it before. */
export interface PlacedInterface extends ChosenInterface {
  readonly instanceId: InstanceId;
}

/** A decision about a card version that waits. */
export interface CardDecision {
  readonly name: string;
  readonly version: number;
  readonly decidedBy: string;
  /** Where the agent is reached from now on; null for a rejection. */
  readonly instance: PlacedInterface | null;
}

/** Our signatures over a card as we serve it. */
export interface StoredSignatures {
  /** 32 hex digits: equal for the same served card and key. */
  readonly digest: string;
  readonly signatures: readonly AgentCardSignature[];
  readonly signedAt: Date;
}

/**
 * Durable versions of cards. Promises of an implementation: as those of the agent store; routes are resolved by the version in use until
 * another one is, and both change in one transaction; one version of an agent waits at a time.
 */
export interface CardStore {
  /** Null when the tenant has no such agent. */
  findInUse(tenantId: TenantId, name: string): Promise<CardInUse | null>;
  /** Null when the agent, or its version, is not there. */
  findVersion(tenantId: TenantId, name: string, version: number): Promise<StoredCard | null>;
  /** Newest first; before the version number `page.after`; null when the tenant has no such agent. */
  listVersions(tenantId: TenantId, name: string, page: PageRequest): Promise<readonly CardVersion[] | null>;
  /** The number of the new version, which supersedes one that waits; null when another card came in between. */
  add(tenantId: TenantId, next: NextCard, entry: NewAuditEntry): Promise<number | null>;
  /** False when no such version waits; then nothing is written. */
  decide(tenantId: TenantId, decision: CardDecision, entry: NewAuditEntry): Promise<boolean>;
  /** Uses an approved version again, at `decision.instance`. False when there is no such version; then nothing is written. */
  rollBack(tenantId: TenantId, decision: CardDecision, entry: NewAuditEntry): Promise<boolean>;
  /** Keeps signatures in place of others; answers those that are kept, which may be another process's for the same digest. */
  storeSignatures(
    place: { readonly tenantId: TenantId; readonly agentId: AgentId },
    made: Omit<StoredSignatures, 'signedAt'>,
  ): Promise<StoredSignatures>;
}
