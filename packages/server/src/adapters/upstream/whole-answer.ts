import { eventStreamType } from '@colloquy/protocol/v1';
import type { PlatformError } from '../../kernel/errors.ts';
import type { AnswerReader } from './agent-exchange.ts';
import type { AnswerHeaders } from './answer-frames.ts';
import { GatheredBytes } from './gathered-bytes.ts';
import type { AgentAnswer } from './http-wire.ts';
import { invalidAnswer } from './upstream-faults.ts';

export interface WholeAnswerOptions {
  readonly onAnswer: (answer: AgentAnswer) => void;
  readonly onFail: (error: PlatformError) => void;
}

/** Collects an answer that comes as one document. */
export class WholeAnswer implements AnswerReader {
  readonly #options: WholeAnswerOptions;
  readonly #body = new GatheredBytes();
  #headers: AnswerHeaders = {};

  constructor(options: WholeAnswerOptions) {
    this.#options = options;
  }

  onStart(headers: AnswerHeaders): void {
    this.#headers = headers;
    const type = headers['content-type'];
    if (typeof type === 'string' && type.startsWith(eventStreamType)) throw invalidAnswer('a stream was not asked for');
  }

  onData(chunk: Buffer): void {
    this.#body.append(chunk);
  }

  onEnd(trailers: AnswerHeaders): void {
    this.#options.onAnswer({ headers: this.#headers, body: this.#body.view(), trailers });
  }

  onFail(error: PlatformError): void {
    this.#options.onFail(error);
  }
}
