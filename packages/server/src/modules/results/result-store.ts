import type { TaskId, TenantId } from '../../kernel/ids.ts';
import type { ResultLook, StoredResult } from './stored-result.ts';

/** Where a result is kept. */
export interface ResultPlace {
  readonly tenantId: TenantId;
  readonly agentName: string;
  readonly skillId: string;
  /** 32 hex digits. */
  readonly keyHash: string;
}

/** How long a result holds; milliseconds. */
export interface ResultTimes {
  readonly ttlMs: number;
  /** How long after that it may be given while a new one is fetched. */
  readonly staleMs: number;
}

/** What came of claiming a place: `claimed` also for who holds the claim already. */
export type ClaimOutcome = ResultLook | { readonly kind: 'claimed' };

/**
 * Results of all processes. Promises of an implementation: of all tasks that claim a place, one holds the claim at any time; only it
 * fills the place; what is found was stored for this very key and tenant and is not older than its times allow. It may forget anything
 * at any time. Rejects with whatever keeps it from answering.
 */
export interface ResultStore {
  find(place: ResultPlace): Promise<ResultLook>;
  /** Takes on fetching the result for `claimMs`, unless it is there or another task does. `vacant`: the place is taken by another key. */
  claim(place: ResultPlace, taskId: TaskId, claimMs: number): Promise<ClaimOutcome>;
  /** Holds the claim for another `claimMs`. False when it is lost. */
  renew(place: ResultPlace, taskId: TaskId, claimMs: number): Promise<boolean>;
  /** Ends the claim with a result. False when it was lost, or the place was purged. */
  fill(place: ResultPlace, taskId: TaskId, result: StoredResult, times: ResultTimes): Promise<boolean>;
  /** Ends the claim without one. */
  release(place: ResultPlace, taskId: TaskId): Promise<void>;
}
