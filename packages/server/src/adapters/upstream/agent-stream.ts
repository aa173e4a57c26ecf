import type { StreamResponse } from '@colloquy/protocol';
import type { ClientOutcome } from '@colloquy/protocol/codec';
import type { CancelTimer } from '../../kernel/clock.ts';
import { asPlatformError, PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { AgentExchange, AnswerReader } from './agent-exchange.ts';
import type { AnswerFrames, AnswerHeaders } from './answer-frames.ts';
import { answerFault, invalidAnswer } from './upstream-faults.ts';

export interface AgentStreamOptions {
  /** How the answer is cut into events. */
  readonly framesOf: (headers: AnswerHeaders) => AnswerFrames;
  /** Sends the request; called once, by the first reader. */
  readonly start: (reader: AgentStream) => AgentExchange;
  /** Calls `run` when the stream has had its time to end after its reader left; the result cancels that. */
  readonly linger: (run: () => void) => CancelTimer;
  readonly onFail: (error: PlatformError) => void;
  /** Runs the work when the turn of the stream has come, unless it is `isNeedless` by then. */
  readonly decodeLater: (work: () => void, isNeedless: () => boolean) => Promise<unknown>;
}

/** An event that has more bytes before its last ones is not decoded at once. */
const atOnceBytesMax = 128 * 1024;
const lineFeed = 0x0a;

/** Bytes that are not decoded to their end. */
interface UndecodedBytes {
  readonly outcomes: Iterator<ClientOutcome<StreamResponse>>;
  readonly bytes: number;
  hasEvents: boolean;
}

/** Events that are decoded in one go; others have their turn before an agent that says more at once is read on. */
const eventsAtOnceMax = 32;

/**
 * The answer to a streaming call, event by event. Events that came before a failure are given out before it; an abort is not
 * waited for.
 */
export class AgentStream implements AsyncIterableIterator<StreamResponse>, AnswerReader {
  readonly releasesBytes = true;
  readonly #options: AgentStreamOptions;
  #exchange: AgentExchange | null = null;
  #frames: AnswerFrames | null = null;
  #waiting: StreamResponse[] = [];
  /** What has arrived and is not decoded yet, in order. */
  #undecoded: UndecodedBytes[] = [];
  /** Bytes of what has been decoded and begins an event that has not ended. */
  #partialBytes = 0;
  /** The end has arrived, and waits for what came before it. */
  #trailers: AnswerHeaders | null = null;
  #error: PlatformError | null = null;
  #isEnded = false;
  #isLeft = false;
  #wake: (() => void) | null = null;
  #cancelLinger: CancelTimer = () => undefined;

  constructor(options: AgentStreamOptions) {
    this.#options = options;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<StreamResponse, undefined>> {
    this.#exchange ??= this.#options.start(this);
    for (;;) {
      if (this.#isLeft) return { done: true, value: undefined };
      // The reader asks for the next event when it is done with those before.
      if (this.#waiting.length === 0 && this.#undecoded.length === 0) this.#exchange.held?.set(this.#partialBytes);
      const event = this.#take();
      if (event !== undefined) return { done: false, value: event };
      if (this.#undecoded.length > 0) {
        await this.#options.decodeLater(this.#decodeMore, () => this.#isLeft || this.#undecoded.length === 0);
        continue;
      }
      if (this.#error !== null || this.#isEnded) this.#exchange.held?.release();
      if (this.#error !== null) throw this.#error;
      if (this.#isEnded) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** The reader has stopped. The agent has a moment to end its answer; then the connection is closed. */
  return(): Promise<IteratorResult<StreamResponse, undefined>> {
    this.#isLeft = true;
    this.#waiting = [];
    this.#undecoded = [];
    const exchange = this.#exchange;
    exchange?.held?.release();
    if (exchange !== null && !this.#isEnded) {
      exchange.resume();
      this.#cancelLinger = this.#options.linger(() => exchange.stop(new PlatformError('request.canceled')));
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  onStart(headers: AnswerHeaders): void {
    this.#frames = this.#options.framesOf(headers);
  }

  onData(chunk: Buffer): void {
    if (this.#isLeft || this.#frames === null) return;
    this.#undecoded.push({
      outcomes: this.#frames.push(chunk)[Symbol.iterator](),
      bytes: chunk.length,
      hasEvents: false,
    });
    // The end of a large event waits for its turn, as what follows many small ones does.
    const isLong = this.#partialBytes > atOnceBytesMax && chunk.includes(lineFeed);
    if (this.#undecoded.length === 1 && !isLong) this.#decode();
    else this.#wakeReader();
    if (this.#isBusy) this.#exchange?.pause();
  }

  onEnd(trailers: AnswerHeaders): void {
    this.#trailers = trailers;
    if (this.#undecoded.length === 0) this.#conclude(trailers);
  }

  onFail(error: PlatformError): void {
    this.#error = error;
    if (error.code === 'request.canceled') {
      this.#waiting = [];
      this.#undecoded = [];
      this.#exchange?.held?.release();
    }
    if (!this.#isLeft) this.#options.onFail(error);
    this.#end();
  }

  get #isBusy(): boolean {
    const { length } = this.#waiting;
    if (this.#undecoded.length > 0 || length >= limits.upstreamWaitingEventsMax) return true;
    return length > 0 && (this.#exchange?.held?.bytes ?? 0) > limits.upstreamWaitingBytesMax;
  }

  /** Decodes what one turn allows. Throws what is wrong with it. */
  #decode(): void {
    for (let left = eventsAtOnceMax; left > 0; left -= 1) {
      const [first] = this.#undecoded;
      if (first === undefined) return;
      const next = first.outcomes.next();
      if (next.done === true) {
        this.#undecoded.shift();
        this.#partialBytes = first.bytes + (first.hasEvents ? 0 : this.#partialBytes);
      } else {
        first.hasEvents = true;
        this.#add(next.value);
      }
    }
  }

  readonly #decodeMore = (): void => {
    try {
      this.#decode();
    } catch (error) {
      this.#undecoded = [];
      const fault = asPlatformError(error);
      if (this.#trailers !== null) this.onFail(fault);
      // An exchange that failed meanwhile has been told of already; what came before that is the fault.
      else if (this.#error !== null) this.#error = fault;
      else this.#exchange?.stop(fault);
      return;
    }
    if (this.#undecoded.length > 0) return;
    if (this.#trailers !== null) return this.#conclude(this.#trailers);
    if (!this.#isBusy) this.#exchange?.resume();
  };

  #conclude(trailers: AnswerHeaders): void {
    if (!this.#isLeft) {
      try {
        for (const outcome of this.#frames?.end(trailers) ?? []) this.#add(outcome);
      } catch (error) {
        return this.onFail(error instanceof PlatformError ? error : invalidAnswer('the answer can not be read'));
      }
    }
    this.#end();
  }

  #end(): void {
    this.#isEnded = true;
    this.#cancelLinger();
    this.#wakeReader();
  }

  #take(): StreamResponse | undefined {
    const event = this.#waiting.shift();
    if (event !== undefined && this.#waiting.length === 0 && !this.#isBusy) this.#exchange?.resume();
    return event;
  }

  #add(outcome: ClientOutcome<StreamResponse>): void {
    if (outcome.kind !== 'value') throw answerFault(outcome);
    this.#waiting.push(outcome.value);
    this.#wakeReader();
  }

  #wakeReader(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}
