import { isTerminal } from '../model/index.ts';
import type { StreamResponse, Task, TaskArtifactUpdateEvent, TaskStatus } from '../model/index.ts';
import { metadataOf } from './encode-message.ts';
import { wireArtifactOf, wireStatusOf } from './encode-task.ts';

/**
 * Tells one stream in the events of A2A 0.1, under the id that the caller chose. It keeps the place of each artifact, which this wire
 * counts, so a stream has an encoder of its own.
 */
export class StreamEncoder {
  readonly #id: string;
  readonly #places = new Map<string, number>();

  constructor(id: string) {
    this.#id = id;
  }

  /** The results that tell one event, as JSON texts in order: one, but for a task, whose artifacts come before its status. */
  encode(response: StreamResponse): readonly string[] {
    if (response.task !== undefined) return this.#tell(response.task);
    if (response.message !== undefined) {
      return [this.#status({ state: 'TASK_STATE_COMPLETED', message: response.message }, undefined)];
    }
    if (response.statusUpdate !== undefined) {
      return [this.#status(response.statusUpdate.status, response.statusUpdate.metadata)];
    }
    return [this.#artifact(response.artifactUpdate)];
  }

  /** A stream of this wire has no whole tasks. The event that may end it comes last. */
  #tell({ status, artifacts = [], metadata }: Task): readonly string[] {
    const told = artifacts.map((artifact) => this.#artifact({ artifact }));
    return [...told, this.#status(status, metadata)];
  }

  #status(status: TaskStatus, metadata: Task['metadata']): string {
    // Callers read to the final event, and a task that asks for input says nothing more in this stream.
    const final = isTerminal(status.state) || status.state === 'TASK_STATE_INPUT_REQUIRED';
    return JSON.stringify({ id: this.#id, status: wireStatusOf(status), final, ...metadataOf(metadata) });
  }

  #artifact(update: Pick<TaskArtifactUpdateEvent, 'artifact' | 'append' | 'lastChunk' | 'metadata'>): string {
    const { artifact, append, lastChunk, metadata } = update;
    const index = this.#places.get(artifact.artifactId) ?? this.#places.size;
    this.#places.set(artifact.artifactId, index);
    const flags = { ...(append === undefined ? {} : { append }), ...(lastChunk === undefined ? {} : { lastChunk }) };
    const told = { ...wireArtifactOf(artifact, index), ...flags };
    return JSON.stringify({ id: this.#id, artifact: told, ...metadataOf(metadata) });
  }
}
