import type { Clock } from '../../../kernel/clock.ts';
import { asPlatformError } from '../../../kernel/errors.ts';
import type { InstanceUses, JudgedHealth } from '../../instances/index.ts';
import type { BreakerBoard, BreakerSubject, CallOutcome, InstanceObservations } from '../../routing/index.ts';
import { requestedPauseMs, verdictOf } from './call-verdict.ts';
import type { CallVerdict } from './call-verdict.ts';
import type { UpstreamCall } from './upstream.ts';

export interface CallObserverPorts {
  readonly observations: InstanceObservations;
  readonly breakers: BreakerBoard;
  /** Keeps the health of an instance as new as the last call. */
  readonly uses: Pick<InstanceUses, 'noteAnswered' | 'noteUnreached'>;
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
  readonly #health: JudgedHealth;
  readonly #taskId: string;
  readonly #begunAtMs: number;
  #latencyMs: number | null = null;
  #isOver = false;

  constructor(ports: CallObserverPorts, { route, instance, taskId }: UpstreamCall) {
    this.#ports = ports;
    this.#subject = { tenantId: route.tenantId, instanceId: instance.instanceId };
    this.#health = instance.health;
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
    this.#noteAnswer();
  }

  /** The exchange is over, with its error, or null for none. */
  end(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { observations, breakers, uses } = this.#ports;
    const failure = error === null ? null : asPlatformError(error);
    const verdict = verdictOf(failure);
    observations.end(this.#subject.instanceId, outcomes[verdict], this.#latencyMs);
    if (verdict === 'fault' || verdict === 'credential') {
      breakers.noteFault(this.#subject, this.#taskId, { cause: verdict, askedMs: requestedPauseMs(error) });
    } else if (verdict === 'answered' && !this.isHeard) this.#noteAnswer();
    if (failure?.code === 'upstream.unreachable') uses.noteUnreached(this.#subject);
  }

  #noteAnswer(): void {
    const { breakers, uses } = this.#ports;
    breakers.noteAnswer(this.#subject, this.#taskId);
    uses.noteAnswered(this.#subject, this.#health);
  }
}
