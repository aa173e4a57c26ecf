import type { SecretKeyState } from '@colloquy/sdk/client';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { facts } from '../output/table.ts';

const secretStatus: Command = {
  name: 'secret status',
  summary: 'Show the secret key in use and the progress of its rotation (operators)',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy secret status'],
  async run({ client, output }) {
    const state = await client().admin.showSecretKeys();
    output.print(state, secretText(state));
  },
};

const secretRotate: Command = {
  name: 'secret rotate',
  summary: 'Rotate all secrets to the newest configured secret key (operators)',
  positionals: [],
  options: {
    'data-keys': {
      type: 'boolean',
      description: 'Also create a new data key for every tenant and encrypt its secrets again',
    },
  },
  connects: true,
  details: 'First configure the new key on every process. Runs in the background; see "colloquy secret status".',
  examples: ['colloquy secret rotate', 'colloquy secret rotate --data-keys'],
  async run({ args, client, output }) {
    const state = await client().admin.rotateSecrets({ body: { renewsDataKeys: args.flag('data-keys') } });
    output.print(state, secretText(state));
  },
};

/** The key in use and the progress of its rotation, for people. */
function secretText({ kekId, rotation }: SecretKeyState): string {
  if (rotation === undefined) return facts([['key', kekId]]);
  return facts([
    ['key', kekId],
    ['rotation', rotation.stage],
    ['requested', `${rotation.askedAt} by ${rotation.askedBy}`],
    ['data keys', rotation.renewsDataKeys ? 'renewed' : 'kept'],
    ['sealed again', String(rotation.resealed)],
    ['unreadable', String(rotation.unreadable)],
    ['finished', rotation.finishedAt ?? 'not yet'],
  ]);
}

export const secretNouns: Nouns = {
  secret: { group: 'Operate the platform', summary: 'Show or rotate the key of stored secrets (operators)' },
};

/** The commands of secret, in the order of the help. */
export const secretCommands: readonly Command[] = [secretStatus, secretRotate];
