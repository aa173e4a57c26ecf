import type { Evidence, Invariant, WorkNote } from './evidence.ts';

/** The most that an agent had at work at a time: before the first kill, and from it on. */
export interface MostAtWork {
  readonly calm: number;
  readonly disturbed: number;
}

/** Counted anew from what the agent noted. */
export function mostAtWork({ work, kills }: Evidence, agent: string): MostAtWork {
  const firstKillAtMs = kills[0]?.atMs ?? Number.POSITIVE_INFINITY;
  const most = { calm: 0, disturbed: 0 };
  const open = new Set<string>();
  for (const { messageId, type, atMs } of notesOf(work, agent)) {
    if (type === 'began') open.add(messageId);
    else open.delete(messageId);
    const phase = atMs < firstKillAtMs ? 'calm' : 'disturbed';
    most[phase] = Math.max(most[phase], open.size);
  }
  return most;
}

const notesOf = (work: readonly WorkNote[], agent: string): WorkNote[] => work.filter((note) => note.agent === agent);

/** The slots of an agent bound what all processes give it together, and are used to the last one. */
export const slotsHeld = (agent: string, slotsMax: number): Invariant => ({
  name: 'slots held',
  promise: `by its own count ${agent} had ${slotsMax} messages at work at most, and as many as that, before the first kill and after it`,
  population: ({ work }) => notesOf(work, agent).length,
  breaches(evidence) {
    const notes = notesOf(evidence.work, agent);
    const most = mostAtWork(evidence, agent);
    const phases = (['calm', 'disturbed'] as const).filter((phase) => most[phase] !== slotsMax);
    const told = Math.max(0, ...notes.map(({ atWork }) => atWork));
    const begun = notes.filter(({ type }) => type === 'began').length;
    return [
      ...phases.map((subject) => ({ subject, detail: `${most[subject]} at work at most` })),
      ...(told > slotsMax ? [{ subject: agent, detail: `counted ${told} at work` }] : []),
      ...(begun * 2 === notes.length ? [] : [{ subject: agent, detail: 'began more than it ended' }]),
    ];
  },
});

/** Nothing of what was held is left when nothing is under work. */
export const slotsFree: Invariant = {
  name: 'slots free',
  promise: 'in the end every slot is free and nothing waits for one',
  population: ({ slots }) => slots.length,
  breaches: ({ slots }) =>
    slots.flatMap(({ agentId, inUse, queued }) =>
      inUse === 0 && queued === 0 ? [] : [{ subject: agentId, detail: `${inUse} in use, ${queued} queued` }],
    ),
};

/** The run was as large as it was said to be. */
export const tasksAtLeast = (count: number): Invariant => ({
  name: 'tasks',
  promise: `${count} tasks at least were brought to an end`,
  population: ({ tasks }) => tasks.length,
  breaches: ({ tasks }) => (tasks.length >= count ? [] : [{ subject: 'the run', detail: `${tasks.length} tasks` }]),
});
