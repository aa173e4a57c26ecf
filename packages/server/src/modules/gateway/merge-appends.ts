import type { TaskArtifactUpdateEvent } from '@colloquy/protocol';
import type { Draft } from './translate-answer.ts';

/**
 * Joins neighbouring appends to one artifact into one event with all their parts, so that an agent that streams token by token
 * costs rows for each write, not for each token. The order and the content of the parts stay.
 */
export function mergeAppends(drafts: readonly Draft[]): readonly Draft[] {
  if (drafts.length < 2) return drafts;
  const merged: Draft[] = [];
  for (const draft of drafts) {
    const open = merged.at(-1)?.response.artifactUpdate;
    const next = draft.response.artifactUpdate;
    if (open !== undefined && next !== undefined && canJoin(open, next)) {
      merged[merged.length - 1] = { kind: 'artifact', response: { artifactUpdate: join(open, next) } };
    } else {
      merged.push(draft);
    }
  }
  return merged;
}

/** Only plain appends join: anything that says more about the artifact than its parts keeps its own event. */
function canJoin(open: TaskArtifactUpdateEvent, next: TaskArtifactUpdateEvent): boolean {
  return (
    next.append === true &&
    open.lastChunk !== true &&
    open.artifact.artifactId === next.artifact.artifactId &&
    next.metadata === undefined &&
    Object.keys(next.artifact).every((key) => key === 'artifactId' || key === 'parts')
  );
}

function join(open: TaskArtifactUpdateEvent, next: TaskArtifactUpdateEvent): TaskArtifactUpdateEvent {
  return {
    ...open,
    artifact: { ...open.artifact, parts: [...open.artifact.parts, ...next.artifact.parts] },
    ...(next.lastChunk === true ? { lastChunk: true } : {}),
  };
}
