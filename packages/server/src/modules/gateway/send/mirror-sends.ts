import type { Clock } from '../../../kernel/clock.ts';
import type { IdSource } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { AgentInstance, Route } from '../../routing/index.ts';
import type { Upstream, UpstreamMessage } from '../run/upstream.ts';

/** In the metadata of a copy: its receiver may spare itself effects on the world. */
export const mirrorUri = 'urn:colloquy:extension:mirror:v1';

export interface MirrorPorts {
  readonly upstream: Pick<Upstream, 'send'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** A send as it is copied. */
export interface MirroredSend {
  readonly route: Route;
  /** The shadow. */
  readonly instance: AgentInstance;
  readonly subject: string;
  readonly requestId: string;
  readonly message: UpstreamMessage;
}

/**
 * Sends copies to shadow versions beside the sends. Nothing is recorded, answered or charged, and no more than `limits.mirrorsInFlightMax`
 * are under way: what does not fit is not copied. A copy is under an id that no task has, so nothing can be delegated from it.
 */
export class MirrorSends {
  readonly #ports: MirrorPorts;
  #underWay = 0;

  constructor(ports: MirrorPorts) {
    this.#ports = ports;
  }

  /** Copies that are under way. */
  get count(): number {
    return this.#underWay;
  }

  /** Copies a send, if there is room. Never throws, and nobody waits for it. */
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
      // Whatever became of it is nobody's answer.
    } finally {
      cancelTimer();
    }
  }
}
