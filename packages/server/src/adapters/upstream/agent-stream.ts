import type { StreamResponse } from '@colloquy/protocol';
import type { ClientOutcome } from '@colloquy/protocol/codec';
import type { CancelTimer } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
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
}

/**
 * The answer to a streaming call, event by event. Events that came before a failure are given out before it; an abort is not
 * waited for.
 */
export class AgentStream implements AsyncIterableIterator<StreamResponse>, AnswerReader {
  readonly #options: AgentStreamOptions;
  #exchange: AgentExchange | null = null;
  #frames: AnswerFrames | null = null;
  #waiting: StreamResponse[] = [];
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
      const event = this.#take();
      if (event !== undefined) return { done: false, value: event };
      if (this.#error !== null) throw this.#error;
      if (this.#isEnded) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Nobody reads on. The agent has a moment to end its answer; then the connection is closed. */
  return(): Promise<IteratorResult<StreamResponse, undefined>> {
    this.#isLeft = true;
    this.#waiting = [];
    const exchange = this.#exchange;
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
    if (this.#isLeft) return;
    for (const outcome of this.#frames?.push(chunk) ?? []) this.#add(outcome);
    if (this.#waiting.length >= limits.upstreamWaitingEventsMax) this.#exchange?.pause();
  }

  onEnd(trailers: AnswerHeaders): void {
    if (!this.#isLeft) {
      try {
        for (const outcome of this.#frames?.end(trailers) ?? []) this.#add(outcome);
      } catch (error) {
        return this.onFail(error instanceof PlatformError ? error : invalidAnswer('the answer can not be read'));
      }
    }
    this.#end();
  }

  onFail(error: PlatformError): void {
    this.#error = error;
    if (error.code === 'request.canceled') this.#waiting = [];
    if (!this.#isLeft) this.#options.onFail(error);
    this.#end();
  }

  #end(): void {
    this.#isEnded = true;
    this.#cancelLinger();
    this.#wakeReader();
  }

  #take(): StreamResponse | undefined {
    const event = this.#waiting.shift();
    if (event !== undefined && this.#waiting.length === 0) this.#exchange?.resume();
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
