const smallBytes = 4 * 1024;

/**
 * The bytes of an answer whose end has not come yet. They are copied together, growing by doubling: pieces that are kept as they came
 * each hold on to the whole of what was read with them, and an agent may send them byte by byte.
 */
export class GatheredBytes {
  #first: Buffer | null = null;
  #bytes: Buffer | null = null;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(piece: Buffer): void {
    const before = this.#length;
    this.#length += piece.length;
    // Most answers come in one piece, which then is the whole.
    if (before === 0) {
      this.#first = piece;
      return;
    }
    const room = this.#roomFor(this.#length);
    if (this.#first !== null) this.#first.copy(room);
    this.#first = null;
    piece.copy(room, before);
  }

  /** Everything so far, valid until more is appended. */
  view(): Buffer {
    return this.#first ?? this.#bytes?.subarray(0, this.#length) ?? Buffer.alloc(0);
  }

  /** Forgets everything but these bytes. */
  restart(rest: Buffer): void {
    this.#bytes = null;
    this.#first = rest.length === 0 ? null : rest;
    this.#length = rest.length;
  }

  #roomFor(length: number): Buffer {
    const known = this.#bytes;
    if (known !== null && known.length >= length) return known;
    const grown = Buffer.allocUnsafeSlow(Math.max(smallBytes, (known?.length ?? 0) * 2, length));
    known?.copy(grown);
    this.#bytes = grown;
    return grown;
  }
}
