import type { CancelTimer, Clock } from './clock.ts';
import { PlatformError } from './errors.ts';
import { dropped } from './fair-queue.ts';
import type { FairQueue } from './fair-queue.ts';
import type { TenantId } from './ids.ts';
import { limits } from './limits.ts';

/** What bytes are held for: answers that come from agents, answers that go to callers, notifications that go to receivers. */
export type HeldKind = 'agents' | 'callers' | 'receivers';

/** The party that bytes are held for. */
export interface BytesOwner {
  readonly tenantId: TenantId;
  /** The caller, the agent or the receiver within the tenant. */
  readonly partyId: string;
  readonly kind: HeldKind;
  /** It never grows beyond the bound, because what it makes room for stays when it is released. */
  readonly keepsBound?: true;
}

export interface ByteBudgetOptions {
  readonly clock: Clock;
  readonly bytesMax: number;
  /** Where work on many bytes waits for its turn; absent: it is done at once. */
  readonly longWork?: FairQueue;
  /** An answer was refused: because its caller or tenant holds too much, or because the process does. */
  readonly onRefused?: (bound: 'tenant' | 'process') => void;
  /** A reader that stalled lost its connection, so that others could go on. */
  readonly onEvicted?: () => void;
}

interface TenantBytes {
  readonly id: TenantId;
  bytes: number;
  /** The one of its holdings that may grow beyond the bound, so that several that wait for each other never all wait. */
  senior: HeldBytes | null;
  readonly parties: Map<string, PartyBytes>;
}

interface PartyBytes {
  readonly id: string;
  readonly tenant: TenantBytes;
  bytes: number;
  holdings: number;
  readonly waiting: Waiter[];
}

interface Waiter {
  readonly held: HeldBytes;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: PlatformError) => void;
  cancelEnd: CancelTimer;
}

/** A reader that takes nothing. */
interface Stall {
  readonly sinceMs: number;
  readonly patienceMs: number;
  readonly evict: () => void;
}

/**
 * The bytes that one process holds for its tenants, so that none of them can fill its memory. A tenant may hold as much as is free beside it,
 * and each of its callers and agents half of that. So one tenant alone takes half of the budget, two take a third each, and some is always left
 * to the next one.
 */
export class ByteBudget {
  readonly bytesMax: number;
  readonly #options: ByteBudgetOptions;
  readonly #tenants = new Map<TenantId, TenantBytes>();
  readonly #bytesOf: Record<HeldKind, number> = { agents: 0, callers: 0, receivers: 0 };
  #bytes = 0;
  /** The one holding that may grow although nothing is free. */
  #senior: HeldBytes | null = null;
  /** Parties with a waiter, in the order in which they are served. */
  readonly #waiting = new Set<PartyBytes>();
  /** Readers that take nothing, the longest first. */
  readonly #stalled = new Map<HeldBytes, Stall>();
  #isCheckPending = false;

  constructor(options: ByteBudgetOptions) {
    this.#options = options;
    this.bytesMax = options.bytesMax;
  }

  /** Bytes held now, by what they are held for. */
  get bytesOf(): Readonly<Record<HeldKind, number>> {
    return this.#bytesOf;
  }

  /** Nothing is held before the first byte is counted. Release it once. */
  open(owner: BytesOwner): HeldBytes {
    return new HeldBytes(this, owner);
  }

  /** Where work on many bytes of a tenant waits for its turn. */
  get longWork(): FairQueue | undefined {
    return this.#options.longWork;
  }

  /** The account of an owner. Called by `HeldBytes` alone, as everything below. */
  join({ tenantId, partyId }: BytesOwner): PartyBytes {
    let tenant = this.#tenants.get(tenantId);
    if (tenant === undefined) {
      tenant = { id: tenantId, bytes: 0, senior: null, parties: new Map() };
      this.#tenants.set(tenantId, tenant);
    }
    let party = tenant.parties.get(partyId);
    if (party === undefined) {
      party = { id: partyId, tenant, bytes: 0, holdings: 0, waiting: [] };
      tenant.parties.set(partyId, party);
    }
    party.holdings += 1;
    return party;
  }

  leave(held: HeldBytes, party: PartyBytes): void {
    const { tenant, waiting } = party;
    this.#stalled.delete(held);
    this.resign(held, party);
    for (const waiter of waiting.filter((one) => one.held === held)) this.#settle(party, waiter).resolve();
    // Those behind it may want less.
    this.#serve();
    party.holdings -= 1;
    if (party.holdings > 0) return;
    tenant.parties.delete(party.id);
    if (tenant.parties.size === 0) this.#tenants.delete(tenant.id);
  }

