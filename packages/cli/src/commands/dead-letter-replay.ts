import type { Command } from '../command.ts';

export const deadLetterReplay: Command = {
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
