import type { OAuthClient } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import { bindingOf, keyAuthentication, textIn, tokenBindings } from '../client-proof.ts';
import type { Command } from '../command.ts';
import { allocationOf, allocationOptions, scopeOption, scopesOf, tenantScopes } from '../option-groups.ts';
import { keepReplaced, writeProfile } from '../connection/profile.ts';
import type { Nouns } from '../noun.ts';
import { facts, table } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

const clientCreate: Command = {
  name: 'client create',
  summary: 'Create a client of the tenant and show its secret once',
  positionals: ['<name>'],
  options: {
    scope: scopeOption,
    jwks: {
      type: 'string',
      value: 'file',
      description: 'Public keys (JWK Set or one JWK), for private_key_jwt',
    },
    subject: {
      type: 'string',
      value: 'kind=name',
      description: 'Name on its certificate (dn, dns, uri, ip, email), for tls_client_auth',
    },
    certificate: {
      type: 'string',
      value: 'file',
      multiple: true,
      description: 'Certificate it may present (PEM), for self_signed_tls_client_auth',
    },
    'token-binding': {
      type: 'string',
      value: 'proof',
      choices: tokenBindings,
      aliases: ['bound'],
      description: 'Proof that its access tokens are bound to',
    },
    'secret-days': { type: 'string', value: 'days', description: 'Days until its first secret expires; default never' },
    ...allocationOptions,
    'save-profile': { type: 'string', value: 'name', description: 'Save its credentials in this profile' },
  },
  connects: true,
  details:
    `Scopes of a tenant are ${tenantScopes.slice(0, -1).join(', ')} and ${tenantScopes.at(-1) ?? ''}. ` +
    'A caller can only give scopes that it has. Without --jwks, --subject or --certificate the client gets a secret. ' +
    'Tokens of a client with a certificate are bound to it, unless --token-binding says otherwise.',
  examples: [
    'colloquy client create ci --scope a2a:send --scope a2a:read',
    'colloquy client create signer --jwks ./signer.jwks.json --token-binding dpop',
    'colloquy client create worker --subject dn=CN=worker,O=Example',
  ],
  async run({ args, client, env, output, settings }) {
    const profile = args.text('save-profile');
    if (profile === '')
      throw new UsageError('--save-profile needs the name of a profile.', 'Give one, for example --save-profile acme.');
    const request = {
      name: args.positional(0),
      scopes: scopesOf(args),
      ...bindingOf(args),
      ...allocationOf(args),
    };
    const { admin } = client();
    const authentication = keyAuthentication(args);
    const days = args.wholeNumber('secret-days', 1, 3_650);
    if (authentication !== undefined) {
      if (profile !== undefined || days !== undefined)
        throw new UsageError(
          'A client with a key or certificate has no secret.',
          'Leave out --save-profile and --secret-days.',
        );
      const made = await admin.createClient({ body: { ...request, authentication } });
      return output.print(made, factsOf(made));
    }
    const life = days === undefined ? {} : { secretLifeSeconds: days * 86_400 };
    const created = await admin.createClient({ body: { ...request, ...life } });
    const { url, tenant } = settings();
    const { clientId, clientSecret } = created;
    const credentials = { url, tenant, clientId, clientSecret };
    const renamed = profile === undefined ? undefined : keepReplaced(env, profile, url);
    const kept =
      profile === undefined ? [] : [`profile        ${profile} in ${writeProfile(env, profile, credentials)}`];
    const shown = [factsOf(created), ...kept].join('\n');
    output.print(created, `${shown}\n\nThe secret is not shown again.`);
    if (renamed !== undefined) output.note(renamed);
  },
};

function factsOf(client: OAuthClient & { readonly clientSecret?: string | undefined }): string {
  const { clientId, clientSecret, authentication, tokenBinding, scopes } = client;
  return facts([
    ['client id', clientId],
    ...(clientSecret === undefined
      ? [['authentication', authentication] as const]
      : [['client secret', clientSecret] as const]),
    ...(tokenBinding === 'none' ? [] : [['token binding', tokenBinding] as const]),
    ['scopes', scopes.join(' ')],
  ]);
}

const clientList: Command = {
  name: 'client list',
  summary: 'List the OAuth clients of the tenant, including revoked clients',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy client list'],
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
  summary: 'Revoke a client; the platform refuses its tokens within seconds',
  positionals: ['<client-id>'],
  options: {},
  connects: true,
  examples: ['colloquy client revoke cli_…'],
  async run({ args, client, output }) {
    const clientId = args.positional(0);
    await client().admin.revokeClient({ client: clientId });
    output.print({ clientId, revoked: true }, `Revoked ${clientId}.`);
  },
};

