import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { workFor } from './behaviour.ts';
import type { AgentName } from './behaviour.ts';

type Listener = (update: object) => void;

const artifactId = 'result';

/** One task at an agent. Works by itself from its creation on, whether or not a client listens. */
export class AgentTask {
  readonly id = randomUUID();
  readonly contextId: string;
  /** Resolves when the work is done. */
  readonly finished: Promise<void>;
  readonly #said: string[] = [];
  readonly #listeners = new Set<Listener>();
  #done = false;

  constructor(agent: AgentName, messageId: string, contextId: string | undefined) {
    this.contextId = contextId ?? randomUUID();
    this.finished = this.#work(agent, messageId);
  }

  get isDone(): boolean {
    return this.#done;
  }

  /** The task as it stands (A2A 1.0 `Task`). */
  snapshot(): object {
    const artifacts = [{ artifactId, parts: this.#said.map((text) => ({ text })) }];
    return {
      id: this.id,
      contextId: this.contextId,
      status: this.#status(),
      ...(this.#said.length === 0 ? {} : { artifacts }),
    };
  }

  /** Calls `listener` with each later update (A2A 1.0 `StreamResponse`); the result ends that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #work(agent: AgentName, messageId: string): Promise<void> {
    const { pieces, pauseMs } = workFor(agent, messageId);
    for (const [index, text] of pieces.entries()) {
      await wait(pauseMs);
      this.#said.push(text);
      const artifact = { artifactId, parts: [{ text }] };
      const flags = { append: index > 0, lastChunk: index === pieces.length - 1 };
      this.#tell({ artifactUpdate: { taskId: this.id, contextId: this.contextId, artifact, ...flags } });
    }
    this.#done = true;
    this.#tell({ statusUpdate: { taskId: this.id, contextId: this.contextId, status: this.#status() } });
  }

  #status(): object {
    const state = this.#done ? 'TASK_STATE_COMPLETED' : 'TASK_STATE_WORKING';
    return { state, timestamp: new Date().toISOString() };
  }

  #tell(update: object): void {
    for (const listener of this.#listeners) listener(update);
  }
}