  count(held: HeldBytes, party: PartyBytes, change: number): void {
    party.bytes += change;
    party.tenant.bytes += change;
    this.#bytes += change;
    this.#bytesOf[held.kind] += change;
    if (change < 0 && this.#waiting.size > 0) this.#serve();
  }

  /** Whether this many more bytes keep the caller and the tenant within their bounds; `share` of the bounds, 1 for all. */
  fits({ bytes: ofParty, tenant }: PartyBytes, bytes: number, share = 1): boolean {
    const free = (this.bytesMax - this.#bytes - bytes) * share;
    return tenant.bytes + bytes <= free && ofParty + bytes <= free / 2;
  }

  /** As `fits`, or a holding that goes on although there is no room: one for each tenant, and one when nothing is free at all. */
  mayGrow(held: HeldBytes, party: PartyBytes, bytes: number): boolean {
    if (this.fits(party, bytes)) return true;
    if (held.keepsBound) return false;
    const { tenant } = party;
    tenant.senior ??= held;
    if (tenant.senior !== held) return false;
    if (this.#bytes + bytes <= this.bytesMax) return true;
    this.#senior ??= held;
    return this.#senior === held;
  }

  /** Waits for room; for ever when `isPatient`. Rejects with `request.rate-limited` or `platform.overloaded`. */
  wait(held: HeldBytes, party: PartyBytes, bytes: number, isPatient: boolean): Promise<void> {
    if (!isPatient && party.waiting.length >= limits.heldWaitersMax) return Promise.reject(this.#refusal(party, bytes));
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { held, bytes, resolve, reject, cancelEnd: () => undefined };
      if (!isPatient)
        waiter.cancelEnd = this.#options.clock.after(limits.heldWaitMs, () => {
          this.#settle(party, waiter).reject(this.#refusal(party, bytes));
          // Those behind it may want less.
          this.#serve();
        });
      party.waiting.push(waiter);
      this.#waiting.add(party);
      this.#checkLater();
    });
  }

  stall(held: HeldBytes, party: PartyBytes, patienceMs: number, evict: () => void): void {
    const { tenant } = party;
    // One that stalls must not keep the others of its tenant from growing.
    this.resign(held, party);
    if (!this.#stalled.has(held))
      this.#stalled.set(held, { sinceMs: this.#options.clock.monotonicMs(), patienceMs, evict });
    if (tenant.bytes > this.bytesMax - this.#bytes) this.#checkLater();
  }

  move(held: HeldBytes): void {
    this.#stalled.delete(held);
  }

  /** It grows no longer, so another one may go on where there is no room. */
  resign(held: HeldBytes, { tenant }: PartyBytes): void {
    if (tenant.senior === held) tenant.senior = null;
    if (this.#senior === held) this.#senior = null;
  }

  /** Parties in turn, and the waiters of each in their order. */
  #serve(): void {
    for (const party of Array.from(this.#waiting)) {
      for (let served = false; ; served = true) {
        const [first] = party.waiting;
        if (first === undefined || !this.mayGrow(first.held, party, first.bytes)) {
          // The others come first the next time.
          if (served && this.#waiting.delete(party) && first !== undefined) this.#waiting.add(party);
          break;
        }
        this.#settle(party, first);
        first.held.add(first.bytes);
        first.resolve();
      }
    }
  }

  #settle(party: PartyBytes, waiter: Waiter): Waiter {
    waiter.cancelEnd();
    const at = party.waiting.indexOf(waiter);
    if (at >= 0) party.waiting.splice(at, 1);
    if (party.waiting.length === 0) this.#waiting.delete(party);
    return waiter;
  }

  /** Where a tenant that holds little has to wait, the process is what is full. */
  #refusal({ tenant }: PartyBytes, bytes: number): PlatformError {
    const bound = this.#isModest(tenant, bytes) ? 'process' : 'tenant';
    this.#options.onRefused?.(bound);
    if (bound === 'process') return new PlatformError('platform.overloaded');
    return new PlatformError('request.rate-limited', {
      message:
        'Too many large messages and answers of this client, agent or tenant are under way; read the answers, send or ask for less, or retry later.',
      retry: { kind: 'after', retryAfterMs: limits.heldCheckMs * 2 },
    });
  }

  #isModest({ bytes: held }: TenantBytes, bytes: number): boolean {
    return held + bytes <= this.bytesMax / 4;
  }

  #checkLater(): void {
    if (this.#isCheckPending) return;
    this.#isCheckPending = true;
    this.#options.clock.after(limits.heldCheckMs, () => {
      this.#isCheckPending = false;
      this.#relieve();
      if (this.#waiting.size > 0 || this.#isOverdrawn) this.#checkLater();
    });
  }

  get #isOverdrawn(): boolean {
    return this.#stalled.size > 0 && this.#bytes * 2 > this.bytesMax;
  }

  /** Closes readers that stall, the longest first, where others wait for their bytes or the bound is exceeded. */
  #relieve(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const wantedOf = new Map<TenantBytes, number>();
    /** For tenants that hold little themselves. */
    let wantedOfAny = 0;
    for (const { tenant, waiting } of this.#waiting) {
      const bytes = waiting[0]?.bytes ?? 0;
      wantedOf.set(tenant, Math.max(wantedOf.get(tenant) ?? 0, bytes, tenant.bytes / 4));
      if (this.#isModest(tenant, bytes)) wantedOfAny = Math.max(wantedOfAny, bytes);
    }
    for (const [held, { sinceMs, patienceMs, evict }] of this.#stalled) {
      const tenant = held.tenant;
      if (tenant === null || nowMs - sinceMs < patienceMs) continue;
      const wanted = wantedOf.get(tenant) ?? tenant.bytes - (this.bytesMax - this.#bytes);
      if (wanted <= 0 && wantedOfAny <= 0) continue;
      wantedOf.set(tenant, wanted - held.bytes);
      wantedOfAny -= held.bytes;
      this.#stalled.delete(held);
      this.#options.onEvicted?.();
      evict();
    }
  }
}

