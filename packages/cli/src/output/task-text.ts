import type { Artifact, Message, Part, Task } from '@colloquy/protocol';
import { toldCost } from './credits.ts';
import type { Paint } from './paint.ts';
import { printable } from './table.ts';

/** A state as people read it, as in `input-required`. */
export function stateText(state: string): string {
  return state
    .replace(/^TASK_STATE_/, '')
    .toLowerCase()
    .replaceAll('_', '-');
}

/** A state in the colour of its meaning. */
export function paintedState(state: string, paint: Paint): string {
  const text = stateText(state);
  if (text === 'completed') return paint.good(text);
  if (['failed', 'rejected', 'canceled'].includes(text)) return paint.bad(text);
  return text.endsWith('required') ? paint.warn(text) : paint.accent(text);
}

/** What a message or artifact says; content that is no text is named. */
export function contentText({ parts }: Message | Artifact): string {
  return printable(parts.map(partText).join(''));
}

function partText(part: Part): string {
  if (part.text !== undefined) return part.text;
  if (part.url !== undefined) return part.url;
  if (part.raw !== undefined) return `[${part.filename ?? 'file'}, ${part.mediaType ?? 'unknown type'}]`;
  return JSON.stringify(part.data, undefined, 2);
}

/** What it cost, where that is told. */
export function costCell(shown: Parameters<typeof toldCost>[0], paint: Paint): readonly string[] {
  const cost = toldCost(shown);
  return cost === '' ? [] : [paint.dim(cost)];
}

/** A finished or waiting task as people read it: what came out, what the agent says, where it stands, what it cost. */
export function taskText(task: Task, paint: Paint): string {
  const said = task.status.message;
  return [
    ...(task.artifacts ?? []).map(contentText),
    ...(said === undefined ? [] : [contentText(said)]),
    [paintedState(task.status.state, paint), paint.dim(`task ${task.id}`), ...costCell(task, paint)].join('  '),
  ].join('\n');
}
