import type { SendMessageResponse, StreamResponse, Task } from '@colloquy/protocol';
import type { ReadOptions, UnaryResults } from '@colloquy/protocol/codec';
import type { Clock } from '../../kernel/clock.ts';
import { asPlatformError } from '../../kernel/errors.ts';
import type { FairQueue } from '../../kernel/fair-queue.ts';
import type { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { Upstream, UpstreamCall, UpstreamMessage } from '../../modules/gateway/index.ts';
import type { AgentDialer, OutgoingCall } from './agent-dialer.ts';
import { AgentStream } from './agent-stream.ts';
import type { AgentAnswer, AgentRequest, AgentUnary, HttpWire } from './http-wire.ts';
import { answerDecodeLimits } from './upstream-bounds.ts';
import type { UpstreamBounds } from './upstream-bounds.ts';
import { answerFault } from './upstream-faults.ts';
import { WholeAnswer } from './whole-answer.ts';

export interface HttpUpstreamOptions {
  readonly wire: HttpWire;
  readonly dialer: AgentDialer;
  readonly clock: Clock;
  readonly bounds: UpstreamBounds;
  /** Where streams with a lot to decode wait for their turn. */
  readonly longWork: FairQueue;
  /** Told of every failed call, an aborted one included. */
  readonly report: (call: UpstreamCall, error: PlatformError) => void;
}

/** Where a call differs from others. */
type OutgoingOptions = Partial<Pick<OutgoingCall, 'silenceMs' | 'extensions'>>;

/** Calls agents by one wire over HTTP. */
export class HttpUpstream implements Upstream {
  readonly #options: HttpUpstreamOptions;

  constructor(options: HttpUpstreamOptions) {
    this.#options = options;
  }

  send(call: UpstreamCall, { extensions, ...message }: UpstreamMessage): Promise<SendMessageResponse> {
    const asked = { operation: 'SendMessage', request: { ...message, ...tagOf(call) } } as const;
    // The agent answers when its work is done, so its silence is bounded by the task's own time.
    return this.#callOnce(
      'SendMessage',
      call,
      this.#outgoing(call, asked, {
        silenceMs: call.route.taskMsMax,
        ...(extensions === undefined ? {} : { extensions }),
      }),
    );
  }

  getTask(call: UpstreamCall, upstreamTaskId: string): Promise<Task> {
    const asked = { operation: 'GetTask', request: { id: upstreamTaskId, ...tagOf(call) } } as const;
    return this.#callOnce('GetTask', call, this.#outgoing(call, asked));
  }

  cancelTask(call: UpstreamCall, upstreamTaskId: string): Promise<Task> {
    const asked = { operation: 'CancelTask', request: { id: upstreamTaskId, ...tagOf(call) } } as const;
    return this.#callOnce('CancelTask', call, this.#outgoing(call, asked));
  }

  stream(call: UpstreamCall, { extensions, ...message }: UpstreamMessage): AsyncIterable<StreamResponse> {
    const asked = { operation: 'SendStreamingMessage', request: { ...message, ...tagOf(call) } } as const;
    return this.#callStream(call, asked, extensions === undefined ? {} : { extensions });
  }

  subscribe(call: UpstreamCall, upstreamTaskId: string): AsyncIterable<StreamResponse> {
    return this.#callStream(call, { operation: 'SubscribeToTask', request: { id: upstreamTaskId, ...tagOf(call) } });
  }

  #outgoing(call: UpstreamCall, asked: AgentRequest, over: OutgoingOptions = {}): OutgoingCall {
    const { wire, bounds } = this.#options;
    const { silenceMs = bounds.upstreamIdleMs, extensions = [] } = over;
    return { wire, request: wire.encode(call.taskId, asked), read: readOptions(call.taskId), silenceMs, extensions };
  }

  #callOnce<K extends AgentUnary>(operation: K, call: UpstreamCall, outgoing: OutgoingCall): Promise<UnaryResults[K]> {
    const { wire, dialer, report } = this.#options;
    return new Promise((resolve, reject) => {
      const onFail = (error: PlatformError): void => {
        report(call, error);
        reject(error);
      };
      const onAnswer = (answer: AgentAnswer): void => {
        try {
          const outcome = wire.decodeAnswer(operation, answer, outgoing.read);
          if (outcome.kind === 'value') resolve(outcome.value);
          else onFail(answerFault(outcome));
        } catch (error) {
          onFail(asPlatformError(error));
        }
      };
      dialer.start(call, outgoing, new WholeAnswer({ onAnswer, onFail }));
    });
  }

  #callStream(call: UpstreamCall, asked: AgentRequest, over?: OutgoingOptions): AsyncIterable<StreamResponse> {
    const { wire, dialer, clock, bounds, longWork, report } = this.#options;
    const outgoing = this.#outgoing(call, asked, over);
    return new AgentStream({
      framesOf: (headers) => wire.framesOf(headers, outgoing.read, bounds.upstreamEventBytesMax),
      start: (reader) => dialer.start(call, outgoing, reader),
      linger: (run) => clock.after(limits.upstreamLingerMs, run),
      onFail: (error) => report(call, error),
      decodeLater: (work, isNeedless) => longWork.run(call.route.tenantId, work, isNeedless),
    });
  }
}

function tagOf({ instance: { routingTag } }: UpstreamCall): { readonly routingTag?: string } {
  return routingTag === null ? {} : { routingTag };
}

function readOptions(id: string): ReadOptions {
  return { id, depthMax: limits.jsonDepthMax, limits: answerDecodeLimits };
}
