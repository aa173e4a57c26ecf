import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { BodyRoom, logRequest, statusOf } from '../http/index.ts';
import type { HttpMetrics, Log } from '../http/index.ts';
import type { GrpcRequestContext } from './grpc-request-context.ts';

export interface OpenGrpcRequestsPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: HttpMetrics;
  /** Calls admitted at once, streams aside. */
  readonly inFlightMax: number;
}

const abandonedStatus = 499;

/** The calls of this process that are under way. Each is counted, measured and logged once, when it is over. */
export class OpenGrpcRequests {
  readonly #ports: OpenGrpcRequestsPorts;
  readonly #messages = new BodyRoom();
  #inFlight = 0;

  constructor(ports: OpenGrpcRequestsPorts) {
    this.#ports = ports;
  }

  /** Throws `platform.overloaded` when too many calls are under way. */
  begin(context: GrpcRequestContext): void {
    if (this.#inFlight >= this.#ports.inFlightMax) throw new PlatformError('platform.overloaded');
    context.isInFlight = true;
    this.#inFlight += 1;
  }

  /** Makes room for the message of a call; its length is known when it is there. Throws `platform.overloaded`. */
  admitMessage(context: GrpcRequestContext, bytes: number): void {
    if (context.caller !== null) context.messageBytes = this.#messages.take(context.caller.tenant.id, bytes);
  }

  /** An open stream has a bound of its own and counts no longer as a call under way. */
  becomeStream(context: GrpcRequestContext): void {
    if (context.isInFlight) this.#inFlight -= 1;
    context.isInFlight = false;
    if (context.caller !== null) this.#messages.giveBack(context.caller.tenant.id, context.messageBytes);
    context.messageBytes = 0;
  }

  /** The call is over: its status was sent, or its client has gone. Statuses are measured as those of HTTP. */
  end(context: GrpcRequestContext, isAnswered: boolean): void {
    this.becomeStream(context);
    context.caller?.held?.release();
    if (!isAnswered) context.abort();
    const { clock, log, metrics } = this.#ports;
    const { surface, operation } = context.endpoint;
    const answered = context.failure === null ? 200 : statusOf(context.failure);
    const status = isAnswered ? answered : abandonedStatus;
    const durationMs = clock.monotonicMs() - context.startedAtMs;
    metrics.meterOf(surface, operation).record(status, durationMs / 1000);
    if (context.failure !== null) metrics.countError(context.failure.code, surface);
    logRequest(log, context, { status, durationMs });
  }
}
