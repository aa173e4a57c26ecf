import type { Clock } from '../../../kernel/clock.ts';
import type { IdSource } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { AgentInstance, Route } from '../../routing/index.ts';
import type { Upstream, UpstreamMessage } from '../run/upstream.ts';

/** Marks the copy in its metadata, so that its receiver can skip side effects. */
export const mirrorUri = 'urn:colloquy:extension:mirror:v1';

export interface MirrorPorts {
  readonly upstream: Pick<Upstream, 'send'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** A send to copy. */
export interface MirroredSend {
  readonly route: Route;
  /** The shadow instance that receives the copy. */
  readonly instance: AgentInstance;
  readonly subject: string;
  readonly requestId: string;
  readonly message: UpstreamMessage;
}

/**
 * Sends copies of sends to shadow versions. Nothing about a copy is recorded, answered or charged, and at most `limits.mirrorsInFlightMax` are
 * under way: further sends are not copied. A copy has a task id that no task has, so nothing can be delegated from it.
 */
export class MirrorSends {
  readonly #ports: MirrorPorts;
  #underWay = 0;

  constructor(ports: MirrorPorts) {
    this.#ports = ports;
  }

  /** How many copies are under way. */
  get count(): number {
    return this.#underWay;
  }

  /** Copies a send unless too many copies are under way. Never throws, and does not wait for the agent. */
  copy(send: MirroredSend): void {
    if (this.#underWay >= limits.mirrorsInFlightMax) return;
    this.#underWay += 1;
    void this.#send(send).finally(() => (this.#underWay -= 1));
  }

  async #send({ message, ...call }: MirroredSend): Promise<void> {
    const { upstream, clock, ids } = this.#ports;
    const aborter = new AbortController();
    const cancelTimer = clock.after(limits.mirrorMs, () => aborter.abort());
    const marked = { ...message.message, metadata: { ...message.message.metadata, [mirrorUri]: true } };
    try {
      const mirrored = { ...call, taskId: ids.next('tsk'), signal: aborter.signal };
      await upstream.send(mirrored, { ...message, message: marked });
    } catch {
      // The outcome of a copy does not matter.
    } finally {
      cancelTimer();
    }
  }
}
