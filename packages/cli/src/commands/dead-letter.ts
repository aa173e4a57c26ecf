import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';

const reasons = ['tries-used', 'deadline-passed', 'poisoned'] as const;

const deadLetterList: Command = {
  name: 'dead-letter list',
  summary: 'List dead-lettered tasks, oldest first',
  positionals: [],
  options: {
    agent: { type: 'string', value: 'name', description: 'Only tasks of this agent' },
    reason: {
      type: 'string',
      value: 'reason',
      choices: reasons,
      description: 'Only tasks that failed for this reason',
    },
  },
  connects: true,
  details: 'Does not show the content of messages. Needs the scope tasks:inspect.',
  examples: ['colloquy dead-letter list --agent scribe --reason tries-used'],
  async run({ args, client, output }) {
    const { admin } = client();
    const [agent, reason] = [args.text('agent'), args.choice('reason', reasons)];
    const tasks = await allItems(admin.listDeadLetters, { agent, reason });
    const rows = tasks.map((one) => [
      one.taskId,
      one.agent,
      one.reason,
      one.errorCode,
      String(one.tries),
      one.deadAt,
      one.replayedAs ?? '',
    ]);
    const head = ['TASK', 'AGENT', 'REASON', 'ERROR', 'ATTEMPTS', 'DEAD-LETTERED', 'REPLAYED AS'];
    output.print(tasks, table(head, rows) || 'There are no dead-lettered tasks.');
  },
};

const deadLetterReplay: Command = {
  name: 'dead-letter replay',
  summary: 'Send the message of a dead-lettered task again, in a new task',
  positionals: ['<task>'],
  options: {},
  connects: true,
  details:
    'The client that sent the message owns the new task and pays for it. Each task is replayed once: a second\n' +
    'call shows the same new task. Needs the scope deliveries:write.',
  examples: ['colloquy dead-letter replay tsk_…'],
  async run({ args, client, output }) {
    const replayed = await client().admin.replayDeadLetter({ task: args.positional(0) });
    output.print(replayed, `${replayed.replayOf} was sent again as ${replayed.taskId}.`);
  },
};

export const deadLetterNouns: Nouns = {
  'dead-letter': { group: 'Call agents', summary: 'List dead-lettered tasks and send their messages again' },
};

/** The commands of dead-letter, in the order of the help. */
export const deadLetterCommands: readonly Command[] = [deadLetterList, deadLetterReplay];
