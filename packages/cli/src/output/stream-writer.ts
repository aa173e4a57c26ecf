import type { StreamResponse } from '@colloquy/protocol';
import type { Output } from './output.ts';
import { contentText, paintedState } from './task-text.ts';

/** Writes the events of a task as they come: text grows in place, everything else has a line. */
export class StreamWriter {
  readonly #output: Output;
  #midLine = false;
  #artifactId: string | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  take(event: StreamResponse): void {
    if (this.#output.json) return this.#output.print(event, '');
    if (event.artifactUpdate !== undefined) {
      const { artifact, append } = event.artifactUpdate;
      if (append !== true || this.#artifactId !== artifact.artifactId) this.#endLine();
      this.#artifactId = artifact.artifactId;
      this.#write(contentText(artifact));
    } else if (event.message !== undefined) {
      this.#line(contentText(event.message));
    } else {
      const { status } = event.task ?? event.statusUpdate;
      const said = status.message === undefined ? '' : `  ${contentText(status.message)}`;
      this.#line(`${paintedState(status.state, this.#output.paint)}${said}`);
    }
  }

  /** Call it when no more events come. */
  end(): void {
    this.#endLine();
  }

  #line(text: string): void {
    this.#endLine();
    this.#output.write(`${text}\n`);
  }

  #write(text: string): void {
    this.#output.write(text);
    this.#midLine = !text.endsWith('\n');
  }

  #endLine(): void {
    if (this.#midLine) this.#output.write('\n');
    this.#midLine = false;
  }
}
