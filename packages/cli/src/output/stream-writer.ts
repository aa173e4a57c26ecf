import type { Artifact, StreamResponse } from '@colloquy/protocol';
import type { Output } from './output.ts';
import { contentText, costCell, paintedState } from './task-text.ts';

/** Writes the events of a task: text grows in place, every other event has a line of its own. */
export class StreamWriter {
  readonly #output: Output;
  #midLine = false;
  #artifactId: string | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  /**
   * Writes events as they come and passes them on. Between two events a terminal shows what is waited for, except in the
   * middle of a line.
   */
  async *takeAll(events: AsyncIterable<StreamResponse>, waiting: string): AsyncGenerator<StreamResponse> {
    const iterator = events[Symbol.asyncIterator]();
    const next = (): Promise<IteratorResult<StreamResponse>> => iterator.next();
    try {
      for (;;) {
        const result = await (this.#midLine ? next() : this.#output.during(waiting, next));
        if (result.done === true) return;
        this.take(result.value);
        yield result.value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  take(event: StreamResponse): void {
    if (this.#output.json) return this.#output.print(event, '');
    if (event.artifactUpdate !== undefined) {
      this.#artifact(event.artifactUpdate.artifact, event.artifactUpdate.append === true);
    } else if (event.message !== undefined) {
      this.#line(contentText(event.message));
    } else {
      const shown = event.task ?? event.statusUpdate;
      const { state, message } = shown.status;
      const { paint } = this.#output;
      const named = event.task === undefined ? [] : [paint.dim(`task ${event.task.id}`)];
      const said = message === undefined ? [] : [contentText(message)];
      this.#line([paintedState(state, paint), ...named, ...said, ...costCell(shown, paint)].join('  '));
      for (const artifact of event.task?.artifacts ?? []) this.#artifact(artifact, false);
    }
  }

  /** Call it when no more events come. */
  end(): void {
    this.#endLine();
  }

  #artifact(artifact: Artifact, isMore: boolean): void {
    if (!isMore || this.#artifactId !== artifact.artifactId) this.#endLine();
    this.#artifactId = artifact.artifactId;
    const text = contentText(artifact);
    this.#output.write(text);
    this.#midLine = !text.endsWith('\n');
  }

  #line(text: string): void {
    this.#endLine();
    this.#output.write(`${text}\n`);
  }

  #endLine(): void {
    if (this.#midLine) this.#output.write('\n');
    this.#midLine = false;
  }
}
