import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { IdSource, NodeId } from '../../kernel/ids.ts';
import type { NodeStore } from './node-store.ts';

export interface LeaseTimes {
  readonly heartbeatMs: number;
  /** Without a renewal for this long the node stops working; shorter than `deadAfterMs`, so that it stops before others start. */
  readonly fenceAfterMs: number;
  readonly deadAfterMs: number;
  /** The database must have been up for this long before any node is declared dead. */
  readonly graceMs: number;
}

export interface NodeLeaseOptions {
  readonly nodes: NodeStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly times: LeaseTimes;
  readonly hostName: string;
  /** The lease is gone: everything done under it must stop, without another write. */
  readonly onFenced: () => void;
  /** After each renewal, with how long the database has been seen up without a break. Must not hold up the next one. */
  readonly onRenewed: (nodeId: NodeId, databaseUpMs: number) => void;
}

/**
 * This process's lease on life: renewed every `heartbeatMs`; lost after `fenceAfterMs` without a renewal, by the monotonic clock.
 * A lost identity never returns: the process goes on under a new id. See docs/specs/lease.md.
 */
export class NodeLease {
  readonly #options: NodeLeaseOptions;
  #nodeId: NodeId;
  #isRegistered = false;
  #renewedAtMs: number;
  #databaseUpSinceMs: number | null = null;
  #cancelBeat: CancelTimer = () => undefined;
  #cancelFence: CancelTimer = () => undefined;
  #stopped = false;
  #beating: Promise<void> = Promise.resolve();

  constructor(options: NodeLeaseOptions) {
    this.#options = options;
    this.#nodeId = options.ids.next('nod');
    this.#renewedAtMs = options.clock.monotonicMs();
  }

  get nodeId(): NodeId {
    return this.#nodeId;
  }

  /** Whether work may be started under the lease. */
  get isHeld(): boolean {
    const sinceMs = this.#options.clock.monotonicMs() - this.#renewedAtMs;
    return this.#isRegistered && sinceMs < this.#options.times.fenceAfterMs;
  }

  /** Registers the node; rejects when the database is unavailable, and then does not retry. */
  async start(): Promise<void> {
    await this.#beat();
    if (this.#isRegistered) return;
    await this.stop();
    throw new Error('The node could not be registered in the database.');
  }

  /** Ends the renewals and hands the node's tasks to the others at once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelBeat();
    this.#cancelFence();
    await this.#beating;
    const wasRegistered = this.#isRegistered;
    // No work may begin under a lease that is being returned.
    this.#isRegistered = false;
    if (wasRegistered) await this.#options.nodes.retire(this.#nodeId).catch(() => undefined);
  }

  #beat(): Promise<void> {
    this.#beating = this.#renew().finally(() => {
      if (!this.#stopped)
        this.#cancelBeat = this.#options.clock.after(this.#options.times.heartbeatMs, () => void this.#beat());
    });
    return this.#beating;
  }

  async #renew(): Promise<void> {
    const askedAtMs = this.#options.clock.monotonicMs();
    const nodeId = this.#nodeId;
    try {
      const isAlive = await this.#askDatabase();
      // A late answer for a lost node id says nothing about the next one.
      if (nodeId !== this.#nodeId) return;
      if (!isAlive) return this.#fence();
      this.#isRegistered = true;
      // Counted from before the request: the database may have renewed at any moment since.
      this.#renewedAtMs = askedAtMs;
      this.#databaseUpSinceMs ??= askedAtMs;
      this.#armFence();
      if (!this.#stopped) this.#options.onRenewed(nodeId, askedAtMs - this.#databaseUpSinceMs);
    } catch {
      this.#databaseUpSinceMs = null;
      // The row may have been written, and declared dead before the next attempt.
      if (!this.#isRegistered) this.#nodeId = this.#options.ids.next('nod');
    }
  }

  async #askDatabase(): Promise<boolean> {
    const { nodes, hostName } = this.#options;
    if (this.#isRegistered) return nodes.heartbeat(this.#nodeId);
    await nodes.register(this.#nodeId, hostName);
    return true;
  }

  #armFence(): void {
    this.#cancelFence();
    if (this.#stopped) return;
    const { clock, times } = this.#options;
    const leftMs = times.fenceAfterMs - (clock.monotonicMs() - this.#renewedAtMs);
    this.#cancelFence = clock.after(Math.max(0, leftMs), () => this.#fence());
  }

  #fence(): void {
    this.#cancelFence();
    this.#isRegistered = false;
    this.#databaseUpSinceMs = null;
    this.#nodeId = this.#options.ids.next('nod');
    this.#options.onFenced();
  }
}