const clientAllocate: Command = {
  name: 'client allocate',
  summary: 'Set the department and the cost center that the tasks of a client count for',
  positionals: ['<client-id>'],
  options: allocationOptions,
  connects: true,
  details:
    'In usage reports and budgets they count instead of those of the agent. Replaces what was set; without an\n' +
    'option the client has none. The tasks of the past keep theirs.',
  examples: ['colloquy client allocate cli_… --department Sales --cost-center CC-17'],
  async run({ args, client, output }) {
    const clientId = args.positional(0);
    const { department, costCenter } = await client().admin.allocateClient({
      client: clientId,
      body: allocationOf(args),
    });
    const shown = `department ${department ?? 'of the agent'}, cost center ${costCenter ?? 'of the agent'}`;
    output.print({ clientId, department, costCenter }, `Tasks of ${clientId} count for: ${shown}.`);
  },
};

const clientSignIn: Command = {
  name: 'client sign-in',
  summary: 'Let people sign in through a client, and set its redirect URIs',
  positionals: ['<client-id>'],
  options: {
    'redirect-uri': { type: 'string', value: 'uri', multiple: true, description: 'Exact redirect URI' },
    public: { type: 'boolean', description: 'Public client: it has no secret and gets no tokens of its own' },
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
  options: { days: { type: 'string', value: 'days', description: 'Days until the secret expires; default never' } },
  connects: true,
  details:
    'A client has at most two active secrets. To rotate a secret without downtime, add a second one, give it\n' +
    'to the program and revoke the first.',
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
  summary: 'List the secrets of a client by id, including expired secrets',
  positionals: ['<client-id>'],
  options: {},
  connects: true,
  examples: ['colloquy client-secret list cli_…'],
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
  summary: 'Revoke a secret of a client; it gets no more tokens',
  positionals: ['<client-id>', '<secret-id>'],
  options: {},
  connects: true,
  examples: ['colloquy client-secret revoke cli_… sec_…'],
  async run({ args, client, output }) {
    const [clientId, secretId] = [args.positional(0), args.positional(1)];
    await client().admin.revokeClientSecret({ client: clientId, secret: secretId });
    output.print({ clientId, secretId, revoked: true }, `Revoked ${secretId}.`);
  },
};

const clientAuthorityAdd: Command = {
  name: 'client-authority add',
  summary: 'Trust a certificate authority for the clients of the tenant',
  positionals: ['<name>', '<pem-file>'],
  options: {},
  connects: true,
  details:
    'The file holds the certificate of the authority that issues the client certificates, not of its parent.\n' +
    'Once a tenant has an authority of its own, its clients can not use the authorities of the platform.',
  examples: ['colloquy client-authority add "Clients of Acme" ./acme-clients-ca.pem'],
  async run({ args, client, output }) {
    const certificate = textIn(args.positional(1));
    const added = await client().admin.addClientAuthority({ body: { name: args.positional(0), certificate } });
    output.print(added, `Trusting ${added.subject} until ${added.expiresAt} (${added.authorityId}).`);
  },
};

const clientAuthorityList: Command = {
  name: 'client-authority list',
  summary: 'List the certificate authorities that the tenant trusts',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy client-authority list'],
  async run({ client, output }) {
    const { admin } = client();
    const listed = await allItems(admin.listClientAuthorities, {});
    const rows = listed.map(({ authorityId, name, subject, expiresAt }) => [authorityId, name, subject, expiresAt]);
    output.print(
      listed,
      table(['AUTHORITY', 'NAME', 'SUBJECT', 'ENDS'], rows) || 'The tenant trusts no certificate authority.',
    );
  },
};

const clientAuthorityRemove: Command = {
  name: 'client-authority remove',
  summary: 'Remove a certificate authority; its certificates get no more tokens',
  positionals: ['<authority-id>'],
  options: {},
  connects: true,
  examples: ['colloquy client-authority remove aut_…'],
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
  clientAllocate,
  clientSignIn,
  clientSecretAdd,
  clientSecretList,
  clientSecretRevoke,
  clientAuthorityAdd,
  clientAuthorityList,
  clientAuthorityRemove,
];
