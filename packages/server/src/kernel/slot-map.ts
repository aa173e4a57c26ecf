import { SlotList } from './slot-list.ts';

/** A map for what comes and goes with each request: as a `Map` with strings as keys, but its tables hold no values; see `SlotList`. */
export class SlotMap<Key extends string, Value extends object> {
  readonly #slots = new Map<Key, number>();
  readonly #values = new SlotList<Value>();

  get size(): number {
    return this.#slots.size;
  }

  has(key: Key): boolean {
    return this.#slots.has(key);
  }

  get(key: Key): Value | undefined {
    const slot = this.#slots.get(key);
    return slot === undefined ? undefined : (this.#values.at(slot) ?? undefined);
  }

  set(key: Key, value: Value): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) this.#slots.set(key, this.#values.add(value));
    else this.#values.replace(slot, value);
  }

  delete(key: Key): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#slots.delete(key);
    this.#values.remove(slot);
  }

  /** In the order in which their keys came. */
  *[Symbol.iterator](): Generator<readonly [Key, Value]> {
    for (const [key, slot] of this.#slots) {
      const value = this.#values.at(slot);
      if (value !== null) yield [key, value];
    }
  }

  /** In no order. */
  values(): Generator<Value> {
    return this.#values.values();
  }
}
