import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';
import { overlapOptions, rotationOf } from '../option-groups.ts';

const states = ['retrying', 'delivered', 'dead', 'replaying'] as const;

const deliveryList: Command = {
  name: 'delivery list',
  summary: 'List the deliveries of push notifications',
  positionals: [],
  options: {
    task: { type: 'string', value: 'id', description: 'Only deliveries of this task' },
    state: {
      type: 'string',
      value: 'state',
      choices: states,
      description: 'Only deliveries in this state',
    },
  },
  connects: true,
  details: 'Needs the scope deliveries:read.',
  examples: ['colloquy delivery list --state dead'],
  async run({ args, client, output }) {
    const { admin } = client();
    const [task, state] = [args.text('task'), args.choice('state', states)];
    const deliveries = await allItems(admin.listDeliveries, { task, state });
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
    const head = ['DELIVERY', 'TASK', 'EVENT', 'STATE', 'ATTEMPTS', 'LAST', 'TIME', 'URL'];
    output.print(deliveries, table(head, rows) || 'There are no deliveries.');
  },
};

const deliveryReplay: Command = {
  name: 'delivery replay',
  summary: 'Send a push notification again',
  positionals: ['<id>'],
  options: {},
  connects: true,
  details:
    'Sends once, with the same delivery id, so that the receiver recognises it. Needs the scope\ndeliveries:write.',
  examples: ['colloquy delivery replay dlv_…'],
  async run({ args, client, output }) {
    const delivery = await client().admin.replayDelivery({ delivery: args.positional(0) });
    output.print(delivery, `${delivery.deliveryId} was sent again to ${delivery.url}.`);
  },
};

const deliverySecret: Command = {
  name: 'delivery secret',
  summary: 'Show the secret that verifies the signature of a delivery',
  positionals: ['<id>'],
  options: {},
  connects: true,
  details: 'All deliveries of one push notification config share it. Needs the scope deliveries:write.',
  examples: ['colloquy delivery secret dlv_…'],
  async run({ args, client, output }) {
    const signingSecret = (await client().admin.showSigningSecret({ delivery: args.positional(0) })).signingSecret;
    output.print({ signingSecret }, signingSecret);
  },
};

const deliveryRotateSecret: Command = {
  name: 'delivery rotate-secret',
  summary: 'Rotate the signing secret of a delivery; for a time both secrets sign',
  positionals: ['<id>'],
  options: overlapOptions,
  connects: true,
  details: 'Applies to all deliveries of the push notification config. Needs the scope deliveries:write.',
  examples: ['colloquy delivery rotate-secret dlv_… --overlap-ms 3600000'],
  async run({ args, client, output }) {
    const rotated = await client().admin.rotateSigningSecret({ delivery: args.positional(0), body: rotationOf(args) });
    output.print(rotated, `${rotated.signingSecret}\nThe old secret also signs until ${rotated.formerUntil}.`);
  },
};

export const deliveryNouns: Nouns = {
  delivery: { group: 'Call agents', summary: 'List or replay push notifications and rotate their secrets' },
};

/** The commands of delivery, in the order of the help. */
export const deliveryCommands: readonly Command[] = [
  deliveryList,
  deliveryReplay,
  deliverySecret,
  deliveryRotateSecret,
];
