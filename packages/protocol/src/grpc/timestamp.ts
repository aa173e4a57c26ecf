import type { WireReader, WireWriter } from './protobuf.ts';
import type { Reading } from './reading.ts';

const secondsTag = 0x08;
const nanosTag = 0x10;
/** The years 0001 to 9999, as google.protobuf.Timestamp has them. */
const secondsMin = -62_135_596_800;
const secondsMax = 253_402_300_799;
const nanosMax = 999_999_999;

/** Reads a google.protobuf.Timestamp that ends at `end`, as RFC 3339 in UTC with milliseconds; finer digits are dropped. */
export function timestampText(reading: Reading, end: number): string {
  const { wire } = reading;
  let seconds = 0;
  let nanos = 0;
  while (wire.pos < end) {
    const tag = wire.uint32();
    reading.count();
    if (tag === secondsTag) seconds = int64(wire);
    else if (tag === nanosTag) nanos = wire.int32();
    else if (tag >>> 3 <= 2) throw reading.fault('has another wire type');
    else wire.skipType(tag & 7);
  }
  if (wire.pos !== end) throw reading.fault('is cut off');
  const isTime = seconds >= secondsMin && seconds <= secondsMax && nanos >= 0 && nanos <= nanosMax;
  if (!isTime) throw reading.fault('must be a time of the years 0001 to 9999');
  return new Date(seconds * 1000 + Math.floor(nanos / 1_000_000)).toISOString();
}

/** A 64-bit number comes in two halves, or as a number where there is no library for them. Exact up to 2^53. */
function int64(wire: WireReader): number {
  const long = wire.int64();
  return typeof long === 'number' ? long : long.high * 2 ** 32 + (long.low >>> 0);
}

/** Writes the fields of a google.protobuf.Timestamp from RFC 3339 text. Throws TypeError for text that is no time. */
export function writeTimestamp(writer: WireWriter, text: string): void {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new TypeError('A time can not be encoded.');
  const seconds = Math.floor(ms / 1000);
  const nanos = (ms - seconds * 1000) * 1_000_000;
  if (seconds !== 0) writer.uint32(secondsTag).int64(seconds);
  if (nanos !== 0) writer.uint32(nanosTag).int32(nanos);
}
