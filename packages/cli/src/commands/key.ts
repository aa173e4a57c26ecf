import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';

const keyList: Command = {
  name: 'key list',
  summary: 'List the signing keys of the platform (operators)',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy key list'],
  async run({ client, output }) {
    const keys = (await client().admin.listSigningKeys()).items;
    const rows = keys.map(({ kid, state, createdAt }) => [kid, state, createdAt]);
    output.print(keys, table(['KEY', 'STATE', 'CREATED'], rows));
  },
};

const keyRotate: Command = {
  name: 'key rotate',
  summary: 'Publish the next signing key (operators)',
  positionals: [],
  options: {},
  connects: true,
  details: 'The new key signs after ten minutes, when verifiers have fetched it.',
  examples: ['colloquy key rotate'],
  async run({ client, output }) {
    const kid = (await client().admin.rotateSigningKey()).kid;
    output.print({ kid }, `Published ${kid}.`);
  },
};

const keyRevoke: Command = {
  name: 'key revoke',
  aliases: ['key drop'],
  summary: 'Revoke a signing key and all tokens that it signed (operators)',
  positionals: ['<key-id>'],
  options: {},
  connects: true,
  details:
    'Use it after a leak. Within seconds every process refuses the tokens that the key signed and ends their\n' +
    'streams. Another key signs from then on.',
  examples: ['colloquy key revoke wuHQ…'],
  async run({ args, client, output }) {
    const kid = args.positional(0);
    await client().admin.dropSigningKey({ kid });
    output.print({ kid, dropped: true }, `Revoked ${kid}.`);
  },
};

export const keyNouns: Nouns = {
  key: { group: 'Operate the platform', summary: 'List, rotate or revoke the keys that sign tokens (operators)' },
};

/** The commands of key, in the order of the help. */
export const keyCommands: readonly Command[] = [keyList, keyRotate, keyRevoke];
