import type { Clock } from '../../../kernel/clock.ts';
import { asPlatformError } from '../../../kernel/errors.ts';
import type { BreakerBoard, BreakerSubject, CallOutcome, InstanceObservations } from '../../routing/index.ts';
import { requestedPauseMs, verdictOf } from './call-verdict.ts';
import type { CallVerdict } from './call-verdict.ts';
import type { UpstreamCall } from './upstream.ts';

export interface CallObserverPorts {
  readonly observations: InstanceObservations;
  readonly breakers: BreakerBoard;
  readonly clock: Clock;
}

const outcomes: Readonly<Record<CallVerdict, CallOutcome>> = {
  answered: 'succeeded',
  fault: 'failed',
  // The instance works; its credential is at fault.
  credential: 'succeeded',
  unjudged: 'unjudged',
};

/** Observes every exchange with an instance, for the routing decision and the circuit breakers. */
export class CallObserver {
  readonly #ports: CallObserverPorts;

  constructor(ports: CallObserverPorts) {
    this.#ports = ports;
  }

  begin(call: UpstreamCall): CallObservation {
    return new CallObservation(this.#ports, call);
  }
}

/** One exchange under way. It ends with the first `end`. */
export class CallObservation {
  readonly #ports: CallObserverPorts;
  readonly #subject: BreakerSubject;
  readonly #taskId: string;
  readonly #begunAtMs: number;
  #latencyMs: number | null = null;
  #isOver = false;

  constructor(ports: CallObserverPorts, { route, instance, taskId }: UpstreamCall) {
    this.#ports = ports;
    this.#subject = { tenantId: route.tenantId, instanceId: instance.instanceId };
    this.#taskId = taskId;
    this.#begunAtMs = ports.clock.monotonicMs();
    ports.observations.begin(instance.instanceId);
  }

  /** Whether the agent has given a valid answer. */
  get isHeard(): boolean {
    return this.#latencyMs !== null;
  }

  /** The agent gave a valid answer. */
  heard(): void {
    if (this.#latencyMs !== null) return;
    this.#latencyMs = this.#ports.clock.monotonicMs() - this.#begunAtMs;
    this.#ports.breakers.noteAnswer(this.#subject, this.#taskId);
  }

  /** The exchange is over, with its error, or null for none. */
  end(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { observations, breakers } = this.#ports;
    const verdict = error === null ? 'answered' : verdictOf(asPlatformError(error));
    observations.end(this.#subject.instanceId, outcomes[verdict], this.#latencyMs);
    if (verdict === 'fault' || verdict === 'credential') {
      breakers.noteFault(this.#subject, this.#taskId, { cause: verdict, askedMs: requestedPauseMs(error) });
    } else if (verdict === 'answered' && !this.isHeard) breakers.noteAnswer(this.#subject, this.#taskId);
  }
}
