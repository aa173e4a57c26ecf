/** Guarantee: bytes that are no such message are refused with their place, in bounded time and memory, and nothing else is ever thrown. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import * as arbitraries from '../../test/arbitraries.ts';
import { DecodeError } from '../errors/index.ts';
import * as v1 from '../v1/index.ts';
import * as codec from './index.ts';

const limits = v1.defaultDecodeLimits;
type Write = (writer: protobuf.Writer) => unknown;

const bytesOf = (write: Write): Uint8Array => {
  const writer = protobuf.Writer.create();
  write(writer);
  return writer.finish();
};
/** A length-delimited field. */
const field =
  (number: number, content: Uint8Array): Write =>
  (writer) =>
    writer.uint32((number << 3) | 2).bytes(content);
const text = (number: number, value: string): Write => field(number, new TextEncoder().encode(value));
const all =
  (...writes: readonly Write[]): Write =>
  (writer) =>
    writes.forEach((write) => write(writer));
const nested = (number: number, ...writes: readonly Write[]): Write => field(number, bytesOf(all(...writes)));

const part = nested(5, text(1, 'hello'));
const role: Write = (writer) => writer.uint32(32).int32(1);
/** A send whose message has these fields beside its id, its role and a part. */
const send = (...fields: readonly Write[]): Uint8Array => bytesOf(nested(2, text(1, 'm'), role, part, ...fields));

const deepValue = (levels: number): Write => {
  let value: Write = (writer) => writer.uint32(8).int32(0);
  for (let level = 0; level < levels; level += 1) {
    const inner = value;
    value = nested(6, nested(1, inner));
  }
  return value;
};

const refused: readonly [what: string, bytes: Uint8Array, field: RegExp, rule: RegExp][] = [
  ['a message that is missing', new Uint8Array(), /^message$/, /is required/],
  ['no id', bytesOf(nested(2, role, part)), /^message.messageId$/, /is required/],
  ['no parts', bytesOf(nested(2, text(1, 'm'), role)), /^message.parts$/, /is required/],
  ['no role', bytesOf(nested(2, text(1, 'm'), part)), /^message.role$/, /is required/],
  [
    'a role that there is not',
    bytesOf(nested(2, text(1, 'm'), part, (w) => void w.uint32(32).int32(9))),
    /role$/,
    /must be one of/,
  ],
  [
    'a negative role',
    bytesOf(nested(2, text(1, 'm'), part, (w) => void w.uint32(32).int32(-1))),
    /role$/,
    /must be one of/,
  ],
  ['a part without content', send(nested(5, text(6, 'name'))), /^message.parts\[1\]$/, /exactly one of/],
  [
    'a part with two contents',
    send(nested(5, text(1, 'a'), text(3, 'https://x'))),
    /^message.parts\[1\]$/,
    /exactly one of/,
  ],
  ['a field that ends after its message', bytesOf((w) => void w.uint32(18).uint32(400)), /^message$/, /cut off/],
  ['a tag that never ends', new Uint8Array(11).fill(0xff), /^$/, /not valid protobuf/],
  [
    'a number that never ends',
    bytesOf((w) => void w.uint32(18).uint32(12)).with(1, 0xff),
    /^message$/,
    /cut off|valid/,
  ],
  ['a group that never ends', new Uint8Array(200).fill(0x7b), /^$/, /not valid protobuf/],
  ['a wire type that there is not', new Uint8Array([0x7f]), /^$/, /not valid protobuf/],
  ['a string where a message belongs', bytesOf(text(2, '\u{1f600}')), /^message/, /./],
  ['a number where a string belongs', bytesOf(nested(2, (w) => w.uint32(8).int32(4))), /messageId$/, /wire type/],
  ['an id given twice', send(text(1, 'other')), /^message.messageId$/, /given twice/],
  ['text that is not UTF-8', send(nested(5, field(1, new Uint8Array([0xc0, 0x80])))), /parts\[1\].text$/, /UTF-8/],
  ['half a surrogate pair', send(nested(5, field(1, new Uint8Array([0xed, 0xa0, 0x80])))), /text$/, /UTF-8/],
  ['NUL', send(nested(5, text(1, 'a\0b'))), /^message.parts\[1\].text$/, /U\+0000/],
  ['NUL in a key', send(nested(6, nested(1, text(1, '\0'), nested(2, text(3, 'x'))))), /metadata$/, /U\+0000/],
  ['a value without a kind', send(nested(5, field(4, new Uint8Array()))), /parts\[1\].data$/, /without a kind/],
  [
    'a value of two kinds',
    send(
      nested(
        5,
        nested(4, text(3, 'x'), (w) => w.uint32(32).bool(true)),
      ),
    ),
    /data$/,
    /two kinds/,
  ],
  [
    'an infinite number',
    send(
      nested(
        5,
        nested(4, (w) => w.uint32(17).double(Infinity)),
      ),
    ),
    /data$/,
    /a number that JSON/,
  ],
  [
    'a number that is none',
    send(
      nested(
        5,
        nested(4, (w) => w.uint32(17).double(NaN)),
      ),
    ),
    /data$/,
    /a number that JSON/,
  ],
  [
    'a key twice',
    send(nested(6, ...['a', 'a'].map((key) => nested(1, text(1, key), nested(2, text(3, 'x')))))),
    /metadata$/,
    /key twice/,
  ],
  ['a value too deep', send(nested(5, field(4, bytesOf(deepValue(33))))), /data$/, /at most 32 levels/],
  ['a value very deep', send(nested(5, field(4, bytesOf(deepValue(5_000))))), /data$/, /at most 32 levels/],
  [
    'a history length below zero',
    bytesOf(
      all(
        nested(2, text(1, 'm'), role, part),
        nested(3, (w) => w.uint32(24).int32(-1)),
      ),
    ),
    /historyLength$/,
    /at least 0/,
  ],
  [
    'too many parts',
    bytesOf(nested(2, text(1, 'm'), role, ...Array.from({ length: 1_001 }, () => part))),
    /^message.parts$/,
    /at most 1000/,
  ],
];

