import { Client } from 'undici';
import type { buildConnector } from 'undici';
import { pause, restOfBucketMs } from '../../kernel/clock.ts';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { TaskId, TenantId } from '../../kernel/ids.ts';
import { interimAnswerCount } from '../../kernel/interim-answers.ts';
import { limits } from '../../kernel/limits.ts';
import type {
  WebhookAnswer,
  WebhookCall,
  WebhookLine,
  WebhookMessage,
  WebhookSender,
} from '../../modules/deliveries/index.ts';
import { notificationBody } from './notification-body.ts';
import type { WebhookSigner } from './signature.ts';
import { messageHeaders, webhookHeaders } from './webhook-headers.ts';

/** Checks which addresses a tenant may call. */
export interface ConnectionGuard {
  /** Throws `egress.refused`. */
  checkUrl(text: string): URL;
  /** Connects to nothing else; fails with `egress.refused`. */
  connectorFor(url: URL, options: { readonly timeoutMs: number }): buildConnector.connector;
}

/** The guard of each tenant. */
export interface ConnectionGuards {
  /** Rejects with `platform.unavailable`. */
  forTenant(tenantId: TenantId): Promise<ConnectionGuard>;
}

interface DelegationClaims {
  readonly audience: string;
  readonly subject: string;
  readonly tenantSlug: string;
  readonly taskIds: readonly TaskId[];
  readonly nowMs: number;
}

export interface WebhookCallerOptions {
  readonly guards: ConnectionGuards;
  readonly signer: WebhookSigner;
  /** Signs the forward token of a notification; the token names its tenant by id. */
  readonly signDelegation: (claims: DelegationClaims) => string | Promise<string>;
  readonly clock: Clock;
  /** Time a receiver has for its whole answer. */
  readonly answerMs: number;
  readonly connectMs: number;
  readonly answerBytesMax: number;
}

/** Calls receivers over connections that the guard has judged. Follows no redirect. */
export function createWebhookSender(options: WebhookCallerOptions): WebhookSender {
  return {
    open: (url, tenantId) => new GuardedLine({ url, tenantId }, options),
    signingSecretOf: (subscriptionId, generation) => options.signer.secretOf(subscriptionId, generation),
  };
}

/** The receiver, and the tenant that the call is for. */
interface Receiver {
  readonly url: string;
  readonly tenantId: TenantId;
}

interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly guard: ConnectionGuard;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal;
}

class GuardedLine implements WebhookLine {
  readonly #receiver: Receiver;
  readonly #options: WebhookCallerOptions;
  #client: Client | null = null;

  constructor(receiver: Receiver, options: WebhookCallerOptions) {
    this.#receiver = receiver;
    this.#options = options;
  }

