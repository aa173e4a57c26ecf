import { applyEvents } from '@colloquy/protocol';
import type { StreamResponse, Task } from '@colloquy/protocol';

/** A task is worth this many events before it is folded unasked. */
const foldedAtLeast = 1_024;
/** So many events that may replace something are kept unfolded. */
const replacingMax = 64;

/**
 * A task and what happened to it since, folded when somebody looks. Each fold copies the lists that grew: an agent may say so much that a
 * new task for each write would take all of our time and fill the heap with copies. Unasked, what is added to the task is folded only when
 * as much has come as was folded before, so that it is copied a few times at most. What may replace something is folded sooner: what it
 * replaces is not to be kept for long.
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

  /** The task as it was when it was folded last: for what never changes of it. */
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
