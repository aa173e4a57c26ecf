import { applyEvents } from '@colloquy/protocol';
import type { StreamResponse, Task } from '@colloquy/protocol';

/** The task is folded without being read after this many events at least. */
const foldedAtLeast = 1_024;
/** At most so many events that may replace an artifact are kept unfolded. */
const replacingMax = 64;

/**
 * A task and the events since, folded into it when it is read. Each fold copies the lists that grew, so folding at every write would cost
 * quadratic time and fill the heap with copies. Unread, events are folded only when as many have come as were folded before, so each is copied a
 * few times at most. Events that may replace an artifact are folded sooner, so that the replaced one is not kept for long.
 */
export class FoldingTask {
  readonly #fold: typeof applyEvents;
  #task: Task;
  #events: StreamResponse[] = [];
  #foldedCount = 0;
  #replacingCount = 0;

  constructor(task: Task, fold: typeof applyEvents = applyEvents) {
    this.#task = task;
    this.#fold = fold;
  }

  /** The task as of the last fold: for its members that never change. */
  get earlier(): Task {
    return this.#task;
  }

  /** The same object until something is added. */
  get task(): Task {
    if (this.#events.length > 0) {
      this.#task = this.#fold(this.#task, this.#events);
      this.#foldedCount += this.#events.length;
      this.#events = [];
      this.#replacingCount = 0;
    }
    return this.#task;
  }

  /** Keeps nothing of the artifacts so far. */
  forgetArtifacts(): void {
    const { task } = this;
    if (task.artifacts === undefined) return;
    const { artifacts: _forgotten, ...rest } = task;
    this.#task = rest;
    this.#foldedCount = 0;
  }

  add(event: StreamResponse): void {
    this.#events.push(event);
    if (mayReplace(event)) this.#replacingCount += 1;
    const isMuch = this.#events.length >= Math.max(foldedAtLeast, this.#foldedCount);
    if (isMuch || this.#replacingCount >= replacingMax) void this.task;
  }
}

function mayReplace({ task, artifactUpdate }: StreamResponse): boolean {
  return task !== undefined || (artifactUpdate !== undefined && artifactUpdate.append !== true);
}
