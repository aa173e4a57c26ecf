import type { OAuthClient } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import { bindingOf, keyAuthentication, textIn } from '../client-proof.ts';
import type { Command } from '../command.ts';
import { writeProfile } from '../connection/profile.ts';
import type { Nouns } from '../noun.ts';
import { facts, table } from '../output/table.ts';
import { everydayScopes, scopesOf } from '../scope-option.ts';
import { UsageError } from '../usage-error.ts';

const clientCreate: Command = {
  name: 'client create',
  summary: 'Create a client of the tenant and show its secret once',
  positionals: ['<name>'],
  options: {
    scope: {
      type: 'string',
      value: 'scope',
      multiple: true,
      description: `Scope to give; default ${everydayScopes.join(', ')}`,
    },
    jwks: {
      type: 'string',
      value: 'file',
      description: 'Public keys (JWK Set or one JWK): private_key_jwt',
    },
    subject: {
      type: 'string',
      value: 'kind=name',
      description: 'Name its certificate must show (dn, dns, uri, ip, email): tls_client_auth',
    },
    certificate: {
      type: 'string',
      value: 'file',
      multiple: true,
      description: 'Certificate it may present (PEM): self_signed_tls_client_auth',
    },
    bound: {
      type: 'string',
      value: 'what',
      description: 'What its tokens must be bound to: none, dpop or certificate',
    },
    'secret-days': { type: 'string', value: 'days', description: 'Life of its first secret; default: no end' },
    'save-profile': { type: 'string', value: 'name', description: 'Keep it as a profile of this command' },
  },
  connects: true,
  details:
    'Scopes of a tenant are a2a:send, a2a:read, a2a:cancel, acp:run, acp:read, acp:cancel, agents:write,\n' +
    'agents:approve, agents:serve, credits:read, audit:read, audit:erase, tasks:inspect, deliveries:read,\n' +
    'deliveries:write, clients:write, limits:write, grants:write and stops:write. Nobody gives a scope that\n' +
    'they lack. Without a key, a name or a certificate the client gets a secret. A client with a certificate\n' +
    'gets tokens that are bound to it, unless --bound says otherwise.',
  examples: [
    'colloquy client create ci --scope a2a:send --scope a2a:read',
    'colloquy client create signer --jwks ./signer.jwks.json --bound dpop',
    'colloquy client create worker --subject dn=CN=worker,O=Example',
  ],
  async run({ args, client, env, output, settings }) {
    const profile = args.text('save-profile');
    if (profile === '') throw new UsageError('--save-profile needs a name.', 'Give one, for example "acme".');
    const request = {
      name: args.positional(0),
      scopes: scopesOf(args),
      ...bindingOf(args.text('bound')),
    };
    const { admin } = client();
    const authentication = keyAuthentication(args);
    const days = args.wholeNumber('secret-days', 1, 3_650);
    if (authentication !== undefined) {
      if (profile !== undefined || days !== undefined)
        throw new UsageError('This client has no secret.', 'Leave out --save-profile and --secret-days.');
      const made = await admin.createClient({ body: { ...request, authentication } });
      return output.print(made, factsOf(made));
    }
    const life = days === undefined ? {} : { secretLifeSeconds: days * 86_400 };
    const created = await admin.createClient({ body: { ...request, ...life } });
    const { url, tenant } = settings();
    const { clientId, clientSecret } = created;
    const credentials = { url, tenant, clientId, clientSecret };
    const kept =
      profile === undefined ? [] : [`profile        ${profile} in ${writeProfile(env, profile, credentials)}`];
    const shown = [factsOf(created), ...kept].join('\n');
    output.print(created, `${shown}\n\nThe secret is not shown again.`);
  },
};

function factsOf(client: OAuthClient & { readonly clientSecret?: string | undefined }): string {
  const { clientId, clientSecret, authentication, tokenBinding, scopes } = client;
  return facts([
    ['client id', clientId],
    ...(clientSecret === undefined
      ? [['proves itself', authentication] as const]
      : [['client secret', clientSecret] as const]),
    ...(tokenBinding === 'none' ? [] : [['tokens bound', tokenBinding] as const]),
    ['scopes', scopes.join(' ')],
  ]);
}

const clientList: Command = {
  name: 'client list',
  summary: 'List the clients of the tenant, revoked ones too',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const clients = await allItems(admin.listClients, {});
    const rows = clients.map(({ clientId, name, scopes, revokedAt }) => [
      clientId,
      name,
      revokedAt === undefined ? 'active' : `revoked ${revokedAt}`,
      scopes.join(' '),
    ]);
    output.print(clients, table(['CLIENT', 'NAME', 'STATE', 'SCOPES'], rows) || 'There are no clients.');
  },
};

const clientRevoke: Command = {
  name: 'client revoke',
  summary: 'Revoke a client; its tokens are refused within seconds',
  positionals: ['<client-id>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const clientId = args.positional(0);
    await client().admin.revokeClient({ client: clientId });
    output.print({ clientId, revoked: true }, `Revoked ${clientId}.`);
  },
};

const clientSignIn: Command = {
  name: 'client sign-in',
  summary: 'Let people sign in through a client, and say where it may send them back to',
  positionals: ['<client-id>'],
  options: {
    'redirect-uri': { type: 'string', value: 'address', multiple: true, description: 'Exact address; give each one' },
    public: { type: 'boolean', description: 'It can keep no secret, and gets no tokens of its own' },
  },
  connects: true,
  examples: ['colloquy client sign-in cli_0123 --redirect-uri https://console.example.org/back'],
  async run({ args, client, output }) {
    const clientId = args.positional(0);
    const request = { redirectUris: args.texts('redirect-uri'), public: args.flag('public') };
    const set = await client().admin.setSignIn({ client: clientId, body: request });
    output.print(set, `People can sign in through ${clientId}, back to ${set.redirectUris.join(', ')}.`);
  },
};

const clientSecretAdd: Command = {
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

const clientSecretList: Command = {
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

const clientSecretRevoke: Command = {
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

const clientAuthorityAdd: Command = {
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

const clientAuthorityList: Command = {
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

const clientAuthorityRemove: Command = {
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

export const clientNouns: Nouns = {
  client: { group: 'Manage access', summary: 'Create, list or revoke OAuth clients' },
  'client-secret': { group: 'Manage access', summary: 'Add, list or revoke secrets of a client' },
  'client-authority': { group: 'Manage access', summary: 'Trust the authorities that issue certificates to clients' },
};

/** The commands of client, in the order of the help. */
export const clientCommands: readonly Command[] = [
  clientCreate,
  clientList,
  clientRevoke,
  clientSignIn,
  clientSecretAdd,
  clientSecretList,
  clientSecretRevoke,
  clientAuthorityAdd,
  clientAuthorityList,
  clientAuthorityRemove,
];