/** The bytes that one request, run or delivery holds. Bytes up to `limits.heldBytesFree` count for nothing, and cost nothing to count. */
export class HeldBytes {
  readonly kind: HeldKind;
  readonly #budget: ByteBudget;
  readonly #owner: BytesOwner;
  #party: PartyBytes | null = null;
  #bytes = 0;
  #counted = 0;
  #isReleased = false;

  constructor(budget: ByteBudget, owner: BytesOwner) {
    this.#budget = budget;
    this.#owner = owner;
    this.kind = owner.kind;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** It never grows beyond the bound. */
  get keepsBound(): boolean {
    return this.#owner.keepsBound === true;
  }

  /** The request, run or delivery is over. */
  get isReleased(): boolean {
    return this.#isReleased;
  }

  /** Null while nothing is counted. */
  get tenant(): TenantBytes | null {
    return this.#party?.tenant ?? null;
  }

  /** Counts bytes that are in memory already, within the bound or beyond it. */
  add(bytes: number): void {
    this.set(this.#bytes + bytes);
  }

  /** Counts this many bytes from now on, within the bound or beyond it. */
  set(bytes: number): void {
    if (this.#isReleased) return;
    this.#bytes = bytes;
    const counted = bytes > limits.heldBytesFree ? bytes : 0;
    const change = counted - this.#counted;
    if (change === 0) return;
    this.#party ??= this.#budget.join(this.#owner);
    this.#counted = counted;
    if (counted === 0) this.#budget.resign(this, this.#party);
    this.#budget.count(this, this.#party, change);
  }

  /**
   * Counts further bytes when they keep to the bound, and else waits; undefined: counted at once, as fewer bytes than before always are. Rejects
   * as `ByteBudget.wait`.
   */
  take(bytes: number): Promise<void> | undefined {
    if (bytes > 0) return this.#grow(bytes, false);
    // What others wait for must not wait behind them.
    this.add(bytes);
    return undefined;
  }

  /** Waits, for as long as it takes, until no more than the bound is held; undefined: it is not. Resolves when released as well. */
  room(bytes = 0): Promise<void> | undefined {
    return this.#grow(bytes, true);
  }

  /** Whether this many further bytes keep to the bound while no others wait for room. Counts nothing. */
  hasRoomFor(bytes: number): boolean {
    if (this.#bytes + bytes <= limits.heldBytesFree) return true;
    if (this.#isReleased) return false;
    this.#party ??= this.#budget.join(this.#owner);
    return this.#party.waiting.length === 0 && this.#budget.fits(this.#party, bytes);
  }

  /** Whether this many bytes in all leave half of the bound to others: for what can be read again. Counts nothing. */
  mayKeep(bytes: number): boolean {
    if (bytes <= limits.heldBytesFree) return true;
    if (this.#isReleased) return false;
    this.#party ??= this.#budget.join(this.#owner);
    return this.#budget.fits(this.#party, bytes - this.#counted, 0.5);
  }

  /**
   * Does work that takes longer the more bytes are held: decoding, encoding. With many bytes it waits until its tenant's turn has come. Rejects with
   * `request.canceled` when everything is released meanwhile.
   */
  async work<Result>(work: () => Result): Promise<Result> {
    const { longWork } = this.#budget;
    if (longWork === undefined || this.#bytes <= limits.longWorkBytes) return work();
    const result = await longWork.run(this.#owner.tenantId, work, () => this.#isReleased);
    if (result === dropped) throw new PlatformError('request.canceled');
    return result;
  }

  /** The reader takes nothing: it may be evicted after `patienceMs`, when others need its bytes. */
  stall(patienceMs: number, evict: () => void): void {
    if (this.#party !== null) this.#budget.stall(this, this.#party, patienceMs, evict);
  }

  /** The reader has taken some. */
  move(): void {
    if (this.#party !== null) this.#budget.move(this);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  /** Nothing is held any longer, and nothing is counted from now on. */
  release(): void {
    if (this.#isReleased) return;
    this.set(0);
    this.#isReleased = true;
    if (this.#party !== null) this.#budget.leave(this, this.#party);
    this.#party = null;
  }

  #grow(bytes: number, isPatient: boolean): Promise<void> | undefined {
    if (this.#isReleased) return undefined;
    if (this.#bytes + bytes <= limits.heldBytesFree) {
      this.add(bytes);
      return undefined;
    }
    this.#party ??= this.#budget.join(this.#owner);
    const isNext = this.#party.waiting.length === 0 || this.#party.tenant.senior === this;
    if (!isNext || !this.#budget.mayGrow(this, this.#party, bytes))
      return this.#budget.wait(this, this.#party, bytes, isPatient);
    this.add(bytes);
    return undefined;
  }
}
