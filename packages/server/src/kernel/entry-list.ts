/**
 * A list of entries that live as long as a request. Each has an index, which is reused after its removal.
 *
 * V8 replaces the table of a `Map` or a `Set` when deletions have used it up, and the old table keeps a reference to the new one. Once an
 * old table is in the old generation, every later one is reachable from it, with all its values. Each young collection then copies finished
 * requests into the old generation, which only a collection of the whole heap frees. An array that is written in place has no such tables.
 */
export class EntryList<Value extends object> {
  readonly #values: (Value | null)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#values.length - this.#free.length;
  }

  /** The index, for `at` and `remove`. */
  add(value: Value): number {
    const index = this.#free.pop() ?? this.#values.length;
    this.#values[index] = value;
    return index;
  }

  at(index: number): Value | null {
    return this.#values[index] ?? null;
  }

  replace(index: number, value: Value): void {
    this.#values[index] = value;
  }

  /** Call it once for each index. */
  remove(index: number): void {
    this.#values[index] = null;
    this.#free.push(index);
  }

  /** In no order. */
  *values(): Generator<Value> {
    for (const value of this.#values) if (value !== null) yield value;
  }
}
