import { EntryList } from './entry-list.ts';

/** A map of entries that live as long as a request. Its `Map` of keys holds no values; `EntryList` says why. */
export class EntryMap<Key extends string, Value extends object> {
  readonly #indexes = new Map<Key, number>();
  readonly #values = new EntryList<Value>();

  get size(): number {
    return this.#indexes.size;
  }

  has(key: Key): boolean {
    return this.#indexes.has(key);
  }

  get(key: Key): Value | undefined {
    const index = this.#indexes.get(key);
    return index === undefined ? undefined : (this.#values.at(index) ?? undefined);
  }

  set(key: Key, value: Value): void {
    const index = this.#indexes.get(key);
    if (index === undefined) this.#indexes.set(key, this.#values.add(value));
    else this.#values.replace(index, value);
  }

  delete(key: Key): void {
    const index = this.#indexes.get(key);
    if (index === undefined) return;
    this.#indexes.delete(key);
    this.#values.remove(index);
  }

  /** In the order in which their keys were set first. */
  *[Symbol.iterator](): Generator<readonly [Key, Value]> {
    for (const [key, index] of this.#indexes) {
      const value = this.#values.at(index);
      if (value !== null) yield [key, value];
    }
  }

  /** In no order. */
  values(): Generator<Value> {
    return this.#values.values();
  }
}
