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

/** The caller that the platform's verified forward token names. */
export interface ForwardCaller {
  /** The platform's id of the principal. */
  readonly subject: string;
  /** The tenant on whose behalf the platform calls. */
  readonly tenant: string;
  /** The platform's id of the task. */
  readonly task?: string;
}

/** What a task took, for prices by item or by unit. */
export interface TaskUsage {
  readonly items?: number;
  /** By name, such as tokens; at most 8. */
  readonly units?: Readonly<Record<string, number>>;
}

/**
 * A task as its handler sees it. Every call is recorded at once, and all streams of the task show it in order.
 *
 * After the task was canceled, calls do nothing: watch `signal`. After the handler itself has ended the task, a further
 * call throws, because one of the two is a mistake.
 */
export interface AgentTask {
  readonly id: string;
  /** Behind Colloquy it belongs to one conversation of one caller, so memory may be kept by it; it is not the id that the caller chose. */
  readonly contextId: string;
  /** Aborts when the task is canceled or the server closes. */
  readonly signal: AbortSignal;
  /** Present when the server was given `trust`. */
  readonly caller?: ForwardCaller;
  /** The current task, with all earlier messages in `history`. */
  snapshot(): Task;
  /** Reports progress, with an optional text. */
  working(words?: string): Promise<void>;
  /** Emits a piece of an artifact. Throws a RangeError when the task would outgrow its bounds. */
  artifact(piece: ArtifactPiece): Promise<void>;
  /**
   * Reports what the task took. The next status carries it in its metadata, and the newest report counts. Throws a RangeError for a number
   * that is negative or not finite.
   */
  usage(usage: TaskUsage): void;
  /** Asks the caller for input. Return from the handler afterwards; it is called again with the caller's next message. */
  requireInput(words: string): Promise<void>;
  /** Completes the task. Returning from the handler without ending the task does the same. */
  complete(words?: string): Promise<void>;
  /** Fails the task. The caller sees the text. */
  fail(words: string): Promise<void>;
  /**
   * Answers with a plain message and no task, as A2A allows for trivial exchanges. Once a caller has seen the task, which
   * is so as soon as the first call of the handler or one turn of the event loop has passed on a stream, it completes the
   * task with this message instead.
   */
  reply(words: string | readonly Part[]): Promise<void>;
}
