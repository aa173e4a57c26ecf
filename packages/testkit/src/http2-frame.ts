const types = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goAway: 7,
  window: 8,
  continuation: 9,
  unknown: 0xfa,
} as const;

/** Where a frame belongs, and the length it says it has when that is a lie. */
interface FrameHead {
  readonly flags?: number;
  readonly on?: number;
  readonly length?: number;
}

/** One frame (RFC 9113 section 4.1). */
export function http2Frame(
  type: keyof typeof types,
  payload: Buffer,
  { flags = 0, on = 0, length }: FrameHead = {},
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length ?? payload.length, 0, 3);
  head.writeUInt8(types[type], 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(on, 5);
  return Buffer.concat([head, payload]);
}
