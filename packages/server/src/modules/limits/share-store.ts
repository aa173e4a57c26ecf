import type { TenantId } from '../../kernel/ids.ts';
import type { LimitSubjectKind, QuotaPeriod } from './rate-limit.ts';
import type { BucketReport } from './token-bucket.ts';

/** The fill of one shared bucket. */
export interface SharedBucket {
  readonly key: string;
  /** Tokens; below zero, down to minus the burst, when the processes together took more than it had. */
  readonly tokens: number;
}

/**
 * The buckets that all processes share. Promises of an implementation: reported tokens are taken once, in one round trip for all; a bucket
 * fills by its rate up to its burst, by the store's own clock; a bucket that the store does not have begins with `start`. An answer may
 * leave out buckets; their reports were not received. Rejects when the store is away or does not answer in time: the reports may
 * have been received then, and are sent again.
 */
export interface BucketStore {
  exchange(reports: readonly BucketReport[]): Promise<readonly SharedBucket[]>;
}

/** The sends of one subject in one period since the last report. */
export interface QuotaReport {
  readonly tenantId: TenantId;
  readonly kind: LimitSubjectKind;
  readonly subjectId: string;
  readonly period: QuotaPeriod;
  /** First day of the period, `YYYY-MM-DD`. */
  readonly beginsOn: string;
  /** Sends since the last report; below zero when more were refunded than counted. */
  readonly sends: number;
}

/**
 * The counts of sends that all processes share. Promises of an implementation: all reports are added once and durably, in one transaction;
 * the answer has the counts after it, in the order of the reports. Rejects with `platform.unavailable`.
 */
export interface QuotaStore {
  exchange(reports: readonly QuotaReport[]): Promise<readonly number[]>;
}
