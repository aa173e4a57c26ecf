import type { Message } from '@colloquy/protocol';
import { asPlatformError } from '../../../kernel/errors.ts';
import type { PlatformError } from '../../../kernel/errors.ts';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import type { InstanceId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { policyFor } from '../../resilience/index.ts';
import type { ResiliencePolicy } from '../../resilience/index.ts';
import { seedOf } from '../../routing/index.ts';
import type { AgentInstance, InstanceChooser, Route, RouteCache } from '../../routing/index.ts';
import type { TaskMove, TaskMover } from '../../tasks/index.ts';
import { assertCardDemands } from '../send/card-demands.ts';
import { hasSlots } from '../send/has-slots.ts';
import { priceOf } from '../send/price-of.ts';
import { skillIdOf } from '../send/skill-id-of.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { TaskRun } from './task-run.ts';
import type { Draft } from './translate-answer.ts';
import type { UpstreamCall, UpstreamMessage } from './upstream.ts';

/** What it takes to ask somebody else. */
export interface AgentAttemptsPorts {
  readonly routes: Pick<RouteCache, 'resolve'>;
  readonly instances: InstanceChooser;
  readonly budget: RetryBudget;
  readonly mover: TaskMover;
  /** A task that held slots of this agent left some of them. */
  readonly onSlotsFree: (route: Route) => void;
}

/** Nothing of the turn can have reached the agent. */
const unsent: ReadonlySet<ErrorCode> = new Set([
  'upstream.unreachable',
  'upstream.circuit-open',
  'routing.no-instance',
  'upstream.saturated',
  'upstream.queue-too-old',
]);
/** What became of the turn is not known, so only an idempotent skill hears it again. */
const unknown: ReadonlySet<ErrorCode> = new Set(['upstream.outcome-unknown', 'upstream.timeout']);
/** The platform's own doing, or somebody's wish: nobody else does better. */
const final: ReadonlySet<ErrorCode> = new Set([
  'request.canceled',
  'internal.unexpected',
  'secret.unreadable',
  'platform.unavailable',
]);

/** Who works on a task, and who is asked when it fails. What is decided here is written before anybody is called. */
export class AgentAttempts {
  readonly #ports: AgentAttemptsPorts;
  readonly #run: TaskRun;
  /** The agent that the task was sent to, whose policy holds whoever does the work. */
  readonly #origin: Route;
  readonly #message: UpstreamMessage | null;
  readonly skillId: string | null;
  /** Of the words that began the task: later ones need not name it again, and cost nothing. */
  readonly #pricedSkillId: string | null;
  readonly policy: ResiliencePolicy;
  readonly #tried = new Set<InstanceId>();
  /** How far down the chain the work has gone; 0: the agent itself. */
  #link: number;
  #number: number | null;
  #call: UpstreamCall;
  #refusal: PlatformError | null;
  #heldBack: readonly Draft[] = [];

  constructor(
    ports: AgentAttemptsPorts,
    run: TaskRun,
    { call, origin, message, first, isNew, refusal = null }: AgentAttemptsStart,
  ) {
    this.#refusal = refusal;
    this.#ports = ports;
    this.#run = run;
    this.#call = call;
    this.#origin = origin;
    this.#message = message;
    this.skillId = message === null ? null : skillIdOf(message.message);
    this.#pricedSkillId = first === undefined ? this.skillId : skillIdOf(first);
    this.policy = policyFor(origin.resilience, this.skillId);
    this.#link = origin === call.route ? 0 : this.policy.fallback.indexOf(call.route.agentName) + 1;
    this.#number = isNew ? 1 : null;
    // What was set aside may be for a chain that is no more, so what is gone on with is priced again.
    if (!isNew || this.policy.fallback.length > 0) run.priceMicrocredits = this.#price(call.route);
    if (isNew) ports.budget.earn(call.route.agentId);
  }

  /** The agent was known to take nothing when the task was recorded, so it is not even asked. */
  takeRefusal(): PlatformError | null {
    const refusal = this.#refusal;
    this.#refusal = null;
    return refusal;
  }

  /** Whether the end of a task that its agent tells is kept from the log, because the next of the chain may do it. */
  readonly holdBack = (drafts: readonly Draft[]): boolean => {
    if (!this.#hasNext()) return false;
    this.#heldBack = drafts;
    return true;
  };

  /** What was held back, once. */
  takeHeldBack(): readonly Draft[] {
    const drafts = this.#heldBack;
    this.#heldBack = [];
    return drafts;
  }

  /** Where the work is done now. */
  get call(): UpstreamCall {
    return this.#call;
  }

  /** Whether the agent may hear the same message twice. */
  get isIdempotent(): boolean {
    return isIdempotent(this.#call.route, this.skillId);
  }

  /** Whether the agent may be asked once more where it is, which counts as a retry. */
  mayRepeat(): boolean {
    return this.#ports.budget.spend(this.#call.route.agentId);
  }

  /** Finds somebody else to do the work after a failure, and writes it. Null when nobody may; what is sent from then on goes to `call`. */
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

  /** Another instance that may be asked beside the one that is silent. Null for none. */
  chooseHedge(): UpstreamCall | null {
    if (!this.isIdempotent || this.#message === null || !this.#mayBeginAnew()) return null;
    this.#tried.add(this.#call.instance.instanceId);
    const { route } = this.#call;
    // Two that work on one task would take two slots.
    const instance = route.slotsMax === null ? this.#choose(route) : null;
    return instance === null ? null : { ...this.#call, instance };
  }

  /** Counts it as a retry, and writes it as a hedge. False when it must not be asked. */
  async writeHedge({ route, instance }: UpstreamCall): Promise<boolean> {
    if (!this.#ports.budget.spend(route.agentId)) return false;
    if (!(await this.#write({ kind: 'hedge', route, instance }, { cause: null, isMove: false }))) return false;
    this.#tried.add(instance.instanceId);
    return true;
  }

  /** The hedge was first: it does the work from now on. False when the task is another attempt's. */
  async adopt(call: UpstreamCall): Promise<boolean> {
    return this.#move({ kind: 'hedge', route: call.route, instance: call.instance }, null);
  }

  /** What an agent said is the task's, so whoever comes next is asked only if that was wanted. */
  #mayBeginAnew(): boolean {
    const { isOver, task, aborter, isCanceledUnnamed } = this.#run;
    if (isOver || isCanceledUnnamed || aborter.signal.aborted) return false;
    if (this.policy.partialResults === 'go-on') return true;
    return (task.artifacts ?? []).length === 0 && task.status.message?.role !== 'ROLE_AGENT';
  }

  #hasNext(): boolean {
    const { fallback, fallbackOn } = this.policy;
    if (this.#message === null || this.#link >= fallback.length) return false;
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

  /** It was recorded without a slot, for the chain of its agent. */
  #isWithoutSlot(route: Route): boolean {
    return this.#run.dispatch?.holdsSlots === false && hasSlots(route);
  }

  async #fallback(failure: PlatformError): Promise<Other | null> {
    const { fallback, fallbackOn } = this.policy;
    if (!fallbackOn.includes(unsent.has(failure.code) ? 'unavailable' : 'failed')) return null;
    if (unknown.has(failure.code) && !this.isIdempotent) return null;
    while (this.#link < fallback.length) {
      const route = await this.#resolve(fallback[this.#link] ?? '');
      this.#link += 1;
      if (route === null || !this.#suits(route)) continue;
      const instance = this.#choose(route);
      if (instance !== null) return { kind: 'fallback', route, instance };
    }
    return null;
  }

  /**
   * An agent that is at work further up is not asked by what it waits for, and none is asked what its card rules out. One with slots works
   * on what came through its own queue only.
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
      const wish = { taskId, skillId: this.skillId, seed: seedOf(taskId), stickyTo: null, tried: this.#tried };
      const { instance } = this.#ports.instances.decide(route, wish);
      // Its slots are given by the queue, which the task goes back to.
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

  /** Without the database nobody else is asked, and the task comes to what it had come to. */
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
    if (other.kind === 'fallback') this.#run.priceMicrocredits = this.#price(other.route);
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
    const who = { agentId, agentName, instanceId: instance.instanceId };
    const leavesSlots = isMove && this.#run.dispatch?.holdsSlots === true && hasSlots(this.#origin);
    const move = { lease, ...who, kind, cause, isMove, number: this.#number };
    const outcome = await this.#ports.mover.move(leavesSlots ? { ...move, leavesSlots } : move);
    if (outcome === 'stale') this.#run.abandon();
    else if (leavesSlots) this.#ports.onSlotsFree(this.#origin);
    return outcome === 'written';
  }

  #price(route: Route): bigint {
    return priceOf(route, this.#pricedSkillId);
  }
}

export interface AgentAttemptsStart {
  readonly call: UpstreamCall;
  readonly origin: Route;
  /** What is said to whoever is asked instead; null when nobody can be. */
  readonly message: UpstreamMessage | null;
  /** The words that began the task. */
  readonly first: Message | undefined;
  /** Nobody has worked on the task before. */
  readonly isNew: boolean;
  /** Why the agent is not asked at all. */
  readonly refusal?: PlatformError | null;
}

interface Other {
  /** `hedge`: one that was asked already, and was first. */
  readonly kind: TaskMove['kind'];
  readonly route: Route;
  readonly instance: AgentInstance;
}

/** Whether an agent may hear the same message twice: as its skill says, or else as it does itself. */
export function isIdempotent({ skills, idempotent }: Route, skillId: string | null): boolean {
  return (skillId === null ? undefined : skills.get(skillId)?.idempotent) ?? idempotent;
}

/** An answer that refuses the request, or is none, is the same at every instance. */
function isFaultOfInstance({ code, details }: PlatformError): boolean {
  if (unknown.has(code) || unsent.has(code)) return true;
  return code === 'upstream.refused' && serverErrors.test(details['agentError'] ?? '');
}

const serverErrors = /^(HTTP_5(?!01)\d\d|HTTP_429|InternalError|INTERNAL|INTERNAL_ERROR|UNAVAILABLE)$/;

/** Other agents do not know the tasks that the first one was told of. */
function messageTo({ kind }: Other, said: UpstreamMessage): UpstreamMessage {
  const { taskId: _former, referenceTaskIds, ...message } = said.message;
  const references = kind === 'fallback' || referenceTaskIds === undefined ? {} : { referenceTaskIds };
  return { ...said, message: { ...message, ...references } };
}
