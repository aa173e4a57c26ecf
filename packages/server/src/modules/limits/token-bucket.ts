/** How fast a bucket fills, and how much it holds. */
export interface Rate {
  /** Tokens a second. */
  readonly perSecond: number;
  /** Tokens that it holds at most, so that many can be taken at once. */
  readonly burst: number;
}

/**
 * What this process may take of a bucket that it shares with the other processes, and what it has to tell them. The shared bucket
 * stands elsewhere; nobody waits for it.
 */
export interface Bucket {
  /** Names the shared bucket: the same in every process. */
  readonly key: string;
  rate: Rate;
  /** Tokens that may be taken here, a fraction included. */
  own: number;
  /** Tokens taken here that the shared bucket does not know of yet. */
  untold: number;
  /** What the shared bucket held at the last answer; below zero when the processes took more than it had. Null before the first. */
  shared: number | null;
  /** Monotonic time up to which `own` is filled. */
  filledAtMs: number;
  /** Monotonic time of the last answer. */
  answeredAtMs: number;
}

/** When what is known of the shared bucket is too old to hold back for. */
export interface ShareTerms {
  /** Processes that live, this one among them. */
  readonly processes: number;
  readonly knownMs: number;
}

export function newBucket(key: string, rate: Rate, processes: number, nowMs: number): Bucket {
  const own = shareOf(rate, processes);
  return { key, rate, own, untold: 0, shared: null, filledAtMs: nowMs, answeredAtMs: Number.NEGATIVE_INFINITY };
}

/** The strict share of one process: what it may hold without knowing of the others. One token at least, or a small limit would let nobody in. */
export function shareOf({ burst }: Rate, processes: number): number {
  return Math.max(1, burst / processes);
}

/**
 * Fills the bucket by the strict share of the rate. While the shared bucket is known to be overdrawn nothing is added: what was taken too
 * much is paid back first.
 */
export function fill(bucket: Bucket, nowMs: number, { processes, knownMs }: ShareTerms): void {
  const fromMs = Math.max(bucket.filledAtMs, bucket.answeredAtMs + debtMs(bucket, knownMs));
  if (nowMs <= fromMs) return;
  bucket.filledAtMs = nowMs;
  const filled = bucket.own + ((nowMs - fromMs) * bucket.rate.perSecond) / (1_000 * processes);
  bucket.own = Math.min(filled, shareOf(bucket.rate, processes));
}

/** How long after an answer it takes to pay back what it said was taken too much; no longer than the answer counts for known. */
function debtMs({ shared, rate }: Bucket, knownMs: number): number {
  return shared === null || shared >= 0 ? 0 : Math.min((-shared * 1_000) / rate.perSecond, knownMs);
}

/** Takes one token; false when there is none. Filled before each, or a full bucket would be filled a second time once it is empty. */
export function take(bucket: Bucket, nowMs: number, terms: ShareTerms): boolean {
  fill(bucket, nowMs, terms);
  if (bucket.own < 1) return false;
  bucket.own -= 1;
  bucket.untold += 1;
  return true;
}

/** Milliseconds until one token is likely to be there; at least 1. */
export function waitMs(bucket: Bucket, processes: number): number {
  const { own, shared, rate } = bucket;
  const missing = shared !== null && shared < 0 ? 1 - shared : (1 - own) * processes;
  return Math.max(1, Math.ceil((missing * 1_000) / rate.perSecond));
}

/** Whether other processes should soon hear, and this one of them: less than half of the share is left. */
export function isShort({ own, rate }: Bucket, processes: number): boolean {
  return own < shareOf(rate, processes) / 2;
}

/** What is told of a bucket: tokens taken since the last time, and what the shared one begins with if nobody has it any more. */
export interface BucketTold extends Rate {
  readonly key: string;
  readonly taken: number;
  readonly start: number;
}

/** Takes out what is to be told now. It comes back with {@link untell} when nobody heard it. */
export function tell(bucket: Bucket): BucketTold {
  const { key, rate, untold, shared } = bucket;
  bucket.untold = 0;
  return { key, ...rate, taken: untold, start: shared ?? rate.burst };
}

/** Nobody is known to have heard what was told: it is told again. More than a burst is not owed. */
export function untell(bucket: Bucket, { taken }: BucketTold): void {
  bucket.untold = Math.min(bucket.untold + taken, Math.max(1, bucket.rate.burst));
}

/** The shared bucket holds `shared` after what was told: this process's part of it is its own until the next answer. */
export function settle(bucket: Bucket, shared: number, nowMs: number, { processes }: ShareTerms): void {
  bucket.shared = shared;
  bucket.answeredAtMs = nowMs;
  bucket.filledAtMs = nowMs;
  const part = shared >= 1 ? Math.max(1, shared / processes) : shared / processes;
  // What was taken meanwhile is not in the answer.
  bucket.own = Math.max(0, Math.min(part, shareOf(bucket.rate, processes)) - bucket.untold);
}

/** Another rate from now on. What is held beyond its burst is lost; what was taken stays taken. */
export function setRate(bucket: Bucket, rate: Rate, processes: number): void {
  const share = shareOf(bucket.rate, processes);
  // A fuller bucket stays as full in proportion, so that a raised limit counts at once.
  bucket.own = (bucket.own / share) * shareOf(rate, processes);
  bucket.rate = rate;
  bucket.shared = bucket.shared === null ? null : Math.min(bucket.shared, rate.burst);
}
