import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';

const keyList: Command = {
  name: 'key list',
  summary: 'List the signing keys of the platform (operators)',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const keys = (await client().admin.listSigningKeys()).items;
    const rows = keys.map(({ kid, state, createdAt }) => [kid, state, createdAt]);
    output.print(keys, table(['KEY', 'STATE', 'CREATED'], rows));
  },
};

const keyRotate: Command = {
  name: 'key rotate',
  summary: 'Publish a successor of the key that signs (operators)',
  positionals: [],
  options: {},
  connects: true,
  details: 'It signs ten minutes later, when everybody who keeps the published keys can know it.',
  examples: [],
  async run({ client, output }) {
    const kid = (await client().admin.rotateSigningKey()).kid;
    output.print({ kid }, `Published ${kid}.`);
  },
};

const keyDrop: Command = {
  name: 'key drop',
  summary: 'Drop a signing key at once; nothing that it signed is believed (operators)',
  positionals: ['<key-id>'],
  options: {},
  connects: true,
  details:
    'For a key that may be in wrong hands. Every token that it signed is refused by every node within seconds,\n' +
    'and streams that live on one end. Another key signs from then on.',
  examples: [],
  async run({ args, client, output }) {
    const kid = args.positional(0);
    await client().admin.dropSigningKey({ kid });
    output.print({ kid, dropped: true }, `Dropped ${kid}.`);
  },
};

export const keyNouns: Nouns = {
  key: { group: 'Operate the platform', summary: 'List, rotate or drop the keys that sign tokens (operators)' },
};

/** The commands of key, in the order of the help. */
export const keyCommands: readonly Command[] = [keyList, keyRotate, keyDrop];
