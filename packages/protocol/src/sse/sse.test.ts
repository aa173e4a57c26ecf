/** Guarantee: a stream means the same however it is cut into chunks, and a hostile one cannot grow memory. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { formatSseComment, formatSseEvent, SseError, SseParser } from './index.ts';
import type { SseEvent } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Outcome {
  readonly events: readonly SseEvent[];
  readonly fault: string | undefined;
  readonly midEvent: boolean;
  readonly retryMs: number | undefined;
}

function parse(chunks: readonly Uint8Array[], eventBytesMax = 1_000_000): Outcome {
  const parser = new SseParser({ eventBytesMax });
  const events: SseEvent[] = [];
  for (const chunk of chunks) {
    try {
      events.push(...parser.push(chunk));
    } catch (error) {
      assert.ok(error instanceof SseError);
    }
    if (parser.error !== undefined) break;
  }
  return { events, fault: parser.error?.fault, midEvent: parser.midEvent, retryMs: parser.retryMs };
}

function cut(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((place) => place % (stream.length + 1)))].toSorted((a, b) => a - b);
  const bounds = [0, ...places, stream.length];
  return bounds.slice(1).map((end, index) => stream.subarray(bounds[index], end));
}

const message = (data: string, lastEventId = ''): SseEvent => ({ event: 'message', data, lastEventId });

describe('reading a stream', () => {
  const cases: [name: string, stream: string, events: SseEvent[]][] = [
    ['LF', 'data: a\n\n', [message('a')]],
    ['CR', 'data: a\r\rdata: b\r\r', [message('a'), message('b')]],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', [message('a'), message('b')]],
    ['mixed line ends', 'data: a\r\n\ndata: b\n\r\n', [message('a'), message('b')]],
    ['CR and LF as ends of different lines', 'data: a\rdata: b\n\n', [message('a\nb')]],
    ['several data lines', 'data: a\ndata:\ndata: b\n\n', [message('a\n\nb')]],
    ['one space taken off only', 'data:  a \n\n', [message(' a ')]],
    ['no space', 'data:a\n\n', [message('a')]],
    ['a colon in the value', 'data: {"a":1}\n\n', [message('{"a":1}')]],
    ['a field without colon', 'data\n\n', [message('')]],
    [
      'an event type, for one event',
      'event: error\ndata: a\n\ndata: b\n\n',
      [{ ...message('a'), event: 'error' }, message('b')],
    ],
    ['an id, from there on', 'id: 7\ndata: a\n\ndata: b\n\n', [message('a', '7'), message('b', '7')]],
    ['an id without data', 'id: 7\n\ndata: b\n\n', [message('b', '7')]],
    ['an emptied id', 'id: 7\ndata: a\n\nid\ndata: b\n\n', [message('a', '7'), message('b')]],
    ['an id with NUL, ignored', 'id: 7\0\ndata: a\n\n', [message('a')]],
    ['comments', ': hello\n\n:\ndata: a\n: b\n\n', [message('a')]],
    ['unknown fields', 'foo: bar\ndata: a\n\n', [message('a')]],
    ['a byte order mark at the start only', '\uFEFFdata: a\n\n\uFEFFdata: b\n\n', [message('a')]],
    ['no data, no event', 'event: a\n\n\n\n', []],
    ['nothing', '', []],
  ];
  for (const [name, stream, events] of cases) {
    it(`understands ${name}, whole and byte by byte`, () => {
      assert.deepEqual(parse([bytes(stream)]).events, events);
      assert.deepEqual(parse([...bytes(stream)].map((byte) => new Uint8Array([byte]))).events, events);
    });
  }

  it('does not give out an event that the end cuts off, and says so', () => {
    assert.deepEqual(parse([bytes('data: a\n\ndata: b\n')]), {
      events: [message('a')],
      fault: undefined,
      midEvent: true,
      retryMs: undefined,
    });
    assert.equal(parse([bytes('data: a\n\n')]).midEvent, false);
    assert.equal(parse([bytes('dat')]).midEvent, true);
  });

  it('reports the reconnection time, digits only', () => {
    assert.equal(parse([bytes('retry: 1500\nretry: 2x\nretry: -1\n')]).retryMs, 1_500);
  });

  it('gives the same events for any chunking of any stream', () => {
    const content = fc.constantFrom(
      'data: a',
      'data:ż',
      'data',
      'event: e',
      'id: 7',
      'id',
      'retry: 5',
      ': 😀',
      'x',
      '',
      '',
    );
    const token = fc.tuple(content, fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\r', '\n\r', '\uFEFF'));
    const stream = fc.oneof(
      fc.array(token, { maxLength: 60 }).map((tokens) => bytes(tokens.flat().join(''))),
      fc.uint8Array({ maxLength: 60 }),
    );
    fc.assert(
      fc.property(
        stream,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom(25, 1_000),
        (whole, cuts, eventBytesMax) => {
          const expected = parse([whole], eventBytesMax);
          const outcome = parse(cut(whole, cuts), eventBytesMax);
          assert.deepEqual(outcome.events, expected.events);
          if (expected.fault === undefined) assert.deepEqual(outcome, expected);
          else assert.notEqual(outcome.fault, undefined);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('a stream that cannot be read', () => {
  it('is refused one byte past the bound, not at it', () => {
    const event = 'data: 12345\n\n';
    assert.equal(parse([bytes(event)], event.length).fault, undefined);
    assert.equal(parse([bytes(event)], event.length - 2).fault, 'event-too-large');
    assert.equal(parse([bytes('data: 1\ndata: 2\ndata: 3\n\n')], 20).fault, 'event-too-large');
  });

  it('is refused before its endless line is buffered', () => {
    const parser = new SseParser({ eventBytesMax: 100 });
    parser.push(bytes('x'.repeat(60)));
    assert.throws(() => parser.push(bytes('x'.repeat(60))), { name: 'SseError', fault: 'event-too-large' });
    assert.equal(parser.midEvent, false);
    assert.throws(() => parser.push(bytes('data: a\n\n')), { fault: 'event-too-large' });
  });

  it('never counts heartbeats against the bound', () => {
    assert.deepEqual(parse([bytes(': ping\n'.repeat(1_000)), bytes('data: a\n\n')], 20), {
      events: [message('a')],
      fault: undefined,
      midEvent: false,
      retryMs: undefined,
    });
  });

  it('never counts one event against the next', () => {
    assert.equal(parse([bytes('data: a\n\n'.repeat(1_000))], 20).events.length, 1_000);
  });

  it('still gives out the events before the fault', () => {
    const outcome = parse([new Uint8Array([...bytes('data: a\n\ndata: '), 0xff, 0x0a, 0x0a])]);
    assert.deepEqual(outcome.events, [message('a')]);
    assert.equal(outcome.fault, 'encoding');
  });

  it('never makes the parser throw anything but SseError', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array()), (chunks) => void parse(chunks, 50)));
  });
});

describe('writing a stream', () => {
  const line = fc.string({ unit: fc.constantFrom('a', ' ', ':', 'ż', '7') });
  it('is read back as written, line breaks normalised', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).map((text) => text.toWellFormed()),
        line,
        line.filter((event) => event !== ''),
        (data, id, event) => {
          const { events } = parse([bytes(formatSseEvent({ id, event, data }) + formatSseComment('x\ny'))]);
          assert.deepEqual(events, [{ event, data: data.replaceAll(/\r\n|\r/g, '\n'), lastEventId: id }]);
        },
      ),
    );
  });

  it('has exactly this form', () => {
    assert.equal(formatSseEvent({ data: '{"a":1}' }), 'data: {"a":1}\n\n');
    const full = formatSseEvent({ id: '3', event: 'error', data: 'a\r\nb\rc\n', retryMs: 1_000 });
    assert.equal(full, 'id: 3\nevent: error\nretry: 1000\ndata: a\ndata: b\ndata: c\ndata: \n\n');
    assert.equal(formatSseComment('ping'), ': ping\n\n');
  });

  it('refuses an id or type that would forge a line', () => {
    for (const bad of ['a\nb', 'a\rb', 'a\0']) {
      assert.throws(() => formatSseEvent({ id: bad, data: '' }), RangeError);
      assert.throws(() => formatSseEvent({ event: bad, data: '' }), RangeError);
    }
  });
});
