import type { Clock } from '../../kernel/clock.ts';
import type { TaskId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { UpstreamCall } from '../../modules/gateway/index.ts';
import type { SignForwardToken } from './forward-token.ts';

interface OpenToken {
  readonly taskIds: TaskId[];
  readonly signed: Promise<string>;
}

/**
 * The tokens that accompany forwards. A signature is the dearest thing that the platform computes for a send, so sends that one
 * commit let go together, of one principal to one agent, share a token that names each of their tasks: without a
 * timer, a token takes in what asks for it before the present turn of the event loop comes to sign it.
 */
export class ForwardTokens {
  readonly #sign: SignForwardToken;
  readonly #clock: Clock;
  readonly #open = new Map<string, OpenToken>();

  constructor(sign: SignForwardToken, clock: Clock) {
    this.#sign = sign;
    this.#clock = clock;
  }

  /** A compact JWT (RFC 7519) for the task of this call. It may cover other tasks of the principal that were not delegated either. */
  of(call: UpstreamCall): Promise<string> {
    const { route, instance, subject, taskId, chain } = call;
    if (chain !== undefined) return Promise.resolve(this.#signed(call, [taskId]));
    const key = `${subject} ${route.tenantId} ${instance.url}`;
    const open = this.#open.get(key);
    if (open !== undefined && open.taskIds.length < limits.forwardTokenTasksMax) {
      open.taskIds.push(taskId);
      return open.signed;
    }
    const taskIds = [taskId];
    const signed = Promise.resolve().then(() => {
      if (this.#open.get(key)?.taskIds === taskIds) this.#open.delete(key);
      return this.#signed(call, taskIds);
    });
    this.#open.set(key, { taskIds, signed });
    return signed;
  }

  #signed({ instance, subject, route, chain }: UpstreamCall, taskIds: readonly TaskId[]): string | Promise<string> {
    const nowMs = this.#clock.nowMs();
    return this.#sign({ audience: instance.url, subject, tenantSlug: route.tenantSlug, taskIds, chain, nowMs });
  }
}
