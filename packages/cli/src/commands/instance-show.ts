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
    const { admin } = client();
    const [agent, id] = [args.positional(0), args.positional(1)];
    const [instance, { items: events }] = await Promise.all([
      admin.getInstance({ agent, instance: id }),
      admin.listInstanceEvents({ agent, instance: id }),
    ]);
    output.print({ ...instance, events }, `${instanceFacts(instance)}\n\n${eventTable(events)}`);
  },
};
