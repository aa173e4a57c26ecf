import type { TaskArtifactUpdateEvent } from '@colloquy/protocol';
import type { Draft } from './translate-answer.ts';

/**
 * Joins neighbouring appends to one artifact into one event with all their parts, so that an agent that streams token by token
 * costs rows for each write, not for each token. The order and the content of the parts stay.
 */
export function mergeAppends(drafts: readonly Draft[]): readonly Draft[] {
  if (drafts.length < 2) return drafts;
  const merged: Draft[] = [];
  let joint: Joint | null = null;
  for (const draft of drafts) {
    const open: TaskArtifactUpdateEvent | undefined = joint?.update ?? merged.at(-1)?.response.artifactUpdate;
    const next = draft.response.artifactUpdate;
    if (open === undefined || next === undefined || !canJoin(open, next)) {
      merged.push(draft);
      joint = null;
      continue;
    }
    joint ??= jointOf(open);
    for (const part of next.artifact.parts) joint.parts.push(part);
    if (next.lastChunk === true) joint.update = { ...joint.update, lastChunk: true };
    merged[merged.length - 1] = { kind: 'artifact', response: { artifactUpdate: joint.update } };
  }
  return merged;
}

/** An event in the making, and the parts in it that are still written to. */
interface Joint {
  readonly parts: TaskArtifactUpdateEvent['artifact']['parts'][number][];
  update: TaskArtifactUpdateEvent;
}

function jointOf(open: TaskArtifactUpdateEvent): Joint {
  const parts = [...open.artifact.parts];
  return { parts, update: { ...open, artifact: { ...open.artifact, parts } } };
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