describe('a send with', () => {
  for (const [what, bytes, where, rule] of refused) {
    it(`${what} is refused at its place`, () => {
      assert.throws(
        () => codec.decodeGrpcRequest('SendMessage', bytes, limits),
        (error) => {
          assert.ok(error instanceof DecodeError, String(error));
          const [violation] = error.violations;
          assert.match(violation?.field ?? '', where);
          assert.match(violation?.description ?? '', rule);
          return true;
        },
      );
    });
  }

  it('unknown fields is read without them', () => {
    const known = send();
    const strange = bytesOf(
      all(
        text(99, 'x'),
        (w) => void w.uint32(800).uint32(7),
        (w) => void w.uint32(809).double(1),
      ),
    );
    const group = new Uint8Array([0xa3, 0x06, 0x08, 0x01, 0xa4, 0x06]);
    const joined = new Uint8Array([...strange, ...known, ...group]);
    assert.deepEqual(
      codec.decodeGrpcRequest('SendMessage', joined, limits),
      codec.decodeGrpcRequest('SendMessage', known, limits),
    );
  });

  it('a key that names a prototype keeps it as a key', () => {
    const entry = nested(
      1,
      text(1, '__proto__'),
      nested(2, nested(5, nested(1, text(1, 'polluted'), nested(2, text(3, 'x'))))),
    );
    const call = codec.decodeGrpcRequest('SendMessage', send(nested(6, entry)), limits);
    const { metadata } = call.operation === 'SendMessage' ? call.request.message : {};
    assert.deepEqual(Object.keys(metadata ?? {}), ['__proto__']);
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  it('more fields than any message has is refused before they take memory', () => {
    // Two bytes each: what would be two million objects.
    const bytes = new Uint8Array(4 * 1024 * 1024);
    for (let at = 0; at < bytes.length; at += 2) bytes.set([0x2a, 0x00], at);
    const body = bytesOf(field(2, bytes));
    const before = process.memoryUsage().heapUsed;
    assert.throws(() => codec.decodeGrpcRequest('SendMessage', body, limits), /at most 500000 fields/);
    assert.ok(process.memoryUsage().heapUsed - before < 200 * 1024 * 1024);
  });
});

describe('a time', () => {
  const listAfter = (...fields: readonly Write[]): Uint8Array => bytesOf(nested(7, ...fields));
  const decode = (bytes: Uint8Array) => codec.decodeGrpcRequest('ListTasks', bytes, limits);

  it('is read to the millisecond, before and after 1970', () => {
    const read = (seconds: number, nanos: number) => {
      const call = decode(
        listAfter(
          (w) => w.uint32(8).int64(seconds),
          (w) => w.uint32(16).int32(nanos),
        ),
      );
      return call.operation === 'ListTasks' ? call.request.statusTimestampAfter : undefined;
    };
    assert.equal(read(0, 999_999_999), '1970-01-01T00:00:00.999Z');
    assert.equal(read(-1, 1_000_000), '1969-12-31T23:59:59.001Z');
    assert.equal(read(-62_135_596_800, 0), '0001-01-01T00:00:00.000Z');
    assert.equal(read(253_402_300_799, 999_000_000), '9999-12-31T23:59:59.999Z');
  });

  it('outside of the years 0001 to 9999, or with a fraction that is none, is refused', () => {
    const cases: readonly [number, number][] = [
      [253_402_300_800, 0],
      [-62_135_596_801, 0],
      [Number.MAX_SAFE_INTEGER, 0],
      [0, -1],
      [0, 1_000_000_000],
    ];
    for (const [seconds, nanos] of cases) {
      const bytes = listAfter(
        (w) => w.uint32(8).int64(seconds),
        (w) => w.uint32(16).int32(nanos),
      );
      assert.throws(() => decode(bytes), /statusTimestampAfter: must be a time/);
    }
  });
});

describe('any bytes', () => {
  const operations = [...v1.taskOperations, ...v1.optionalOperations];
  const decodes = (bytes: Uint8Array): void => {
    for (const operation of operations) {
      try {
        codec.decodeGrpcRequest(operation, bytes, limits);
      } catch (error) {
        assert.ok(error instanceof DecodeError, String(error));
        assert.ok(error.violations.every(({ field: place }) => place.length <= 256));
      }
    }
    assert.notEqual(codec.decodeGrpcAnswer('SendMessage', bytes, limits).kind, 'agent-error');
    assert.notEqual(codec.decodeGrpcStreamItem(bytes, limits).kind, 'agent-error');
  };

  it('are read or refused, and nothing else', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), decodes), { numRuns: 500 });
  });

  it('that were a message before one of them changed are read or refused, and nothing else', () => {
    fc.assert(
      fc.property(arbitraries.streamResponse, fc.nat(), fc.nat({ max: 255 }), fc.boolean(), (item, at, value, cuts) => {
        const bytes = codec.encodeGrpcAnswer('SendStreamingMessage', v1.encodeStreamResponse(item)).slice();
        const place = at % bytes.length;
        decodes(cuts ? bytes.slice(0, place) : bytes.with(place, value));
      }),
      { numRuns: 500 },
    );
  });
});
