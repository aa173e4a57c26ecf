import { allItems } from '../all-items.ts';
import { textIn } from '../client-proof.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

export const clientAuthorityAdd: Command = {
  name: 'client-authority add',
  summary: 'Trust an authority to issue certificates to the tenant’s clients',
  positionals: ['<name>', '<pem-file>'],
  options: {},
  connects: true,
  details:
    'The file holds the certificate of the authority that issues the clients’ certificates itself, not of one above it.\n' +
    'From then on only authorities of the tenant count for its clients, not those of the platform.',
  examples: ['colloquy client-authority add "Clients of Acme" ./acme-clients-ca.pem'],
  async run({ args, client, output }) {
    const certificate = textIn(args.positional(1));
    const added = await client().admin.addClientAuthority({ body: { name: args.positional(0), certificate } });
    output.print(added, `Trusting ${added.subject} until ${added.expiresAt} (${added.authorityId}).`);
  },
};

export const clientAuthorityList: Command = {
  name: 'client-authority list',
  summary: 'List the authorities whose certificates the tenant’s clients may present',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const listed = await allItems(admin.listClientAuthorities, {});
    const rows = listed.map(({ authorityId, name, subject, expiresAt }) => [authorityId, name, subject, expiresAt]);
    output.print(listed, table(['AUTHORITY', 'NAME', 'SUBJECT', 'ENDS'], rows) || 'The tenant trusts no authority.');
  },
};

export const clientAuthorityRemove: Command = {
  name: 'client-authority remove',
  summary: 'Trust an authority no more; its certificates obtain no tokens from now on',
  positionals: ['<authority-id>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const authorityId = args.positional(0);
    await client().admin.removeClientAuthority({ authority: authorityId });
    output.print({ authorityId, removed: true }, `Removed ${authorityId}.`);
  },
};
