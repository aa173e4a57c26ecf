import type { Command } from '../command.ts';
import { eventTable, instanceFacts } from '../output/instance-text.ts';

export const instanceShow: Command = {
  name: 'instance show',
  summary: 'Show one instance of an agent, and what became of it',
  positionals: ['<agent>', '<instance>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const { instances } = client().admin;
    const [agent, id] = [args.positional(0), args.positional(1)];
    const [instance, { items: events }] = await Promise.all([instances.get(agent, id), instances.events(agent, id)]);
    output.print({ ...instance, events }, `${instanceFacts(instance)}\n\n${eventTable(events)}`);
  },
};
