import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { BodyRoom, logVisit, statusOf } from '../http/index.ts';
import type { HttpMetrics, Log } from '../http/index.ts';
import type { GrpcVisit } from './grpc-visit.ts';

export interface GrpcVisitPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: HttpMetrics;
  /** Calls admitted at once, streams aside. */
  readonly inFlightMax: number;
}

const abandonedStatus = 499;

/** The calls of this process that are under way. Each is counted, measured and logged once, when it is over. */
export class GrpcVisits {
  readonly #ports: GrpcVisitPorts;
  readonly #messages = new BodyRoom();
  #inFlight = 0;

  constructor(ports: GrpcVisitPorts) {
    this.#ports = ports;
  }

  /** Throws `platform.overloaded` when too many calls are under way. */
  begin(visit: GrpcVisit): void {
    if (this.#inFlight >= this.#ports.inFlightMax) throw new PlatformError('platform.overloaded');
    visit.isInFlight = true;
    this.#inFlight += 1;
  }

  /** Makes room for the message of a call; its length is known when it is there. Throws `platform.overloaded`. */
  admitMessage(visit: GrpcVisit, bytes: number): void {
    if (visit.caller !== null) visit.messageBytes = this.#messages.take(visit.caller.tenant.id, bytes);
  }

  /** An open stream has a bound of its own and counts no longer as a call under way. */
  becomeStream(visit: GrpcVisit): void {
    if (visit.isInFlight) this.#inFlight -= 1;
    visit.isInFlight = false;
    if (visit.caller !== null) this.#messages.giveBack(visit.caller.tenant.id, visit.messageBytes);
    visit.messageBytes = 0;
  }

  /** The call is over: its status was sent, or nobody waits for it any more. Statuses are measured as those of HTTP. */
  end(visit: GrpcVisit, isAnswered: boolean): void {
    this.becomeStream(visit);
    if (!isAnswered) visit.abort();
    const { clock, log, metrics } = this.#ports;
    const { surface, operation } = visit.endpoint;
    const answered = visit.failure === null ? 200 : statusOf(visit.failure);
    const status = isAnswered ? answered : abandonedStatus;
    const durationMs = clock.monotonicMs() - visit.startedAtMs;
    metrics.meterOf(surface, operation).record(status, durationMs / 1000);
    if (visit.failure !== null) metrics.countError(visit.failure.code, surface);
    logVisit(log, visit, { status, durationMs });
  }
}
