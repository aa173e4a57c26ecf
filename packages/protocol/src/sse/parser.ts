import { LineBuffer } from './line-buffer.ts';

/** One event of a parsed stream. */
export interface SseEvent {
  /** `message` unless the stream says otherwise. */
  readonly event: string;
  readonly data: string;
  /** The id in force, this event's or an earlier one's; empty when the stream has given none. */
  readonly lastEventId: string;
}

/** Why a stream cannot be read on. */
export type SseFault = 'event-too-large' | 'encoding';

/** A stream that cannot be read on. Its message quotes nothing from the stream. */
export class SseError extends Error {
  override readonly name = 'SseError';
  readonly fault: SseFault;

  constructor(fault: SseFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = '\uFEFF';

/**
 * An incremental reader of `text/event-stream` (HTML standard section 9.2.6). Chunks may be cut anywhere, inside a
 * character or a CRLF included. Two deviations, both towards refusal: an event of more than `eventBytesMax` bytes (line
 * ends counted, comments not kept) and invalid UTF-8 end the reading with a {@link SseError} instead of growing or
 * guessing. An event that the end of the stream cuts off is never given out; {@link SseParser.midEvent} tells.
 */
export class SseParser {
  readonly #eventBytesMax: number;
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #line = new LineBuffer();
  /** Bytes of the finished lines of the unfinished event. */
  #eventBytes = 0;
  #afterReturn = false;
  #firstLine = true;
  #data: string[] = [];
  #event = '';
  #lastEventId = '';
  #retryMs: number | undefined;
  #error: SseError | undefined;

  constructor(options: { readonly eventBytesMax: number }) {
    this.#eventBytesMax = options.eventBytesMax;
  }

  /** The reconnection time the stream last asked for. */
  get retryMs(): number | undefined {
    return this.#retryMs;
  }

  /** Whether an event has begun and not ended. */
  get midEvent(): boolean {
    return this.#line.length > 0 || this.#data.length > 0;
  }

  /** What ended the reading; set as soon as it is known, also when `push` still returned events. */
  get error(): SseError | undefined {
    return this.#error;
  }

  /**
   * Takes the next bytes and returns the events they complete. At a fault it throws a {@link SseError}, but never
   * swallows events that came before it: those are returned, {@link SseParser.error} is set, and the next call throws.
   */
  push(chunk: Uint8Array): SseEvent[] {
    if (this.#error !== undefined) throw this.#error;
    const events: SseEvent[] = [];
    try {
      this.#read(chunk, events);
    } catch (error) {
      if (!(error instanceof SseError)) throw error;
      this.#error = error;
      this.#line.clear();
      this.#data = [];
      if (events.length === 0) throw error;
    }
    return events;
  }

  #read(chunk: Uint8Array, events: SseEvent[]): void {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte !== lineFeed && byte !== carriageReturn) continue;
      // Bytes since the return end the pair, and clear the flag at the latest at the end of their chunk.
      const endsReturn = byte === lineFeed && this.#afterReturn && at === start;
      this.#afterReturn = byte === carriageReturn;
      if (!endsReturn) this.#endLine(chunk.subarray(start, at), events);
      start = at + 1;
    }
    if (start === chunk.length) return;
    this.#afterReturn = false;
    this.#checkSize(this.#line.length + chunk.length - start);
    this.#line.append(chunk.subarray(start));
  }

  #endLine(rest: Uint8Array, events: SseEvent[]): void {
    const lineBytes = this.#line.length + rest.length + 1;
    this.#checkSize(lineBytes);
    const line = this.#takeText(rest);
    if (line === '') this.#endEvent(events);
    // Comments leave nothing behind: heartbeats may go on for ever.
    else if (!line.startsWith(':')) {
      this.#eventBytes += lineBytes;
      this.#takeField(line);
    }
  }

  #endEvent(events: SseEvent[]): void {
    if (this.#data.length > 0) {
      events.push({ event: this.#event || 'message', data: this.#data.join('\n'), lastEventId: this.#lastEventId });
    }
    this.#eventBytes = 0;
    this.#data = [];
    this.#event = '';
  }

  #takeField(line: string): void {
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line.startsWith(' ', colon + 1) ? colon + 2 : colon + 1);
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#lastEventId = value;
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) this.#retryMs = Number(value);
  }

  /** The finished line as text. Only whole lines are decoded, so no character is ever cut. */
  #takeText(rest: Uint8Array): string {
    let bytes = rest;
    if (this.#line.length > 0) {
      this.#line.append(rest);
      bytes = this.#line.view();
    }
    const text = bytes.length === 0 ? '' : this.#decode(bytes);
    this.#line.clear();
    const first = this.#firstLine;
    this.#firstLine = false;
    return first && text.startsWith(byteOrderMark) ? text.slice(1) : text;
  }

  #decode(bytes: Uint8Array): string {
    try {
      return this.#utf8.decode(bytes);
    } catch {
      throw new SseError('encoding', 'the stream is not valid UTF-8');
    }
  }

  #checkSize(lineBytes: number): void {
    if (this.#eventBytes + lineBytes <= this.#eventBytesMax) return;
    throw new SseError('event-too-large', `an event exceeds ${this.#eventBytesMax} bytes`);
  }
}
