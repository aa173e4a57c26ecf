import type { TaskId, TenantId } from '../../kernel/ids.ts';
import type { ResultLookup, StoredResult } from './stored-result.ts';

/** Where a result is stored. */
export interface ResultPlace {
  readonly tenantId: TenantId;
  readonly agentName: string;
  readonly skillId: string;
  /** 32 hex digits. */
  readonly keyHash: string;
}

/** How long a result may be used, in milliseconds. */
export interface ResultTimes {
  readonly ttlMs: number;
  /** How long after the TTL it may be used while a new one is fetched. */
  readonly staleMs: number;
}

/** The outcome of claiming a place. `claimed` also when the task holds the claim already. */
export type ClaimOutcome = ResultLookup | { readonly kind: 'claimed' };

/**
 * Cached results, shared by all processes. Promises of an implementation: at any time one task holds the claim of a place, and only
 * that task fills it; a found result was stored for the same key and tenant and is within its times. The store may drop results at any
 * time. Methods reject with the store's own error.
 */
export interface ResultStore {
  find(place: ResultPlace): Promise<ResultLookup>;
  /** Claims the place for `claimMs`, unless a result is there or another task holds the claim. `vacant`: another key has the place. */
  claim(place: ResultPlace, taskId: TaskId, claimMs: number): Promise<ClaimOutcome>;
  /** Extends the claim by `claimMs`. False when it is lost. */
  renew(place: ResultPlace, taskId: TaskId, claimMs: number): Promise<boolean>;
  /** Stores the result and ends the claim. False when the claim was lost or the place was purged. */
  fill(place: ResultPlace, taskId: TaskId, result: StoredResult, times: ResultTimes): Promise<boolean>;
  /** Ends the claim without a result. */
  release(place: ResultPlace, taskId: TaskId): Promise<void>;
}
