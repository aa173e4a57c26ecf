import type { ReadOptions } from '@colloquy/protocol/codec';
import type { ByteBudget } from '../../kernel/byte-budget.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { InstanceId, TenantId } from '../../kernel/ids.ts';
import { asPlatformError } from '../../kernel/errors.ts';
import type { UpstreamCall } from '../../modules/gateway/index.ts';
import type { AgentInstance } from '../../modules/routing/index.ts';
import { AgentExchange } from './agent-exchange.ts';
import type { AnswerReader } from './agent-exchange.ts';
import { AgentPools } from './agent-pools.ts';
import { targetOf } from './agent-target.ts';
import type { AgentTarget, OpenCredential } from './agent-target.ts';
import type { EgressGuards } from './egress-guards.ts';
import { forwardTaskHeader } from './forward-token.ts';
import type { SignForwardToken } from './forward-token.ts';
import { ForwardTokens } from './forward-tokens.ts';
import type { HttpWire, WireRequest } from './http-wire.ts';
import type { UpstreamBounds } from './upstream-bounds.ts';

export interface AgentDialerOptions {
  readonly guards: Pick<EgressGuards, 'forTenant'>;
  readonly signForwardToken: SignForwardToken;
  readonly openCredential: OpenCredential;
  /** Told of each call, before it is prepared. On the path of every send; must not throw. */
  readonly onCall?: (tenantId: TenantId, instanceId: InstanceId) => void;
  /** Counts the bytes of answers; absent: they are not counted. */
  readonly budget?: ByteBudget;
  readonly clock: Clock;
  readonly bounds: UpstreamBounds;
}

/** One request, encoded. */
export interface OutgoingCall {
  readonly wire: HttpWire;
  readonly request: WireRequest;
  /** URIs of the extensions in use. */
  readonly extensions: readonly string[];
  readonly read: ReadOptions;
  /** How long the agent may take to begin its answer. */
  readonly silenceMs: number;
}

/** Brings requests to agents: over the pool of their origin, with the agent's credential and our forward token. */
export class AgentDialer {
  readonly #options: AgentDialerOptions;
  readonly #pools: AgentPools;
  readonly #tokens: ForwardTokens;
  /** Routes are read anew every few seconds, as new objects; what was prepared for the old ones leaves with them. */
  readonly #targets = new WeakMap<AgentInstance, AgentTarget>();

  constructor(options: AgentDialerOptions) {
    this.#options = options;
    this.#pools = new AgentPools(options.bounds);
    this.#tokens = new ForwardTokens(options.signForwardToken, options.clock);
  }

  /** Sends one request; everything that comes of it, a failure to send included, goes to the reader. */
  start(call: UpstreamCall, outgoing: OutgoingCall, reader: AnswerReader): AgentExchange {
    const exchange = new AgentExchange(reader, {
      signal: call.signal,
      bytesMax: this.#options.bounds.upstreamBytesMax,
      held: this.#options.budget?.open({
        tenantId: call.route.tenantId,
        partyId: call.route.agentId,
        kind: 'agents',
      }),
      wire: outgoing.wire,
      read: outgoing.read,
    });
    if (call.signal.aborted) {
      exchange.cancel();
      return exchange;
    }
    this.#options.onCall?.(call.route.tenantId, call.instance.instanceId);
    this.#tokens
      .of(call)
      .then((token) => {
        const target = this.#targets.get(call.instance);
        if (target !== undefined) return this.#send(call, outgoing, { exchange, token, target });
        return this.#prepare(call, outgoing.wire).then((prepared) =>
          this.#send(call, outgoing, { exchange, token, target: prepared }),
        );
      })
      // Nothing has left. A fault of ours, such as a credential that does not open.
      .catch((error: unknown) => exchange.stop(asPlatformError(error)));
    return exchange;
  }

  close(): Promise<void> {
    return this.#pools.close();
  }

  #send(
    call: UpstreamCall,
    { wire, request, silenceMs, extensions }: OutgoingCall,
    { exchange, token, target }: Prepared,
  ): void {
    if (exchange.isOver) return;
    const { method, suffix, body } = request;
    const headers = body === null ? target.bodilessHeaders : target.headers;
    this.#pools.of(target).dispatch(
      {
        path: suffix === null ? target.path : target.base + suffix + target.query,
        method,
        headers: [
          ...headers,
          'x-request-id',
          call.requestId,
          forwardTaskHeader,
          call.taskId,
          target.tokenHeader,
          target.tokenPrefix + token,
          ...extensionsField(wire, extensions),
        ],
        body: typeof body === 'string' ? ownBytes(body) : body,
        headersTimeout: silenceMs,
        bodyTimeout: this.#options.bounds.upstreamIdleMs,
      },
      exchange,
    );
  }

  async #prepare(call: UpstreamCall, wire: HttpWire): Promise<AgentTarget> {
    const { guards, openCredential } = this.#options;
    const guard = await guards.forTenant(call.route.tenantId);
    const target = await targetOf(call, wire, { guard, open: openCredential });
    this.#targets.set(call.instance, target);
    return target;
  }
}

/** What a request needs beside its own words. */
interface Prepared {
  readonly exchange: AgentExchange;
  readonly token: string;
  readonly target: AgentTarget;
}

/** A URI that is no visible ASCII would break the header, and no caller can have sent it in one. */
function extensionsField({ extensionsHeader }: HttpWire, extensions: readonly string[]): readonly string[] {
  return extensions.length === 0 || extensionsHeader === null ? [] : [extensionsHeader, extensions.join(',')];
}

/**
 * A text as bytes that share no memory with others. What Node makes of short texts is cut from pieces of 64 KiB, each of which stays
 * for as long as one of its cuts does; a request's body stays until its answer has ended, and answers of agents take long.
 */
function ownBytes(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}
