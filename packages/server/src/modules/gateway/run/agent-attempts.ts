import type { Message } from '@colloquy/protocol';
import { asPlatformError } from '../../../kernel/errors.ts';
import type { PlatformError } from '../../../kernel/errors.ts';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import type { InstanceId, TaskId } from '../../../kernel/ids.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { limits } from '../../../kernel/limits.ts';
import { isPlain, reservedOf } from '../../prices/index.ts';
import type { TaskPrice, TaskUsage } from '../../prices/index.ts';
import { policyFor } from '../../resilience/index.ts';
import type { ResiliencePolicy } from '../../resilience/index.ts';
import { seedOf } from '../../routing/index.ts';
import type { AgentInstance, InstanceChooser, Route, RouteCache } from '../../routing/index.ts';
import type { TaskMove, TaskMover } from '../../tasks/index.ts';
import { assertCardDemands } from '../send/card-demands.ts';
import { hasSlots, isIdempotent, skillIdOf } from '../send/route-rules.ts';
import { nothingUsed, priceFor } from '../send/task-prices.ts';
import type { TaskPricing } from '../send/task-prices.ts';
import type { RetryBudget } from './retry-budget.ts';
import { TaskMeter } from './task-meter.ts';
import type { TaskRun } from './task-run.ts';
import type { Draft } from './translate-answer.ts';
import type { UpstreamCall, UpstreamMessage } from './upstream.ts';

/** What it takes to ask another instance or another agent. */
export interface AgentAttemptsPorts {
  readonly routes: Pick<RouteCache, 'resolve'>;
  readonly instances: InstanceChooser;
  readonly budget: RetryBudget;
  readonly mover: TaskMover;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  readonly reportMalformedUsage: (taskId: TaskId) => void;
  /** A task freed concurrency slots of this agent. */
  readonly onSlotsFree: (route: Route) => void;
}

/** Failures before the message can have reached the agent. */
const unsent: ReadonlySet<ErrorCode> = new Set([
  'upstream.unreachable',
  'upstream.circuit-open',
  'routing.no-instance',
  'upstream.saturated',
  'upstream.queue-too-old',
]);
/** Failures after which it is unknown whether the agent has the message, so only an idempotent skill gets it again. */
const unknown: ReadonlySet<ErrorCode> = new Set(['upstream.outcome-unknown', 'upstream.timeout']);
/** Failures of the platform itself, and cancels: another instance would fare no better. */
const final: ReadonlySet<ErrorCode> = new Set([
  'request.canceled',
  'internal.unexpected',
  'secret.unreadable',
  'platform.unavailable',
]);

/**
 * The attempts of a task at agents: which instance of which agent does the work, and which one is asked next after a failure. Each choice is
 * written to the database before the call.
 *
 * Owns where the work is done (`call`), the position in the fallback list, the number of attempts, and the failure that is held back while a
 * fallback agent may still do the work. The state of the task is the run's.
 */
export class AgentAttempts {
  readonly #ports: AgentAttemptsPorts;
  readonly #run: TaskRun;
  /** The agent that the task was sent to. Its policy applies whichever agent does the work. */
  readonly #origin: Route;
  readonly #message: UpstreamMessage | null;
  readonly skillId: string | null;
  /** The first message of the task, which is priced. Later messages cost nothing. */
  readonly #first: Message | null;
  readonly #pricing: TaskPricing | null;
  readonly policy: ResiliencePolicy;
  readonly #tried = new Set<InstanceId>();
  /** Position in the fallback list; 0: the agent itself. */
  #fallbackPosition: number;
  /** Attempts so far; null until they are counted. */
  #number: number | null;
  #call: UpstreamCall;
  #refusal: PlatformError | null;
  #heldBack: readonly Draft[] = [];

  constructor(
    ports: AgentAttemptsPorts,
    run: TaskRun,
    { call, origin, message, first, isNew, pricing = null, refusal = null }: AgentAttemptsStart,
  ) {
    this.#refusal = refusal;
    this.#ports = ports;
    this.#run = run;
    this.#call = call;
    this.#origin = origin;
    this.#message = message;
    this.skillId = message === null ? null : skillIdOf(message.message);
    this.#first = first ?? message?.message ?? null;
    this.#pricing = pricing;
    this.policy = policyFor(origin.resilience, this.skillId);
    this.#fallbackPosition = origin === call.route ? 0 : this.policy.fallback.indexOf(call.route.agentName) + 1;
    this.#number = isNew ? 1 : null;
    // Without prices of its own the task costs what was reserved for it. One with fallback agents was recorded by an earlier version.
    if (pricing !== null || this.policy.fallback.length > 0) this.#priceBy(call.route, pricing?.before ?? nothingUsed);
    if (isNew) ports.budget.earn(call.route.agentId);
  }

  /** Why the agent is not asked, as it was known when the task was recorded; once, then null. */
  takeRefusal(): PlatformError | null {
    const refusal = this.#refusal;
    this.#refusal = null;
    return refusal;
  }

