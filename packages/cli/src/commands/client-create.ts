import type { Command } from '../command.ts';
import type { OAuthClient } from '@colloquy/sdk/client';
import { bindingOf, keyAuthentication } from '../client-proof.ts';
import { writeProfile } from '../connection/profile.ts';
import { facts } from '../output/table.ts';
import { everydayScopes, scopesOf } from '../scope-option.ts';
import { UsageError } from '../usage-error.ts';

export const clientCreate: Command = {
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
    const wish = {
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
      const made = await admin.createClient({ body: { ...wish, authentication } });
      return output.print(made, factsOf(made));
    }
    const life = days === undefined ? {} : { secretLifeSeconds: days * 86_400 };
    const created = await admin.createClient({ body: { ...wish, ...life } });
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
