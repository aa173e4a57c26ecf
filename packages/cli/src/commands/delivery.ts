import type { Delivery } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import { asTyped } from '../as-typed.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';

const deliveryList: Command = {
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

const deliveryReplay: Command = {
  name: 'delivery replay',
  summary: 'Tell a receiver again what it was told or was to be told',
  positionals: ['<id>'],
  options: {},
  connects: true,
  details: 'Tried once, under the same id, so that the receiver can tell. Needs the scope deliveries:write.',
  examples: [],
  async run({ args, client, output }) {
    const delivery = await client().admin.replayDelivery({ delivery: args.positional(0) });
    output.print(delivery, `${delivery.deliveryId} is sent again to ${delivery.url}.`);
  },
};

const deliverySecret: Command = {
  name: 'delivery secret',
  summary: 'Show the secret that the receiver of a delivery checks its signature with',
  positionals: ['<id>'],
  options: {},
  connects: true,
  details: 'The same for every delivery of one push notification config. Needs the scope deliveries:write.',
  examples: [],
  async run({ args, client, output }) {
    const signingSecret = (await client().admin.showSigningSecret({ delivery: args.positional(0) })).signingSecret;
    output.print({ signingSecret }, signingSecret);
  },
};

const overlapMsMax = 30 * 24 * 60 * 60_000;

const deliveryRotateSecret: Command = {
  name: 'delivery rotate-secret',
  summary: 'Give the receiver of a delivery a new secret; for a while both sign',
  positionals: ['<id>'],
  options: {
    'overlap-ms': {
      type: 'string',
      value: 'ms',
      description: 'How long the secret of before signs too; 0 when others know it. A day when left out',
    },
  },
  connects: true,
  details: 'For every delivery of the same push notification config. Needs the scope deliveries:write.',
  examples: [],
  async run({ args, client, output }) {
    const overlapMs = args.wholeNumber('overlap-ms', 0, overlapMsMax);
    const options = overlapMs === undefined ? {} : { overlapMs };
    const rotated = await client().admin.rotateSigningSecret({ delivery: args.positional(0), body: options });
    output.print(rotated, `${rotated.signingSecret}\nThe secret of before signs too until ${rotated.formerUntil}.`);
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
