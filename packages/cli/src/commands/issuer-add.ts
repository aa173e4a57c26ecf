import type { Command } from '../command.ts';
import { facts } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';
import { termOptions, termsIn } from './issuer-terms.ts';

export const issuerAdd: Command = {
  name: 'issuer add',
  summary: 'Accept the access tokens of another authorization server',
  positionals: ['<name>', '<issuer-url>'],
  options: {
    ...termOptions,
    audience: { type: 'string', value: 'text', description: "For operators; default the tenant's own address" },
  },
  connects: true,
  details:
    'The platform reads the metadata and the keys of the issuer first. Its tokens must be issued for the audience that the\n' +
    'answer shows, and grant only what --map says. Nobody maps to a scope that they lack. Needs the scope clients:write.',
  examples: [
    'colloquy issuer add "Acme login" https://login.acme.example --map agents.call=a2a:send,a2a:read',
    'colloquy issuer add Realm https://id.acme.example --token-type jwt --scopes-claim /realm/roles --map caller=a2a:send',
  ],
  async run({ args, client, output }) {
    const { scopeMap, ...terms } = termsIn(args);
    if (scopeMap === undefined)
      throw new UsageError('--map is missing.', 'Say what the tokens grant, for example "--map agents.call=a2a:send".');
    const audience = args.text('audience');
    const issuer = await client().admin.registerIssuer({
      body: {
        name: args.positional(0),
        issuer: args.positional(1),
        scopeMap,
        ...terms,
        ...(audience === undefined ? {} : { audience }),
      },
    });
    const shown = facts([
      ['issuer id', issuer.issuerId],
      ['issuer', issuer.issuer],
      ['audience', issuer.audience],
      ['algorithms', issuer.algorithms.join(' ')],
    ]);
    output.print(issuer, `${shown}\n\nAccepting its tokens for this audience.`);
  },
};
