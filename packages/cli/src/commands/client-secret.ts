import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { facts, table } from '../output/table.ts';

export const clientSecretAdd: Command = {
  name: 'client-secret add',
  summary: 'Give a client a second secret and show it once',
  positionals: ['<client-id>'],
  options: { days: { type: 'string', value: 'days', description: 'Its life; default: no end' } },
  connects: true,
  details:
    'A client has at most two secrets that live. To change one without a pause: add a second, give it to the program,\n' +
    'and revoke the first.',
  examples: ['colloquy client-secret add cli_0123 --days 90'],
  async run({ args, client, output }) {
    const days = args.wholeNumber('days', 1, 3_650);
    const life = days === undefined ? {} : { lifeSeconds: days * 86_400 };
    const added = await client().admin.addClientSecret({ client: args.positional(0), body: life });
    const { secretId, clientSecret, expiresAt = 'never' } = added;
    const shown = facts([
      ['secret id', secretId],
      ['client secret', clientSecret],
      ['ends', expiresAt],
    ]);
    output.print(added, `${shown}\n\nThe secret is not shown again.`);
  },
};

export const clientSecretList: Command = {
  name: 'client-secret list',
  summary: 'List the secrets of a client, ended ones too, without themselves',
  positionals: ['<client-id>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const { admin } = client();
    const listed = await allItems(admin.listClientSecrets, { client: args.positional(0) });
    const rows = listed.map(({ secretId, createdAt, expiresAt = 'never', revokedAt }) => [
      secretId,
      createdAt,
      expiresAt,
      revokedAt === undefined ? '' : `revoked ${revokedAt}`,
    ]);
    output.print(listed, table(['SECRET', 'CREATED', 'ENDS', 'STATE'], rows) || 'The client has no secrets.');
  },
};

export const clientSecretRevoke: Command = {
  name: 'client-secret revoke',
  summary: 'End a secret of a client; no token is issued for it any more',
  positionals: ['<client-id>', '<secret-id>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const [clientId, secretId] = [args.positional(0), args.positional(1)];
    await client().admin.revokeClientSecret({ client: clientId, secret: secretId });
    output.print({ clientId, secretId, revoked: true }, `Revoked ${secretId}.`);
  },
};
