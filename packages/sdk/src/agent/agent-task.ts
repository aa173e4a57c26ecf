import type { JsonObject, Part, Task } from '@colloquy/protocol';

/** A piece of output. `append: true` adds its parts to the artifact with the same id; otherwise it starts or replaces it. */
export interface ArtifactPiece {
  /** Unique inside the task. */
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  /** Content; a string stands for one text part. Never empty. */
  readonly parts: string | readonly Part[];
  readonly append?: boolean;
  /** `true` on the last piece of an artifact that comes in pieces. */
  readonly lastChunk?: boolean;
  readonly metadata?: JsonObject;
}

/** Who the platform says is asking, from its verified forward token. */
export interface ForwardCaller {
  /** The platform's id of the principal. */
  readonly subject: string;
  /** The tenant on whose behalf the platform calls. */
  readonly tenant: string;
  /** The platform's id of the task. */
  readonly task?: string;
}

/**
 * A task in the hands of its handler. Every call is recorded at once and seen by all who watch, in order.
 *
 * After the task was canceled, calls do nothing: watch `signal`. After the handler itself has ended the task, a further
 * call throws, because one of the two is a mistake.
 */
export interface AgentTask {
  readonly id: string;
  readonly contextId: string;
  /** Aborts when the task is canceled or the server closes. */
  readonly signal: AbortSignal;
  /** Present when the server was given `trust`. */
  readonly caller?: ForwardCaller;
  /** The task as others see it now, with all earlier turns in `history`. */
  snapshot(): Task;
  /** Says that work goes on, in words if any. */
  working(words?: string): Promise<void>;
  /** Puts out a piece of an artifact. Throws a RangeError when the task would outgrow its bounds. */
  artifact(piece: ArtifactPiece): Promise<void>;
  /** Asks the caller for more. Return from the handler afterwards; it is called anew with the caller's next message. */
  requireInput(words: string): Promise<void>;
  /** Ends the task well. Returning from the handler without ending the task does the same. */
  complete(words?: string): Promise<void>;
  /** Ends the task badly. The words are shown to the caller. */
  fail(words: string): Promise<void>;
  /**
   * Answers with a plain message and no task, as A2A allows for trivial exchanges. Once somebody has seen the task, which
   * is so as soon as the first call of the handler or one turn of the event loop has passed on a stream, it completes the
   * task with this message instead.
   */
  reply(words: string | readonly Part[]): Promise<void>;
}
