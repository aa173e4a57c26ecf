import type { SendMessageResponse, StreamResponse, Task } from '@colloquy/protocol';
import { decodeAnswer, encodeCall } from '@colloquy/protocol/v1';
import type { OperationRequest, ReadOptions } from '@colloquy/protocol/v1';
import type { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { Upstream, UpstreamCall, UpstreamMessage } from '../../modules/gateway/index.ts';
import { AgentDialer } from './agent-dialer.ts';
import type { AgentDialerOptions, OutgoingCall } from './agent-dialer.ts';
import { AgentStream } from './agent-stream.ts';
import { answerDecodeLimits } from './upstream-bounds.ts';
import type { UpstreamBounds } from './upstream-bounds.ts';
import { answerFault } from './upstream-faults.ts';
import { WholeAnswer } from './whole-answer.ts';

export interface A2aUpstreamOptions extends Omit<AgentDialerOptions, 'bounds'> {
  /** Told of every failed call that nobody aborted; the error's cause is private. For the log; must not throw. */
  readonly onFault: (call: UpstreamCall, error: PlatformError) => void;
  /** Replaces bounds of `kernel/limits.ts`. */
  readonly bounds?: Partial<UpstreamBounds>;
}

interface UnaryAnswers {
  readonly SendMessage: SendMessageResponse;
  readonly GetTask: Task;
  readonly CancelTask: Task;
}

/** Calls agents by A2A 1.0 over JSON-RPC. Connections are kept per origin; `close` ends them. */
export class A2aUpstream implements Upstream {
  readonly #options: A2aUpstreamOptions;
  readonly #bounds: UpstreamBounds;
  readonly #dialer: AgentDialer;

  constructor(options: A2aUpstreamOptions) {
    this.#options = options;
    this.#bounds = { ...limits, ...options.bounds };
    this.#dialer = new AgentDialer({ ...options, bounds: this.#bounds });
  }

  send(call: UpstreamCall, message: UpstreamMessage): Promise<SendMessageResponse> {
    // The agent answers when its work is done, so its silence is bounded by the task's own time.
    const silenceMs = call.route.taskMsMax;
    const request = { operation: 'SendMessage', request: { ...message, ...tagOf(call) } } as const;
    return this.#callOnce('SendMessage', call, outgoingCall(call, request, silenceMs));
  }

  getTask(call: UpstreamCall, upstreamTaskId: string): Promise<Task> {
    const request = { operation: 'GetTask', request: { id: upstreamTaskId, ...tagOf(call) } } as const;
    return this.#callOnce('GetTask', call, outgoingCall(call, request, this.#bounds.upstreamIdleMs));
  }

  cancelTask(call: UpstreamCall, upstreamTaskId: string): Promise<Task> {
    const request = { operation: 'CancelTask', request: { id: upstreamTaskId, ...tagOf(call) } } as const;
    return this.#callOnce('CancelTask', call, outgoingCall(call, request, this.#bounds.upstreamIdleMs));
  }

  stream(call: UpstreamCall, message: UpstreamMessage): AsyncIterable<StreamResponse> {
    return this.#callStream(call, { operation: 'SendStreamingMessage', request: { ...message, ...tagOf(call) } });
  }

  subscribe(call: UpstreamCall, upstreamTaskId: string): AsyncIterable<StreamResponse> {
    return this.#callStream(call, { operation: 'SubscribeToTask', request: { id: upstreamTaskId, ...tagOf(call) } });
  }

  /** Ends every connection; calls under way fail as `upstream.outcome-unknown`. */
  close(): Promise<void> {
    return this.#dialer.close();
  }

  #callOnce<M extends keyof UnaryAnswers>(
    method: M,
    call: UpstreamCall,
    outgoing: OutgoingCall,
  ): Promise<UnaryAnswers[M]> {
    return new Promise((resolve, reject) => {
      const onFail = (error: PlatformError): void => {
        this.#report(call, error);
        reject(error);
      };
      const onBody = (body: Buffer): void => {
        const outcome = decodeAnswer(method, body, readOptions(outgoing.rpcId));
        if (outcome.kind === 'value') resolve(outcome.value);
        else onFail(answerFault(outcome));
      };
      this.#dialer.start(call, outgoing, new WholeAnswer({ onBody, onFail }));
    });
  }

  #callStream(call: UpstreamCall, request: OperationRequest): AsyncIterable<StreamResponse> {
    const outgoing = outgoingCall(call, request, this.#bounds.upstreamIdleMs);
    return new AgentStream({
      read: readOptions(outgoing.rpcId),
      eventBytesMax: this.#bounds.upstreamEventBytesMax,
      start: (reader) => this.#dialer.start(call, outgoing, reader),
      linger: (run) => this.#options.clock.after(limits.upstreamLingerMs, run),
      onFail: (error) => this.#report(call, error),
    });
  }

  #report(call: UpstreamCall, error: PlatformError): void {
    if (error.code !== 'request.canceled') this.#options.onFault(call, error);
  }
}

/** The id is the task's: unguessable, so that nothing but an answer to this very request is taken for one. */
function outgoingCall(call: UpstreamCall, request: OperationRequest, silenceMs: number): OutgoingCall {
  return { body: encodeCall(call.taskId, request), rpcId: call.taskId, silenceMs };
}

function tagOf({ instance: { routingTag } }: UpstreamCall): { readonly routingTag?: string } {
  return routingTag === null ? {} : { routingTag };
}

function readOptions(id: string): ReadOptions {
  return { id, depthMax: limits.jsonDepthMax, limits: answerDecodeLimits };
}
