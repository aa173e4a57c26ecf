import type { SendMessageResponse, StreamResponse, Task } from '@colloquy/protocol';
import type { PlatformError } from '../../kernel/errors.ts';
import { FairQueue } from '../../kernel/fair-queue.ts';
import { limits } from '../../kernel/limits.ts';
import type { Upstream, UpstreamCall, UpstreamMessage } from '../../modules/gateway/index.ts';
import type { AgentWire } from '../../modules/registry/index.ts';
import { AgentDialer } from './agent-dialer.ts';
import type { AgentDialerOptions } from './agent-dialer.ts';
import { grpcWireV1 } from './grpc-wire.ts';
import { HttpUpstream } from './http-upstream.ts';
import type { HttpWire } from './http-wire.ts';
import type { UpstreamBounds } from './upstream-bounds.ts';
import { jsonRpcWireV01, jsonRpcWireV03, jsonRpcWireV1 } from './json-rpc-wires.ts';
import { restWireV03 } from './v0-3-rest-wire.ts';
import { restWireV1 } from './v1-rest-wire.ts';

export interface A2aUpstreamOptions extends Omit<AgentDialerOptions, 'bounds'> {
  /** Called for every failed call that was not aborted, for the log. The error's cause is private. Must not throw. */
  readonly onFault: (call: UpstreamCall, error: PlatformError) => void;
  /** Replaces bounds of `kernel/limits.ts`. */
  readonly bounds?: Partial<UpstreamBounds>;
}

/** Calls each agent by the wire that its instance speaks. Connections are kept per origin; `close` ends them. */
export class A2aUpstream implements Upstream {
  readonly #dialer: AgentDialer;
  readonly #clients: Readonly<Record<AgentWire, Upstream>>;

  constructor(options: A2aUpstreamOptions) {
    const bounds = { ...limits, ...options.bounds };
    const dialer = new AgentDialer({ ...options, bounds });
    const report = (call: UpstreamCall, error: PlatformError): void => {
      if (error.code !== 'request.canceled') options.onFault(call, error);
    };
    const { clock, budget } = options;
    const longWork = budget?.longWork ?? new FairQueue({ clock, soon: setImmediate });
    const shared = { dialer, clock, bounds, longWork, report };
    const over = (wire: HttpWire): Upstream => new HttpUpstream({ wire, ...shared });
    this.#dialer = dialer;
    this.#clients = {
      '1.0 JSONRPC': over(jsonRpcWireV1),
      '1.0 HTTP+JSON': over(restWireV1),
      '1.0 GRPC': over(grpcWireV1),
      '0.3 JSONRPC': over(jsonRpcWireV03),
      '0.3 HTTP+JSON': over(restWireV03),
      '0.1 JSONRPC': over(jsonRpcWireV01),
    };
  }

  send(call: UpstreamCall, message: UpstreamMessage): Promise<SendMessageResponse> {
    return this.#clients[call.instance.wire].send(call, message);
  }

  getTask(call: UpstreamCall, upstreamTaskId: string): Promise<Task> {
    return this.#clients[call.instance.wire].getTask(call, upstreamTaskId);
  }

  cancelTask(call: UpstreamCall, upstreamTaskId: string): Promise<Task> {
    return this.#clients[call.instance.wire].cancelTask(call, upstreamTaskId);
  }

  stream(call: UpstreamCall, message: UpstreamMessage): AsyncIterable<StreamResponse> {
    return this.#clients[call.instance.wire].stream(call, message);
  }

  subscribe(call: UpstreamCall, upstreamTaskId: string): AsyncIterable<StreamResponse> {
    return this.#clients[call.instance.wire].subscribe(call, upstreamTaskId);
  }

  /** Ends every connection; calls under way fail as `upstream.outcome-unknown`. */
  close(): Promise<void> {
    return this.#dialer.close();
  }
}
