/** How fast a bucket fills, and how much it holds. */
export interface Rate {
  /** Tokens a second. */
  readonly perSecond: number;
  /** Tokens that it holds at most, so that many can be taken at once. */
  readonly burst: number;
}

/**
 * This process's part of a bucket that all processes share, and its unreported usage. The shared bucket is in the store; no request waits
 * for it.
 */
export interface Bucket {
  /** Names the shared bucket: the same in every process. */
  readonly key: string;
  rate: Rate;
  /** Tokens that may be taken here, a fraction included. */
  own: number;
  /** Tokens taken here that were not reported to the store yet. */
  unreported: number;
  /** Fill of the shared bucket at the last answer; below zero when the processes took more than it had. Null before the first. */
  shared: number | null;
  /** Monotonic time up to which `own` is filled. */
  filledAtMs: number;
  /** Monotonic time of the last answer. */
  answeredAtMs: number;
}

/** The number of processes that share, and how long an answer of the store counts as known. */
export interface ShareSettings {
  /** Live processes, this one included. */
  readonly processes: number;
  readonly knownMs: number;
}

export function newBucket(key: string, rate: Rate, processes: number, nowMs: number): Bucket {
  const own = shareOf(rate, processes);
  return { key, rate, own, unreported: 0, shared: null, filledAtMs: nowMs, answeredAtMs: Number.NEGATIVE_INFINITY };
}

/** The strict share of one process: what it may hold without an exchange. At least one token, or a small limit would admit no request. */
export function shareOf({ burst }: Rate, processes: number): number {
  return Math.max(1, burst / processes);
}

/**
 * Fills the bucket by the strict share of the rate. While the shared bucket is known to be overdrawn, nothing is added until the overdraft
 * is compensated.
 */
export function fill(bucket: Bucket, nowMs: number, { processes, knownMs }: ShareSettings): void {
  const fromMs = Math.max(bucket.filledAtMs, bucket.answeredAtMs + debtMs(bucket, knownMs));
  if (nowMs <= fromMs) return;
  bucket.filledAtMs = nowMs;
  const filled = bucket.own + ((nowMs - fromMs) * bucket.rate.perSecond) / (1_000 * processes);
  bucket.own = Math.min(filled, shareOf(bucket.rate, processes));
}

/** How long after an answer the overdraft takes to be compensated; at most as long as the answer counts as known. */
function debtMs({ shared, rate }: Bucket, knownMs: number): number {
  return shared === null || shared >= 0 ? 0 : Math.min((-shared * 1_000) / rate.perSecond, knownMs);
}

/** Takes one token; false when there is none. It fills the bucket first, or a full bucket would be filled a second time once it is empty. */
export function take(bucket: Bucket, nowMs: number, settings: ShareSettings): boolean {
  fill(bucket, nowMs, settings);
  if (bucket.own < 1) return false;
  bucket.own -= 1;
  bucket.unreported += 1;
  return true;
}

/** Milliseconds until one token is likely to be there; at least 1. */
export function waitMs(bucket: Bucket, processes: number): number {
  const { own, shared, rate } = bucket;
  const missing = shared !== null && shared < 0 ? 1 - shared : (1 - own) * processes;
  return Math.max(1, Math.ceil((missing * 1_000) / rate.perSecond));
}

/** Whether the next exchange should come soon: less than half of the share is left. */
export function isShort({ own, rate }: Bucket, processes: number): boolean {
  return own < shareOf(rate, processes) / 2;
}

/** The report of a bucket: tokens taken since the last report, and the fill that the shared bucket starts with if the store lost it. */
export interface BucketReport extends Rate {
  readonly key: string;
  readonly taken: number;
  readonly start: number;
}

/** Takes out the unreported tokens. {@link returnReport} puts them back when the store did not receive them. */
export function takeReport(bucket: Bucket): BucketReport {
  const { key, rate, unreported, shared } = bucket;
  bucket.unreported = 0;
  return { key, ...rate, taken: unreported, start: shared ?? rate.burst };
}

/** Puts a report back that the store may not have received, to send it again. At most one burst is owed. */
export function returnReport(bucket: Bucket, { taken }: BucketReport): void {
  bucket.unreported = Math.min(bucket.unreported + taken, Math.max(1, bucket.rate.burst));
}

/** The shared bucket holds `shared` after the report: this process has its part of it until the next answer. */
export function settle(bucket: Bucket, shared: number, nowMs: number, { processes }: ShareSettings): void {
  bucket.shared = shared;
  bucket.answeredAtMs = nowMs;
  bucket.filledAtMs = nowMs;
  const part = shared >= 1 ? Math.max(1, shared / processes) : shared / processes;
  // The answer does not include tokens that were taken meanwhile.
  bucket.own = Math.max(0, Math.min(part, shareOf(bucket.rate, processes)) - bucket.unreported);
}

/** Applies a changed rate. Tokens above its burst are lost; taken tokens stay taken. */
export function setRate(bucket: Bucket, rate: Rate, processes: number): void {
  const share = shareOf(bucket.rate, processes);
  // A fuller bucket stays as full in proportion, so that a raised limit counts at once.
  bucket.own = (bucket.own / share) * shareOf(rate, processes);
  bucket.rate = rate;
  bucket.shared = bucket.shared === null ? null : Math.min(bucket.shared, rate.burst);
}
