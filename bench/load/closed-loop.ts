import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { LoadOrder } from './measurement.ts';
import { parseResponse } from './http-response.ts';
import { echoWord, nonceChars } from './request-template.ts';
import type { RequestTemplate } from './request-template.ts';

export interface LoopOptions {
  readonly host: string;
  readonly port: number;
  /** First letters of every nonce, different for every connection of every run. */
  readonly noncePrefix: string;
  /** Taken round robin, starting with `firstTarget`. */
  readonly templates: readonly RequestTemplate[];
  readonly firstTarget: number;
  readonly answer: LoadOrder['answer'];
  readonly tls?: LoadOrder['tls'];
  readonly onAnswer: (targetIndex: number, latencyMs: number) => void;
  readonly onError: (reason: string) => void;
}

const errorsInARowMax = 20;
const answerMarks = { task: Buffer.from('TASK_STATE_COMPLETED'), message: Buffer.from('ROLE_AGENT') } as const;

/** One connection of a closed loop: the next request leaves when the answer to the last one is here. */
export class ClosedLoop {
  readonly #options: LoopOptions;
  readonly #expectedEcho = Buffer.from(echoWord + ' '.repeat(nonceChars), 'latin1');
  #socket: Socket | undefined;
  #received: Buffer | undefined;
  #sentAtMs = 0;
  #sequence = 0;
  #target: number;
  #underWay = false;
  #errorsInARow = 0;
  #finish: (() => void) | undefined;
  readonly #firstAnswer = Promise.withResolvers<void>();

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#target = options.firstTarget % options.templates.length;
  }

  /** Resolves with the first answer, or when there will be none. */
  get isSettled(): Promise<void> {
    return this.#firstAnswer.promise;
  }

  start(): void {
    const { host, port, tls } = this.#options;
    const opened: Socket =
      tls === undefined ? connect({ host, port, noDelay: true }) : connectTls({ host, port, ...tls });
    opened.setNoDelay(true);
    this.#socket = opened;
    opened.once(tls === undefined ? 'connect' : 'secureConnect', () => this.#send());
    opened.on('data', (chunk: Buffer) => this.#read(chunk));
    opened.on('error', (error) => this.#socket === opened && this.#fail(error.message));
    opened.on('close', () => this.#socket === opened && this.#fail('the server closed the connection'));
  }

  /** Sends nothing more; resolves when the request under way has its answer, or `graceMs` later. */
  async finish(graceMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#finish = resolve;
    if (this.#underWay) {
      const timer = setTimeout(() => this.#fail(`no answer within ${graceMs} ms`), graceMs);
      await promise;
      clearTimeout(timer);
    }
    const last = this.#socket;
    this.#socket = undefined;
    last?.destroy();
  }

  #send(): void {
    const { templates, noncePrefix } = this.#options;
    const template = templates[this.#target];
    if (this.#socket === undefined || template === undefined) return;
    const nonce = noncePrefix + this.#sequence.toString(16).padStart(nonceChars - noncePrefix.length, '0');
    this.#expectedEcho.write(nonce, echoWord.length, nonceChars, 'latin1');
    this.#sequence += 1;
    this.#underWay = true;
    this.#sentAtMs = performance.now();
    // The bytes are rewritten only after the answer, and by then the kernel has them all.
    this.#socket.write(template.withNonce(nonce));
  }

  #read(chunk: Buffer): void {
    this.#received = this.#received === undefined ? chunk : Buffer.concat([this.#received, chunk]);
    const response = parseResponse(this.#received);
    if (response.kind === 'incomplete') return;
    if (response.kind === 'invalid') return this.#fail(response.reason);
    const { status, body, proofNonce } = response;
    if (proofNonce !== undefined) this.#options.templates[this.#target]?.renewProof(proofNonce);
    if (status !== 200 || !body.includes(this.#expectedEcho) || !body.includes(answerMarks[this.#options.answer])) {
      return this.#fail(`status ${status}: ${body.toString('utf8', 0, 300)}`);
    }
    this.#options.onAnswer(this.#target, performance.now() - this.#sentAtMs);
    this.#firstAnswer.resolve();
    this.#errorsInARow = 0;
    this.#underWay = false;
    this.#received = undefined;
    this.#target = (this.#target + 1) % this.#options.templates.length;
    if (this.#finish !== undefined) return this.#finish();
    if (response.keepAlive) this.#send();
    else this.#reconnect();
  }

  #fail(reason: string): void {
    this.#underWay = false;
    this.#received = undefined;
    this.#errorsInARow += 1;
    this.#options.onError(reason);
    if (this.#finish !== undefined) this.#finish();
    else if (this.#errorsInARow < errorsInARowMax) this.#reconnect();
    else this.#abandon();
  }

  #abandon(): void {
    this.#options.onError(`connection abandoned after ${errorsInARowMax} errors in a row`);
    this.#firstAnswer.resolve();
  }

  #reconnect(): void {
    const last = this.#socket;
    this.#socket = undefined;
    last?.destroy();
    this.start();
  }
}
