import { PlatformError } from '../../kernel/errors.ts';
import { invalidAnswer } from './upstream-faults.ts';

const prefixBytes = 5;

/** A message as it is sent: not compressed, with its length before it. */
export function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(prefixBytes + message.length);
  frame.writeUInt8(0, 0);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, prefixBytes);
  return frame;
}

/** Cuts bytes into messages. Holds at most one incomplete message, whose announced length is judged before its bytes. */
export class GrpcFrames {
  readonly #messageBytesMax: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Bytes of the message that is incomplete, its prefix included; 0 while the prefix is. */
  #wantedBytes = 0;

  constructor(messageBytesMax: number) {
    this.#messageBytesMax = messageBytesMax;
  }

  /** The messages that are complete with these bytes. Throws `upstream.invalid-answer` and `upstream.too-large`. */
  push(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const messages: Buffer[] = [];
    for (let message = this.#take(); message !== null; message = this.#take()) messages.push(message);
    return messages;
  }

  /** Throws when the bytes end inside a message. */
  end(): void {
    if (this.#bytes > 0) throw invalidAnswer('the answer ends inside a message');
  }

  #take(): Buffer | null {
    if (this.#wantedBytes === 0 && this.#bytes >= prefixBytes) this.#wantedBytes = this.#readPrefix();
    if (this.#wantedBytes === 0 || this.#bytes < this.#wantedBytes) return null;
    const all = this.#joined();
    const message = all.subarray(prefixBytes, this.#wantedBytes);
    const rest = all.subarray(this.#wantedBytes);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#bytes = rest.length;
    this.#wantedBytes = 0;
    return message;
  }

  #readPrefix(): number {
    const prefix = this.#joined();
    // We name no compression that we would understand.
    if (prefix.readUInt8(0) !== 0) throw invalidAnswer('a message is compressed');
    const length = prefix.readUInt32BE(1);
    if (length > this.#messageBytesMax) throw new PlatformError('upstream.too-large');
    return prefixBytes + length;
  }

  #joined(): Buffer {
    const [first, ...more] = this.#chunks;
    if (first !== undefined && more.length === 0) return first;
    const joined = Buffer.concat(this.#chunks, this.#bytes);
    this.#chunks = [joined];
    return joined;
  }
}
