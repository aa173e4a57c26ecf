import { pause } from '../../kernel/clock.ts';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { NodeId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { ClaimRequest } from './delivery-store.ts';

/** A receiver that a node has claimed. */
export interface ReceiverClaim {
  readonly tenantId: TenantId;
  readonly origin: string;
  readonly nodeId: NodeId;
}

/** Whether a node may still send under a claim. */
export interface ClaimHold {
  readonly isHeld: () => boolean;
  readonly signal: AbortSignal;
}

export interface ReceiverWorkerOptions<Claim extends ReceiverClaim> {
  /** Claims receivers that something is due for. */
  readonly claim: (nodeId: NodeId, request: ClaimRequest) => Promise<readonly Claim[]>;
  /** Delivers to one receiver until nothing is due, an attempt fails, or the claim is lost. */
  readonly deliver: (claim: Claim, hold: ClaimHold) => Promise<void>;
  /** Receivers that are delivered to at once, and how many of them one origin and one tenant may have. */
  readonly bounds: { readonly inFlightMax: number; readonly perOriginMax: number; readonly perTenantMax: number };
  readonly clock: Clock;
  /** This node's id; null while it does not hold its lease, and on a node without the worker role. */
  readonly nodeId: () => NodeId | null;
  readonly report: (error: unknown) => void;
}

/** Checks that notifications start may use at most one tenth of the time. */
const checkShare = 10;

interface ActiveDelivery<Claim> {
  readonly claim: Claim;
  readonly done: Promise<void>;
}

/** Claims receivers with something due and delivers to them: a bounded number at once, and of them a bounded number for one origin and for one tenant. */
export class ReceiverWorker<Claim extends ReceiverClaim> {
  readonly #options: ReceiverWorkerOptions<Claim>;
  readonly #active = new Set<ActiveDelivery<Claim>>();
  #aborter = new AbortController();
  #checking: Promise<void> | null = null;
  #checkAgain = false;
  #checkedAtMs = -Infinity;
  #checkTookMs = 0;
  #cancelCheck: CancelTimer | null = null;
  #stopped = false;

  constructor(options: ReceiverWorkerOptions<Claim>) {
    this.#options = options;
  }

  /** Number of receivers that deliveries are under way for. */
  get count(): number {
    return this.#active.size;
  }

  /** Claims and delivers what is due; joins a running check. Never rejects: after a database failure the next check tries again. */
  check(): Promise<void> {
    this.#checking ??= this.#check()
      .catch(() => undefined)
      .finally(() => {
        this.#checking = null;
        if (this.#checkAgain) this.checkSoon();
      });
    return this.#checking;
  }

  /** Starts a check, not too soon after the last one. */
  checkSoon(): void {
    if (this.#checking !== null) this.#checkAgain = true;
    if (this.#stopped || this.#checking !== null || this.#cancelCheck !== null) return;
    const sinceMs = this.#options.clock.monotonicMs() - this.#checkedAtMs;
    // A check of many receivers is slow, and notifications must not keep the database busy with checks alone.
    const spacingMs = Math.max(limits.deliveryPollMsMin, checkShare * this.#checkTookMs);
    const delayMs = Math.max(0, spacingMs - sinceMs);
    this.#cancelCheck = this.#options.clock.after(delayMs, () => {
      this.#cancelCheck = null;
      void this.check();
    });
  }

  /** Aborts all deliveries, because the node's lease is lost. */
  abandonAll(): void {
    this.#aborter.abort();
    this.#aborter = new AbortController();
  }

  /** Claims nothing more and waits for running deliveries; after `waitMs` it aborts them, and other nodes take them over. */
  async stop(waitMs: number): Promise<void> {
    this.#stopped = true;
    this.#cancelCheck?.();
    await this.#checking;
    const delivered = Promise.all([...this.#active].map(({ done }) => done));
    await Promise.race([delivered, pause(this.#options.clock, waitMs)]);
    this.#aborter.abort();
    await Promise.all([...this.#active].map(({ done }) => done));
  }

  async #check(): Promise<void> {
    const { bounds, clock, claim } = this.#options;
    this.#checkAgain = false;
    const freeDeliveries = bounds.inFlightMax - this.#active.size;
    const nodeId = this.#options.nodeId();
    this.#checkedAtMs = clock.monotonicMs();
    if (this.#stopped || nodeId === null || freeDeliveries <= 0) return;
    const claims = await claim(nodeId, { limit: freeDeliveries, ...this.#busy() });
    this.#checkTookMs = clock.monotonicMs() - this.#checkedAtMs;
    for (const one of claims) this.#deliver(one);
  }

  #deliver(claim: Claim): void {
    const { signal } = this.#aborter;
    const isHeld = (): boolean => !this.#stopped && !signal.aborted && this.#options.nodeId() === claim.nodeId;
    const done = this.#options
      .deliver(claim, { isHeld, signal })
      .catch((error: unknown) => this.#options.report(error))
      .finally(() => {
        this.#active.delete(delivery);
        // There is capacity again, and more may be due meanwhile.
        this.checkSoon();
      });
    const delivery = { claim, done };
    this.#active.add(delivery);
  }

  #busy(): Pick<ClaimRequest, 'busyOrigins' | 'busyTenants'> {
    const { perOriginMax, perTenantMax } = this.#options.bounds;
    const claims = [...this.#active].map(({ claim }) => claim);
    return {
      busyOrigins: frequent(
        claims.map(({ origin }) => origin),
        perOriginMax,
      ),
      busyTenants: frequent(
        claims.map(({ tenantId }) => tenantId),
        perTenantMax,
      ),
    };
  }
}

/** The items that occur at least `times` times. */
function frequent<Item>(items: readonly Item[], times: number): readonly Item[] {
  const counts = new Map<Item, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= times).map(([item]) => item);
}
