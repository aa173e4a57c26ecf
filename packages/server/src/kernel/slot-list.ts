/**
 * What comes and goes with each request, each in a place of its own that is emptied and used again.
 *
 * V8 puts a new table in place of a `Map`'s or a `Set`'s whenever deletions have used it up, and the old table keeps a reference to
 * the new one. Once one old table is in the old generation, every later one is reached from it, with all that it held: each young
 * collection then copies requests that are over into the old generation, which only a collection of the whole heap gives back.
 * An array that is written in place leaves nothing behind.
 */
export class SlotList<Value extends object> {
  readonly #values: (Value | null)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#values.length - this.#free.length;
  }

  /** The place, for `at` and `remove`. */
  add(value: Value): number {
    const slot = this.#free.pop() ?? this.#values.length;
    this.#values[slot] = value;
    return slot;
  }

  at(slot: number): Value | null {
    return this.#values[slot] ?? null;
  }

  replace(slot: number, value: Value): void {
    this.#values[slot] = value;
  }

  /** Once for each place that was given. */
  remove(slot: number): void {
    this.#values[slot] = null;
    this.#free.push(slot);
  }

  /** In no order. */
  *values(): Generator<Value> {
    for (const value of this.#values) if (value !== null) yield value;
  }
}