  async notify(call: WebhookCall): Promise<WebhookAnswer> {
    const body = notificationBody(call);
    const timestampSeconds = Math.floor(this.#options.clock.nowMs() / 1000);
    const signature = this.#options.signer.sign(call, { id: call.deliveryId, timestampSeconds, body: body.text });
    const headers = Object.fromEntries(
      webhookHeaders({ call, body, timestampSeconds, signature, delegation: await this.#delegationOf(call) }),
    );
    return this.#post(headers, body.text, call.signal);
  }

  post(message: WebhookMessage): Promise<WebhookAnswer> {
    const { messageId, contentType, text } = message;
    const timestampSeconds = Math.floor(this.#options.clock.nowMs() / 1000);
    const signature = this.#options.signer.sign(message, { id: messageId, timestampSeconds, body: text });
    const headers = messageHeaders({ messageId, contentType, timestampSeconds, signature });
    return this.#post(Object.fromEntries(headers), text, message.signal);
  }

  async #post(headers: Outgoing['headers'], body: string, signal: AbortSignal): Promise<WebhookAnswer> {
    const startedMs = this.#options.clock.monotonicMs();
    const judged = await this.#judge();
    if (!('url' in judged)) return judged;
    try {
      const { status, retryAfter } = await this.#exchange({ ...judged, method: 'POST', headers, body, signal });
      return { kind: 'answered', status, retryAfterMs: retryAfterMsOf(retryAfter) };
    } catch (cause) {
      await this.#fillBucket(startedMs, signal);
      return { kind: 'no-answer', cause };
    }
  }

  async challenge(token: string, signal: AbortSignal): Promise<boolean> {
    const startedMs = this.#options.clock.monotonicMs();
    const judged = await this.#judge();
    if (!('url' in judged)) return false;
    const { url } = judged;
    url.searchParams.set('validationToken', token);
    const headers = { accept: 'text/plain', 'user-agent': 'Colloquy' };
    const get = { ...judged, method: 'GET', headers, body: null, signal } as const;
    const answer = await this.#exchange(get).catch(() => null);
    if (answer?.status === 200 && answer.text.trim() === token) return true;
    await this.#fillBucket(startedMs, signal);
    return false;
  }

  /**
   * Tenants see when a try was made. A closed port fails at once, a filtered one late, a name that leads to a private address before both:
   * all have failed when the bucket is full.
   */
  async #fillBucket(startedMs: number, signal: AbortSignal): Promise<void> {
    const { clock, answerMs } = this.#options;
    const bucketMs = answerMs + limits.addressFailureSlackMs;
    await pause(clock, restOfBucketMs(clock.monotonicMs() - startedMs, bucketMs), signal);
  }

  /** The token with which the receiver may send further messages in the task's delegation chain. The receiver is no principal, so the token has no subject. */
  #delegationOf({ taskId }: WebhookCall): string | Promise<string> {
    const { url, tenantId } = this.#receiver;
    const nowMs = this.#options.clock.nowMs();
    return this.#options.signDelegation({ audience: url, subject: '', tenantSlug: tenantId, taskIds: [taskId], nowMs });
  }

  close(): void {
    void this.#client?.destroy();
    this.#client = null;
  }

  /** Only an address that is refused by its text alone is reported as refused. */
  async #judge(): Promise<Pick<Outgoing, 'url' | 'guard'> | Exclude<WebhookAnswer, { kind: 'answered' }>> {
    const { url, tenantId } = this.#receiver;
    try {
      const guard = await this.#options.guards.forTenant(tenantId);
      return { url: guard.checkUrl(url), guard };
    } catch (cause) {
      return isRefusal(cause) ? { kind: 'address-refused' } : { kind: 'no-answer', cause };
    }
  }

  async #exchange(outgoing: Outgoing): Promise<{ status: number; retryAfter: string | null; text: string }> {
    const { clock, answerMs } = this.#options;
    const aborter = new AbortController();
    const signal = AbortSignal.any([outgoing.signal, aborter.signal]);
    const cancelTimer = clock.after(answerMs, () => aborter.abort(new Error('The receiver was silent for too long.')));
    try {
      return await Promise.race([this.#send(outgoing, signal), whenAborted(signal)]);
    } catch (error) {
      // The rest of this exchange must not be read as the next answer.
      this.close();
      throw error;
    } finally {
      cancelTimer();
      aborter.abort();
    }
  }

  async #send(
    { method, url, guard, headers, body }: Outgoing,
    signal: AbortSignal,
  ): Promise<{ status: number; retryAfter: string | null; text: string }> {
    const client = (this.#client ??= this.#connect(url, guard));
    const path = url.pathname + url.search;
    const answer = await client.request({ method, path, headers, body, signal, onInfo: interimAnswerCount() });
    const retryAfter = answer.headers['retry-after'];
    const status = answer.statusCode;
    // The number has arrived; a body that breaks or is too long changes nothing about it.
    const text = await answer.body.text().catch(() => {
      this.close();
      return '';
    });
    return { status, retryAfter: typeof retryAfter === 'string' ? retryAfter : null, text };
  }

  #connect(url: URL, guard: ConnectionGuard): Client {
    const { connectMs, answerMs, answerBytesMax } = this.#options;
    return new Client(url.origin, {
      connect: guard.connectorFor(url, { timeoutMs: connectMs }),
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
