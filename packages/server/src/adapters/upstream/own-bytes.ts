/**
 * A text as bytes that share no memory with others. What Node makes of short texts is cut from pieces of 64 KiB, each of which stays
 * for as long as one of its cuts does; a request's body stays until its answer has ended, and answers of agents take long.
 */
export function ownBytes(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}
