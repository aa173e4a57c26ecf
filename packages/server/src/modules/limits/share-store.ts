import type { TenantId } from '../../kernel/ids.ts';
import type { LimitSubjectKind, QuotaPeriod } from './rate-limit.ts';
import type { BucketTold } from './token-bucket.ts';

/** What one shared bucket holds now. */
export interface SharedBucket {
  readonly key: string;
  /** Tokens; below zero, down to minus the burst, when the processes together took more than it had. */
  readonly tokens: number;
}

/**
 * The buckets that all processes share. Promises of an implementation: what is told is taken once, in one round trip for all; a bucket
 * fills by its rate up to its burst, by the store's own clock; one that the store does not have begins with `start`. An answer may leave
 * out buckets that could not be settled now; what was told of them was not heard. Rejects when the store is away, or does
 * not answer in time: what was told may have been heard then, and is told again.
 */
export interface BucketStore {
  exchange(told: readonly BucketTold[]): Promise<readonly SharedBucket[]>;
}

/** Sends of one subject in one period. */
export interface QuotaTold {
  readonly tenantId: TenantId;
  readonly kind: LimitSubjectKind;
  readonly subjectId: string;
  readonly period: QuotaPeriod;
  /** First day of the period, `YYYY-MM-DD`. */
  readonly beginsOn: string;
  /** Sends since the last time; below zero when some of them were taken back. */
  readonly sends: number;
}

/**
 * The counts of sends that all processes share. Promises of an implementation: what is told is added once and kept, in one transaction
 * for all; the answer has the count after it, in the order of what was told. Rejects with `platform.unavailable`.
 */
export interface QuotaStore {
  exchange(told: readonly QuotaTold[]): Promise<readonly number[]>;
}
