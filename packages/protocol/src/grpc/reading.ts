import { DecodeError } from '../errors/index.ts';
import type { WireReader } from './protobuf.ts';

/** Fields, list items and entries of one message, those inside it included; more are refused before they take memory. */
const fieldsMax = 500_000;

const pathCharsMax = 256;

// A TextDecoder without `stream` keeps no state between calls.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One reading of a message: where it is, and what it has taken so far. */
export class Reading {
  readonly wire: WireReader;
  /** Levels of objects and lists inside a `Struct` or `Value`. */
  readonly structDepthMax: number;
  /** Where the field that is being read hangs, from the root on. */
  readonly path: string[] = [];
  #fields = 0;

  constructor(wire: WireReader, structDepthMax: number) {
    this.wire = wire;
    this.structDepthMax = structDepthMax;
  }

  /** The error for a broken rule at the field that is being read. */
  fault(description: string): DecodeError {
    const path = this.path.join('.').replaceAll('.[', '[');
    const field = path.length > pathCharsMax ? path.slice(0, pathCharsMax).toWellFormed() : path;
    return new DecodeError([{ field, description }]);
  }

  /** Counts one field. */
  count(): void {
    this.#fields += 1;
    if (this.#fields > fieldsMax) throw this.fault(`must have at most ${fieldsMax} fields`);
  }

  /** The end of the length-delimited field that begins here, inside a message that ends at `end`. */
  endOfField(end: number): number {
    const length = this.wire.uint32();
    const fieldEnd = this.wire.pos + length;
    if (fieldEnd > end) throw this.fault('is cut off');
    return fieldEnd;
  }

  /** A string: UTF-8 without NUL, which no store takes. */
  text(): string {
    let text: string;
    try {
      text = utf8.decode(this.wire.bytes());
    } catch (error) {
      if (error instanceof RangeError) throw error;
      throw this.fault('must be valid UTF-8');
    }
    if (text.includes('\0')) throw this.fault('must not contain U+0000');
    return text;
  }
}
