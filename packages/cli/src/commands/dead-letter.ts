import type { DeadLetter } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import { asTyped } from '../as-typed.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';

const deadLetterList: Command = {
  name: 'dead-letter list',
  summary: 'List the tasks that were given up',
  positionals: [],
  options: {
    agent: { type: 'string', value: 'name', description: 'Only those that were sent to this agent' },
    reason: {
      type: 'string',
      value: 'reason',
      description: 'Only those of this reason: tries-used, deadline-passed or poisoned',
    },
  },
  connects: true,
  details: 'Without their content, oldest first. Needs the scope tasks:inspect.',
  examples: ['colloquy dead-letter list --agent scribe --reason tries-used'],
  async run({ args, client, output }) {
    const { admin } = client();
    const [agent, reason] = [args.text('agent'), args.text('reason')];
    const letters = await allItems(admin.listDeadLetters, { agent, reason: asTyped<DeadLetter['reason']>(reason) });
    const rows = letters.map((one) => [
      one.taskId,
      one.agent,
      one.reason,
      one.errorCode,
      String(one.tries),
      one.deadAt,
      one.replayedAs ?? '',
    ]);
    const head = ['TASK', 'AGENT', 'REASON', 'ERROR', 'TRIES', 'GIVEN UP', 'REPLAYED AS'];
    output.print(letters, table(head, rows) || 'There are no dead letters.');
  },
};

const deadLetterReplay: Command = {
  name: 'dead-letter replay',
  summary: 'Send the message of a task that was given up again, in a new task',
  positionals: ['<task>'],
  options: {},
  connects: true,
  details:
    'For whoever sent it, who sees the new task and pays for it. Once for each dead letter: asked again, it tells the same\n' +
    'new task. Needs the scope deliveries:write.',
  examples: [],
  async run({ args, client, output }) {
    const replayed = await client().admin.replayDeadLetter({ task: args.positional(0) });
    output.print(replayed, `${replayed.replayOf} is sent again as ${replayed.taskId}.`);
  },
};

export const deadLetterNouns: Nouns = {
  'dead-letter': { group: 'Call agents', summary: 'List dead-lettered tasks and send their messages again' },
};

/** The commands of dead-letter, in the order of the help. */
export const deadLetterCommands: readonly Command[] = [deadLetterList, deadLetterReplay];
