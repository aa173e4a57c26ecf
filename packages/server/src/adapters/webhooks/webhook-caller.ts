import type { LookupFunction } from 'node:net';
import { buildConnector, Client } from 'undici';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { WebhookAnswer, WebhookCall, WebhookLine, WebhookSender } from '../../modules/deliveries/index.ts';
import { notificationBody } from './notification-body.ts';
import type { WebhookSigner } from './signature.ts';
import { webhookHeaders } from './webhook-headers.ts';

/** Judges addresses before each connection; throws `egress.refused`. */
export interface ConnectionGuard {
  checkUrl(text: string): URL;
  lookupFor(url: URL): LookupFunction;
}

export interface WebhookCallerOptions {
  readonly guard: ConnectionGuard;
  readonly signer: WebhookSigner;
  readonly clock: Clock;
  /** Time a receiver has for its whole answer. */
  readonly answerMs: number;
  readonly connectMs: number;
  readonly answerBytesMax: number;
}

/** Calls receivers over connections that the guard has judged. Follows no redirect. */
export function createWebhookSender(options: WebhookCallerOptions): WebhookSender {
  return {
    open: (url) => new GuardedLine(url, options),
    signingSecretOf: (subscriptionId) => options.signer.secretOf(subscriptionId),
  };
}

interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal;
}

class GuardedLine implements WebhookLine {
  readonly #url: string;
  readonly #options: WebhookCallerOptions;
  #client: Client | null = null;

  constructor(url: string, options: WebhookCallerOptions) {
    this.#url = url;
    this.#options = options;
  }

  async notify(call: WebhookCall): Promise<WebhookAnswer> {
    const body = notificationBody(call);
    const timestampSeconds = Math.floor(this.#options.clock.nowMs() / 1000);
    const signature = this.#options.signer.sign(call.subscriptionId, call.deliveryId, timestampSeconds, body.text);
    const headers = Object.fromEntries(webhookHeaders({ call, body, timestampSeconds, signature }));
    try {
      const url = this.#options.guard.checkUrl(this.#url);
      const { status, retryAfter } = await this.#exchange({
        method: 'POST',
        url,
        headers,
        body: body.text,
        signal: call.signal,
      });
      return { kind: 'answered', status, retryAfterMs: retryAfterMsOf(retryAfter) };
    } catch (cause) {
      return isRefusal(cause) ? { kind: 'address-refused' } : { kind: 'no-answer', cause };
    }
  }

  async challenge(token: string, signal: AbortSignal): Promise<boolean> {
    try {
      const url = this.#options.guard.checkUrl(this.#url);
      url.searchParams.set('validationToken', token);
      const headers = { accept: 'text/plain', 'user-agent': 'Colloquy' };
      const { status, text } = await this.#exchange({ method: 'GET', url, headers, body: null, signal });
      return status === 200 && text.trim() === token;
    } catch {
      return false;
    }
  }

  close(): void {
    void this.#client?.destroy();
    this.#client = null;
  }

  async #exchange(outgoing: Outgoing): Promise<{ status: number; retryAfter: string | null; text: string }> {
    const { clock, answerMs } = this.#options;
    const aborter = new AbortController();
    const signal = AbortSignal.any([outgoing.signal, aborter.signal]);
    const cancelTimer = clock.after(answerMs, () => aborter.abort(new Error('The receiver was silent for too long.')));
    try {
      return await Promise.race([this.#send(outgoing, signal), whenAborted(signal)]);
    } catch (error) {
      // What is left of the exchange must not be taken for the next answer.
      this.close();
      throw error;
    } finally {
      cancelTimer();
      aborter.abort();
    }
  }

  async #send(
    { method, url, headers, body }: Outgoing,
    signal: AbortSignal,
  ): Promise<{ status: number; retryAfter: string | null; text: string }> {
    const client = (this.#client ??= this.#connect(url));
    const answer = await client.request({ method, path: url.pathname + url.search, headers, body, signal });
    const retryAfter = answer.headers['retry-after'];
    const status = answer.statusCode;
    // The number has arrived; a body that breaks or is too long changes nothing about it.
    const text = await answer.body.text().catch(() => {
      this.close();
      return '';
    });
    return { status, retryAfter: typeof retryAfter === 'string' ? retryAfter : null, text };
  }

  #connect(url: URL): Client {
    const { guard, connectMs, answerMs, answerBytesMax } = this.#options;
    const connect = buildConnector({ lookup: guard.lookupFor(url), timeout: connectMs, allowH2: false });
    return new Client(url.origin, {
      connect,
      headersTimeout: answerMs,
      bodyTimeout: answerMs,
      maxResponseSize: answerBytesMax,
      maxHeaderSize: answerBytesMax,
      allowH2: false,
    });
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = (): void => reject(new Error('The call was cut.', { cause: signal.reason }));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

function isRefusal(error: unknown): boolean {
  return error instanceof PlatformError && error.code === 'egress.refused';
}

/** Seconds only (RFC 9110 section 10.2.3): the clock of a receiver is not ours. */
function retryAfterMsOf(text: string | null): number | null {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) * 1000 : null;
}
