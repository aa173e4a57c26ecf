import type { Artifact, StreamResponse } from '@colloquy/protocol';
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
      this.#artifact(event.artifactUpdate.artifact, event.artifactUpdate.append === true);
    } else if (event.message !== undefined) {
      this.#line(contentText(event.message));
    } else {
      const { status } = event.task ?? event.statusUpdate;
      const said = status.message === undefined ? '' : `  ${contentText(status.message)}`;
      this.#line(`${paintedState(status.state, this.#output.paint)}${said}`);
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
