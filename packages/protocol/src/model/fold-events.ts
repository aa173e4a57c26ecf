import type { Message } from './message.ts';
import type { Artifact, Task, TaskStatus } from './task.ts';
import { applyEvent } from './task-fold.ts';
import type { StreamResponse, TaskArtifactUpdateEvent, TaskStatusUpdateEvent } from './task-event.ts';

/**
 * The task after all of these events of its log: the same as {@link applyEvent} for one after the other, in time that grows with the
 * events and not with their square. Pure: neither `task` nor any event is changed.
 */
export function applyEvents(task: Task, events: readonly StreamResponse[]): Task {
  const [only] = events;
  if (events.length === 1 && only !== undefined) return applyEvent(task, only);
  const fold = new TaskFold(task);
  for (const event of events) fold.add(event);
  return fold.task;
}

type Writable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };

/** An artifact that this fold made, so that it may write on it; what it points to stays as it is. */
interface OwnArtifact {
  readonly artifact: Writable<Artifact>;
  readonly parts: Artifact['parts'][number][];
}

/** A task in the making. It copies a list when it first grows and then writes into its copy. */
class TaskFold {
  #task: Writable<Task>;
  #history: Message[] | null = null;
  #said: Set<string> | null = null;
  #artifacts: Artifact[] | null = null;
  #places: Map<string, number> | null = null;
  readonly #own = new Map<string, OwnArtifact>();

  constructor(task: Task) {
    this.#task = { ...task };
  }

  get task(): Task {
    return this.#task;
  }

  add(event: StreamResponse): void {
    if (event.statusUpdate !== undefined) this.#addStatus(event.statusUpdate);
    else if (event.artifactUpdate !== undefined) this.#addArtifact(event.artifactUpdate);
    else if (event.message !== undefined) this.#say(event.message);
    else this.#begin(applyEvent(this.#task, event));
  }

  /** A snapshot replaces what it says, so nothing of the lists so far is this fold's own any more. */
  #begin(task: Task): void {
    this.#task = { ...task };
    this.#history = null;
    this.#said = null;
    this.#artifacts = null;
    this.#places = null;
    this.#own.clear();
  }

  #addStatus({ status, metadata }: TaskStatusUpdateEvent): void {
    const earlier = this.#task.status;
    this.#task.status = status;
    this.#keepWords(earlier, status);
    if (metadata !== undefined) this.#task.metadata = { ...this.#task.metadata, ...metadata };
  }

  #keepWords({ message }: TaskStatus, next: TaskStatus): void {
    if (message === undefined || message.messageId === next.message?.messageId) return;
    this.#said ??= new Set((this.#task.history ?? []).map(keyOf));
    if (!this.#said.has(keyOf(message))) this.#say(message);
  }

  #say(message: Message): void {
    this.#history ??= [...(this.#task.history ?? [])];
    this.#history.push(message);
    this.#said?.add(keyOf(message));
    this.#task.history = this.#history;
  }

  #addArtifact({ artifact, append }: TaskArtifactUpdateEvent): void {
    const { artifactId } = artifact;
    this.#artifacts ??= [...(this.#task.artifacts ?? [])];
    this.#task.artifacts = this.#artifacts;
    this.#places ??= placesOf(this.#artifacts);
    const at = this.#places.get(artifactId);
    const known = at === undefined ? undefined : this.#artifacts[at];
    if (at === undefined || known === undefined) {
      this.#places.set(artifactId, this.#artifacts.push(artifact) - 1);
    } else if (append === true) {
      this.#artifacts[at] = this.#extend(known, artifact);
    } else {
      this.#own.delete(artifactId);
      this.#artifacts[at] = artifact;
    }
  }

  #extend(known: Artifact, piece: Artifact): Artifact {
    const own = this.#own.get(known.artifactId) ?? ownCopy(known);
    this.#own.set(known.artifactId, own);
    const metadata = piece.metadata === undefined ? {} : { metadata: { ...own.artifact.metadata, ...piece.metadata } };
    for (const part of piece.parts) own.parts.push(part);
    return Object.assign(own.artifact, piece, { parts: own.parts }, metadata);
  }
}

function ownCopy(artifact: Artifact): OwnArtifact {
  const parts = [...artifact.parts];
  return { artifact: { ...artifact, parts }, parts };
}

/** The first of its id, as a search from the front finds it. */
function placesOf(artifacts: readonly Artifact[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [at, { artifactId }] of artifacts.entries()) if (!places.has(artifactId)) places.set(artifactId, at);
  return places;
}

const keyOf = ({ role, messageId }: Message): string => `${role} ${messageId}`;