  /** Holds back the failure that an agent reports, when a fallback agent may still do the work. False: it goes into the log. */
  readonly holdBack = (drafts: readonly Draft[]): boolean => {
    if (!this.#hasNext()) return false;
    this.#heldBack = drafts;
    return true;
  };

  /** The failure that was held back; once, then empty. */
  takeHeldBack(): readonly Draft[] {
    const drafts = this.#heldBack;
    this.#heldBack = [];
    return drafts;
  }

  /** The instance that does the work now. */
  get call(): UpstreamCall {
    return this.#call;
  }

  /** Whether the agent may receive the same message twice. */
  get isIdempotent(): boolean {
    return isIdempotent(this.#call.route, this.skillId);
  }

  /** Spends a retry to ask the same instance again. False when the retry budget is used up. */
  mayRepeat(): boolean {
    return this.#ports.budget.spend(this.#call.route.agentId);
  }

  /** After a failure, moves the task to another instance or to a fallback agent: from then on `call` is there. Null when there is none. */
  async next(error: unknown): Promise<UpstreamMessage | null> {
    const failure = asPlatformError(error);
    if (this.#message === null || final.has(failure.code) || !this.#mayBeginAnew()) return null;
    this.#tried.add(this.#call.instance.instanceId);
    const other = (await this.#another(failure)) ?? (await this.#fallback(failure));
    if (other === null) return null;
    if (!(await this.#isMovedTo(other, failure))) return null;
    this.#heldBack = [];
    return messageTo(other, this.#message);
  }

  /** Another instance that may be asked in parallel to a silent one. Null for none. */
  chooseHedge(): UpstreamCall | null {
    if (!this.isIdempotent || this.#message === null || !this.#mayBeginAnew()) return null;
    this.#tried.add(this.#call.instance.instanceId);
    const { route } = this.#call;
    // Two instances working on one task would take two concurrency slots.
    const instance = route.slotsMax === null ? this.#choose(route) : null;
    return instance === null ? null : { ...this.#call, instance };
  }

  /** Spends a retry and records the hedge. False when the instance must not be asked. */
  async writeHedge({ route, instance }: UpstreamCall): Promise<boolean> {
    if (!this.#ports.budget.spend(route.agentId)) return false;
    if (!(await this.#write({ kind: 'hedge', route, instance }, { cause: null, isMove: false }))) return false;
    this.#tried.add(instance.instanceId);
    return true;
  }

  /** Moves the task to the hedge, which answered first. False when the lease is lost. */
  async adopt(call: UpstreamCall): Promise<boolean> {
    return this.#move({ kind: 'hedge', route: call.route, instance: call.instance }, null);
  }

  /** Results of one agent stay in the task, so another one begins anew only where the policy says so. */
  #mayBeginAnew(): boolean {
    const { isOver, task, hasArtifacts, signal, isCanceledUnnamed } = this.#run;
    if (isOver || isCanceledUnnamed || signal.aborted) return false;
    if (this.policy.partialResults === 'go-on') return true;
    return !hasArtifacts && task.status.message?.role !== 'ROLE_AGENT';
  }

  #hasNext(): boolean {
    const { fallback, fallbackOn } = this.policy;
    if (this.#message === null || this.#fallbackPosition >= fallback.length) return false;
    return fallbackOn.includes('failed') && this.#mayBeginAnew();
  }

  async #another(failure: PlatformError): Promise<Other | null> {
    const { route } = this.#call;
    if (!unsent.has(failure.code) && !(this.isIdempotent && isFaultOfInstance(failure))) return null;
    const current = await this.#resolve(route.agentName);
    if (current === null || current.agentId !== route.agentId || this.#isWithoutSlot(current)) return null;
    const instance = this.#choose(current);
    if (instance === null || !this.#ports.budget.spend(route.agentId)) return null;
    return { kind: 'retry', route: current, instance };
  }

  /** The task was recorded without a slot, for the fallback agents alone. */
  #isWithoutSlot(route: Route): boolean {
    return this.#run.queueing?.holdsSlots === false && hasSlots(route);
  }

  async #fallback(failure: PlatformError): Promise<Other | null> {
    const { fallback, fallbackOn } = this.policy;
    if (!fallbackOn.includes(unsent.has(failure.code) ? 'unavailable' : 'failed')) return null;
    if (unknown.has(failure.code) && !this.isIdempotent) return null;
    while (this.#fallbackPosition < fallback.length) {
      const route = await this.#resolve(fallback[this.#fallbackPosition] ?? '');
      this.#fallbackPosition += 1;
      if (route === null || !this.#suits(route)) continue;
      const instance = this.#choose(route);
      if (instance !== null) return { kind: 'fallback', route, instance };
    }
    return null;
  }

  /**
   * A fallback agent must not wait for this very task further up its delegation chain, and its card must allow the message. An agent with a
   * concurrency limit only takes work from its own queue.
   */
  #suits(route: Route): boolean {
    if (hasSlots(route)) return false;
    if (this.#call.chain?.ancestors.includes(route.agentName) === true || this.#message === null) return false;
    const { message, extensions = [] } = this.#message;
    try {
      assertCardDemands(route, { request: { message }, options: { extensions } });
      return true;
    } catch {
      return false;
    }
  }

  #choose(route: Route): AgentInstance | null {
    const { taskId } = this.#call;
    try {
      const preference = { taskId, skillId: this.skillId, seed: seedOf(taskId), stickyTo: null, tried: this.#tried };
      const { instance } = this.#ports.instances.decide(route, preference);
      // An instance with a concurrency limit only takes work from the queue, to which the task returns.
      return instance.slotsMax === null ? instance : null;
    } catch {
      return null;
    }
  }

  async #resolve(agentName: string): Promise<Route | null> {
    try {
      return await this.#ports.routes.resolve(this.#origin.tenantId, agentName);
    } catch {
      return null;
    }
  }

  /** While the database is unavailable the task is not moved, and the failure stands. */
  async #isMovedTo(other: Other, failure: PlatformError): Promise<boolean> {
    try {
      return await this.#move(other, failure);
    } catch (error) {
      if (asPlatformError(error).kind === 'unavailable') return false;
      throw error;
    }
  }

  async #move(other: Other, failure: PlatformError | null): Promise<boolean> {
    await this.#run.settleWrites();
    if (!(await this.#write(other, { cause: failure?.code ?? null, isMove: true }))) return false;
    this.#run.forgetUpstreamTask();
    this.#call = { ...this.#call, route: other.route, instance: other.instance };
    if (other.kind === 'fallback') this.#priceBy(other.route, nothingUsed);
    return true;
  }

  async #write(
    { kind, route, instance }: Other,
    { cause, isMove }: Pick<TaskMove, 'cause' | 'isMove'>,
  ): Promise<boolean> {
    const { lease } = this.#run;
    this.#number ??= await this.#ports.mover.countAttempts(lease.tenantId, lease.taskId);
    const isAsked = kind === 'hedge' && isMove;
    if (this.#number > limits.agentAttemptsMax && !isAsked) return false;
    if (!isAsked) this.#number += 1;
    const { agentId, agentName } = route;
    const place = { agentId, agentName, instanceId: instance.instanceId };
    const leavesSlots = isMove && this.#run.queueing?.holdsSlots === true && hasSlots(this.#origin);
    const move = { lease, ...place, kind, cause, isMove, number: this.#number };
    const outcome = await this.#ports.mover.move(leavesSlots ? { ...move, leavesSlots } : move);
    if (outcome === 'stale') this.#run.abandon();
    else if (leavesSlots) this.#ports.onSlotsFree(this.#origin);
    return outcome === 'written';
  }

  /** What a send of the message to the agent itself reserves; a cache hit costs a part of it. */
  expectedMicrocredits(message: Message): bigint {
    const recorded = this.#pricing?.prices.get(this.#origin.agentName);
    return reservedOf(recorded ?? priceFor(this.#origin, message, this.#ports.clock.nowMs()));
  }

  #priceBy(route: Route, before: TaskUsage): void {
    const price = this.#priceOf(route);
    if (price === null) return;
    if (isPlain(price.price)) return this.#run.settle(reservedOf(price));
    const { clock, reportMalformedUsage } = this.#ports;
    const ports = { clock, reportMalformedUsage: () => reportMalformedUsage(this.#call.taskId) };
    this.#run.settle(new TaskMeter(price, before, ports));
  }

  /** As it was recorded. An agent that became a fallback agent since has its price of today. */
  #priceOf(route: Route): TaskPrice | null {
    const recorded = this.#pricing?.prices.get(route.agentName);
    if (recorded !== undefined) return recorded;
    return this.#first === null ? null : priceFor(route, this.#first, this.#ports.clock.nowMs());
  }
}

export interface AgentAttemptsStart {
  readonly call: UpstreamCall;
  readonly origin: Route;
  /** The message for another instance or agent; null when no other may be asked. */
  readonly message: UpstreamMessage | null;
  /** The first message of the task. */
  readonly first: Message | undefined;
  /** No run has worked on the task before. */
  readonly isNew: boolean;
  /** Null: the task was recorded without prices of its own. */
  readonly pricing?: TaskPricing | null;
  /** Why the agent is not asked. */
  readonly refusal?: PlatformError | null;
}

interface Other {
  /** `hedge`: one that was asked in parallel and answered first. */
  readonly kind: TaskMove['kind'];
  readonly route: Route;
  readonly instance: AgentInstance;
}

/** A refusal of the request, and an invalid answer, would be the same at every instance. */
function isFaultOfInstance({ code, details }: PlatformError): boolean {
  if (unknown.has(code) || unsent.has(code)) return true;
  return code === 'upstream.refused' && serverErrors.test(details['agentError'] ?? '');
}

const serverErrors = /^(HTTP_5(?!01)\d\d|HTTP_429|InternalError|INTERNAL|INTERNAL_ERROR|UNAVAILABLE)$/;

/** A fallback agent does not know the tasks that the message refers to. */
function messageTo({ kind }: Other, said: UpstreamMessage): UpstreamMessage {
  const { taskId: _former, referenceTaskIds, ...message } = said.message;
  const references = kind === 'fallback' || referenceTaskIds === undefined ? {} : { referenceTaskIds };
  return { ...said, message: { ...message, ...references } };
}
