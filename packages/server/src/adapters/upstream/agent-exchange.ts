import type { ReadOptions } from '@colloquy/protocol/codec';
import { readJson } from '@colloquy/protocol/json';
import type { Dispatcher } from 'undici';
import type { HeldBytes } from '../../kernel/byte-budget.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { AnswerHeaders } from './answer-frames.ts';
import { GatheredBytes } from './gathered-bytes.ts';
import type { HttpWire } from './http-wire.ts';
import { retryAfterOf } from './retry-after.ts';
import { agentRefusal, invalidAnswer, statusRefusal, transportFault } from './upstream-faults.ts';

/** Takes a successful answer as it arrives. Whatever it throws ends the exchange and comes back through `onFail`. */
export interface AnswerReader {
  /** The reader counts the bytes down and releases them itself; any other one keeps none after the end. */
  readonly releasesBytes?: true;
  onStart(headers: AnswerHeaders): void;
  onData(chunk: Buffer): void;
  /** The whole answer has arrived. Nothing follows. Trailers are those of HTTP/2. */
  onEnd(trailers: AnswerHeaders): void;
  /** The exchange failed. Nothing follows. */
  onFail(error: PlatformError): void;
}

export interface ExchangeOptions {
  readonly signal: AbortSignal;
  readonly bytesMax: number;
  /** Counts the bytes that have arrived; at its bound no more are read. */
  readonly held?: HeldBytes | undefined;
  /** The wire that the request was said in, and how its answer is read. */
  readonly wire: HttpWire;
  readonly read: ReadOptions;
}

/**
 * One request to an agent and its answer: bounds, refusals, aborts and broken connections, told to the reader in the words of
 * the `Upstream` port. It ends exactly once, with `onEnd` or `onFail`.
 */
export class AgentExchange implements Dispatcher.DispatchHandler {
  readonly #reader: AnswerReader;
  readonly #options: ExchangeOptions;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  /** For how long a refusing agent asks to be left alone. */
  #waitMs: number | null = null;
  #interim = 0;
  #bytes = 0;
  readonly #refusalBody = new GatheredBytes();
  #isOver = false;
  #isPaused = false;
  #waitsForRoom = false;
  // A function: what Node makes of an object with `handleEvent` outlives the exchange until the whole heap is collected.
  readonly #onAbort = (): void => this.cancel();

  constructor(reader: AnswerReader, options: ExchangeOptions) {
    this.#reader = reader;
    this.#options = options;
    options.signal.addEventListener('abort', this.#onAbort);
  }

  /** The bytes of the answer that are in memory; undefined: they are not counted. */
  get held(): HeldBytes | undefined {
    return this.#options.held;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends the exchange because the call was aborted. */
  cancel(): void {
    this.stop(new PlatformError('request.canceled'));
  }

  /** Ends the exchange and its connection. */
  stop(error: PlatformError): void {
    this.#fail(error);
    this.#controller?.abort(error);
  }

  /** The agent's bytes stay in the connection until `resume`. */
  pause(): void {
    this.#isPaused = true;
    this.#controller?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (!this.#waitsForRoom) this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Canceled while it waited for a connection: a throw drops the request and keeps the connection, an abort would not.
    if (this.#isOver) throw new PlatformError('request.canceled');
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (this.#isOver) return;
    if (status < 200) {
      this.#interim += 1;
      if (this.#interim > limits.upstreamInterimAnswersMax) this.stop(invalidAnswer('too many interim answers'));
      return;
    }
    this.#status = status;
    const problem = headersProblem(headers, this.#options.bytesMax);
    if (problem !== null) return this.stop(problem);
    if (isSuccess(status)) this.#read(() => this.#reader.onStart(headers));
    else this.#waitMs = retryAfterOf(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#bytes += chunk.length + limits.upstreamPieceBytes;
    if (!isSuccess(this.#status)) return this.#keepRefusal(chunk);
    if (this.#bytes > this.#options.bytesMax) return this.stop(new PlatformError('upstream.too-large'));
    this.#options.held?.add(chunk.length);
    this.#read(() => this.#reader.onData(chunk));
    this.#awaitRoom();
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: AnswerHeaders): void {
    if (this.#isOver) return;
    if (!isSuccess(this.#status)) return this.#fail(this.#refusal());
    this.#finish();
    this.#reader.onEnd(trailers);
    this.#releaseBytes();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#fail(transportFault(error, this.#controller !== null));
  }

  #read(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.stop(error instanceof PlatformError ? error : new PlatformError('internal.unexpected', { cause: error }));
    }
  }

  #keepRefusal(chunk: Buffer): void {
    if (this.#bytes > limits.upstreamRefusalBytesMax) return this.stop(statusRefusal(this.#status, this.#waitMs));
    this.#refusalBody.append(chunk);
  }

  #refusal(): PlatformError {
    const reading = readJson(this.#refusalBody.view(), { depthMax: limits.jsonDepthMax });
    if (reading.kind === 'refusal') return statusRefusal(this.#status, this.#waitMs);
    const { wire, read } = this.#options;
    const said = wire.decodeRefusal(this.#status, reading.value, read);
    return said === null ? statusRefusal(this.#status, this.#waitMs) : agentRefusal(said, this.#waitMs);
  }

  #fail(error: PlatformError): void {
    if (this.#isOver) return;
    this.#finish();
    this.#reader.onFail(error);
    this.#releaseBytes();
  }

  /** The agent is not read on while its tenant holds too much. */
  #awaitRoom(): void {
    const room = this.#isOver || this.#waitsForRoom ? undefined : this.#options.held?.room();
    if (room === undefined) return;
    this.#waitsForRoom = true;
    this.#controller?.pause();
    void room.then(() => {
      this.#waitsForRoom = false;
      if (!this.#isPaused && !this.#isOver) this.#controller?.resume();
    });
  }

  #releaseBytes(): void {
    if (this.#reader.releasesBytes !== true) this.#options.held?.release();
  }

  #finish(): void {
    this.#isOver = true;
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** We ask for no coding and undo none: what is compressed can not be bounded before it is opened. */
function headersProblem(headers: AnswerHeaders, bytesMax: number): PlatformError | null {
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity') return invalidAnswer('the answer has a content coding');
  return Number(headers['content-length']) > bytesMax ? new PlatformError('upstream.too-large') : null;
}
