import protobuf from 'protobufjs/minimal.js';

/** Reads the primitives of the protobuf wire format. */
export type WireReader = protobuf.Reader;

/** Writes the primitives of the protobuf wire format. */
export type WireWriter = protobuf.Writer;

/** A reader over the bytes of one message. */
export function wireReader(bytes: Uint8Array): WireReader {
  return protobuf.Reader.create(bytes);
}

/** An empty writer. */
export function wireWriter(): WireWriter {
  return protobuf.Writer.create();
}

/** Bytes as padded standard base64 (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  return protobuf.util.base64.encode(bytes, 0, bytes.length);
}
