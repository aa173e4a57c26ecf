import type { Part, TaskArtifactUpdateEvent } from '@colloquy/protocol';
import type { Draft } from './translate-answer.ts';

/**
 * Joins neighbouring appends to one artifact into one event with all their parts, so that an agent that streams token by token costs a row for
 * each write, not for each token. Order and content of the parts stay the same. An event that has grown long is not joined any further.
 */
export function mergeAppends(drafts: readonly Draft[]): readonly Draft[] {
  if (drafts.length < 2) return drafts;
  const merged: Draft[] = [];
  let joint: Joint | null = null;
  for (const draft of drafts) {
    const open: TaskArtifactUpdateEvent | undefined = joint?.update ?? merged.at(-1)?.response.artifactUpdate;
    const next = draft.response.artifactUpdate;
    const isLong = joint !== null && joint.weight > jointWeightMax;
    if (open === undefined || next === undefined || isLong || !canJoin(open, next)) {
      merged.push(draft);
      joint = null;
      continue;
    }
    joint ??= jointOf(open);
    for (const part of next.artifact.parts) joint.parts.push(part);
    joint.weight += weightOf(next.artifact.parts);
    if (next.lastChunk === true) joint.update = { ...joint.update, lastChunk: true };
    merged[merged.length - 1] = { kind: 'artifact', response: { artifactUpdate: joint.update } };
  }
  return merged;
}

/** An event that further parts are joined to. */
interface Joint {
  readonly parts: TaskArtifactUpdateEvent['artifact']['parts'][number][];
  update: TaskArtifactUpdateEvent;
  /** About its bytes. */
  weight: number;
}

const jointWeightMax = 128 * 1024;
const partWeight = 32;
/** An estimate: the size of structured data is known only after encoding. */
const dataWeight = 4 * 1024;

function weightOf(parts: readonly Part[]): number {
  let weight = 0;
  for (const { text, raw } of parts) weight += partWeight + (text?.length ?? raw?.length ?? dataWeight);
  return weight;
}

function jointOf(open: TaskArtifactUpdateEvent): Joint {
  const parts = [...open.artifact.parts];
  return { parts, update: { ...open, artifact: { ...open.artifact, parts } }, weight: weightOf(parts) };
}

/** Only plain appends join: an event with more than the artifact's parts stays separate. */
function canJoin(open: TaskArtifactUpdateEvent, next: TaskArtifactUpdateEvent): boolean {
  return (
    next.append === true &&
    open.lastChunk !== true &&
    open.artifact.artifactId === next.artifact.artifactId &&
    next.metadata === undefined &&
    Object.keys(next.artifact).every((key) => key === 'artifactId' || key === 'parts')
  );
}
