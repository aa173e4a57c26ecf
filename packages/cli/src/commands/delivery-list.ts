import type { Delivery } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import { asTyped } from '../as-typed.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

export const deliveryList: Command = {
  name: 'delivery list',
  summary: 'List what was told to the receivers of push notifications',
  positionals: [],
  options: {
    task: { type: 'string', value: 'id', description: 'Only those about this task' },
    state: {
      type: 'string',
      value: 'state',
      description: 'Only those that are retrying, delivered, dead or replaying',
    },
  },
  connects: true,
  details: 'Needs the scope deliveries:read.',
  examples: ['colloquy delivery list --state dead'],
  async run({ args, client, output }) {
    const { admin } = client();
    const [task, state] = [args.text('task'), args.text('state')];
    const deliveries = await allItems(admin.listDeliveries, { task, state: asTyped<Delivery['state']>(state) });
    const rows = deliveries.map((one) => [
      one.deliveryId,
      one.taskId,
      String(one.seq),
      one.state,
      String(one.attempts),
      [one.lastReason, one.lastStatus].filter((fact) => fact !== undefined).join(' '),
      one.lastAttemptAt,
      one.url,
    ]);
    const head = ['DELIVERY', 'TASK', 'EVENT', 'STATE', 'TRIES', 'LAST', 'TIME', 'URL'];
    output.print(deliveries, table(head, rows) || 'There are no deliveries.');
  },
};
