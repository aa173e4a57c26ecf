import { PlatformError } from '../../kernel/errors.ts';
import { GatheredBytes } from './gathered-bytes.ts';
import { invalidAnswer } from './upstream-faults.ts';

const prefixBytes = 5;

/** A message as it is sent: not compressed, with its length before it. In memory of its own, as `ownBytes`. */
export function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafeSlow(prefixBytes + message.length);
  frame.writeUInt8(0, 0);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, prefixBytes);
  return frame;
}

/** Cuts bytes into messages. Holds at most one incomplete message, whose announced length is judged before its bytes. */
export class GrpcFrames {
  readonly #messageBytesMax: number;
  readonly #gathered = new GatheredBytes();
  /** Bytes of the message that is incomplete, its prefix included; 0 while the prefix is. */
  #wantedBytes = 0;

  constructor(messageBytesMax: number) {
    this.#messageBytesMax = messageBytesMax;
  }

  /** The messages that are complete with these bytes, one by one. Throws `upstream.invalid-answer` and `upstream.too-large`. */
  *push(chunk: Buffer): Generator<Buffer, void, undefined> {
    this.#gathered.append(chunk);
    if (!this.#isNextComplete()) return;
    let all = this.#gathered.view();
    do {
      yield all.subarray(prefixBytes, this.#wantedBytes);
      all = all.subarray(this.#wantedBytes);
      this.#wantedBytes = 0;
      this.#gathered.restart(all);
    } while (this.#isNextComplete());
  }

  /** Throws when the bytes end inside a message. */
  end(): void {
    if (this.#gathered.length > 0) throw invalidAnswer('the answer ends inside a message');
  }

  #isNextComplete(): boolean {
    if (this.#wantedBytes === 0 && this.#gathered.length >= prefixBytes) this.#wantedBytes = this.#readPrefix();
    return this.#wantedBytes > 0 && this.#gathered.length >= this.#wantedBytes;
  }

  #readPrefix(): number {
    const prefix = this.#gathered.view();
    // We name no compression that we would understand.
    if (prefix.readUInt8(0) !== 0) throw invalidAnswer('a message is compressed');
    const length = prefix.readUInt32BE(1);
    if (length > this.#messageBytesMax) throw new PlatformError('upstream.too-large');
    return prefixBytes + length;
  }
}
