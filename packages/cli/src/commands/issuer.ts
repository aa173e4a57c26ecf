import { ColloquyError } from '@colloquy/sdk/client';
import type { IssuerSettings } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Arguments } from '../arguments.ts';
import type { Command, OptionSpecs } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { facts, table } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

const signatureAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
const tokenTypes = ['at+jwt', 'jwt'] as const;

/** Options that set how the tokens of an external issuer are read. */
const settingOptions: OptionSpecs = {
  map: {
    type: 'string',
    value: 'word=scope,…',
    multiple: true,
    description: 'Scopes that a value of the scopes claim grants',
  },
  algorithm: {
    type: 'string',
    value: 'name',
    multiple: true,
    choices: signatureAlgorithms,
    description: 'Accepted signature algorithm; default all',
  },
  'token-type': {
    type: 'string',
    value: 'type',
    choices: tokenTypes,
    description: 'Type of the tokens; default at+jwt. Use jwt for servers that do not mark access tokens',
  },
  'subject-claim': { type: 'string', value: 'claim', description: 'Claim that names the caller; default sub' },
  'scopes-claim': { type: 'string', value: 'claim', description: 'Claim that names the scopes; default scope' },
};

/** The settings that were given; a name that was not is left out. */
function settingsIn(args: Arguments): Partial<Omit<IssuerSettings, 'name'>> {
  const map = args.texts('map');
  const algorithms = args.choiceList('algorithm', signatureAlgorithms);
  const [subjectClaim, scopesClaim] = ['subject-claim', 'scopes-claim'].map((option) => args.text(option));
  const tokenType = args.choice('token-type', tokenTypes);
  return {
    ...(map.length === 0 ? {} : { scopeMap: Object.fromEntries(map.map(wordIn)) }),
    ...(algorithms.length === 0 ? {} : { algorithms }),
    ...(tokenType === undefined ? {} : { tokenType }),
    ...(subjectClaim === undefined ? {} : { subjectClaim }),
    ...(scopesClaim === undefined ? {} : { scopesClaim }),
  };
}

/** A word may itself hold `=`; a scope does not. */
function wordIn(text: string): readonly [string, readonly string[]] {
  const at = text.lastIndexOf('=');
  const scopes = text
    .slice(at + 1)
    .split(',')
    .filter((scope) => scope !== '');
  if (at > 0 && scopes.length > 0) return [text.slice(0, at), scopes];
  throw new UsageError(`--map does not accept "${text}".`, 'Write it like "agents.call=a2a:send,a2a:read".');
}

const issuerAdd: Command = {
  name: 'issuer add',
  summary: 'Accept the access tokens of an external authorization server',
  positionals: ['<name>', '<issuer-url>'],
  options: {
    ...settingOptions,
    audience: {
      type: 'string',
      value: 'text',
      description: 'Audience of its tokens (operators); default the address of the tenant',
    },
  },
  connects: true,
  details:
    'The platform first reads the metadata and keys of the issuer. The tokens must be issued for the audience\n' +
    'that this command shows, and grant only what --map says. A caller can only map to scopes that it has.\n' +
    'Needs the scope clients:write.',
  examples: [
    'colloquy issuer add "Acme login" https://login.acme.example --map agents.call=a2a:send,a2a:read',
    'colloquy issuer add Realm https://id.acme.example --token-type jwt --scopes-claim /realm/roles --map caller=a2a:send',
  ],
  async run({ args, client, output }) {
    const { scopeMap, ...settings } = settingsIn(args);
    if (scopeMap === undefined)
      throw new UsageError(
        '--map is missing.',
        'Give the scopes that the tokens grant, for example "--map agents.call=a2a:send".',
      );
    const audience = args.text('audience');
    const issuer = await client().admin.registerIssuer({
      body: {
        name: args.positional(0),
        issuer: args.positional(1),
        scopeMap,
        ...settings,
        ...(audience === undefined ? {} : { audience }),
      },
    });
    const shown = facts([
      ['issuer id', issuer.issuerId],
      ['issuer', issuer.issuer],
      ['audience', issuer.audience],
      ['algorithms', issuer.algorithms.join(' ')],
    ]);
    output.print(issuer, `${shown}\n\nThe platform accepts its tokens for this audience.`);
  },
};

const issuerList: Command = {
  name: 'issuer list',
  summary: 'List the external issuers of the tenant, including removed issuers',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy issuer list'],
  async run({ client, output }) {
    const { admin } = client();
    const issuers = await allItems(admin.listIssuers, {});
    const rows = issuers.map(({ issuerId, name, issuer, audience, removedAt, scopeMap }) => [
      issuerId,
      name,
      removedAt === undefined ? 'accepted' : `removed ${removedAt}`,
      issuer,
      audience,
      Object.entries(scopeMap)
        .map(([word, scopes]) => `${word}=${scopes.join(',')}`)
        .join(' '),
    ]);
    const shown = table(['ISSUER ID', 'NAME', 'STATE', 'ISSUER', 'AUDIENCE', 'GRANTS'], rows);
    output.print(issuers, shown || 'There are no external issuers.');
  },
};

const issuerUpdate: Command = {
  name: 'issuer update',
  aliases: ['issuer change'],
  summary: 'Update how the tokens of an external issuer are read',
  positionals: ['<issuer-id>'],
  options: { ...settingOptions, name: { type: 'string', value: 'text', description: 'New name for people' } },
  connects: true,
  details: 'An option that is left out keeps its value; --map replaces the whole map. Principals stay the same.',
  examples: ['colloquy issuer update iss_0192… --map agents.call=a2a:send --map agents.read=a2a:read'],
  async run({ args, client, output }) {
    const issuerId = args.positional(0);
    const { admin } = client();
    const known = (await allItems(admin.listIssuers, {})).find((issuer) => issuer.issuerId === issuerId);
    if (known === undefined) throw unknownIssuer();
    const { name, algorithms, tokenType, subjectClaim, scopesClaim, scopeMap } = known;
    const kept = { name, algorithms, tokenType, subjectClaim, scopesClaim, scopeMap };
    const wanted = args.text('name');
    const settings = { ...kept, ...settingsIn(args), ...(wanted === undefined ? {} : { name: wanted }) };
    output.print(await admin.changeIssuer({ issuer: issuerId, body: settings }), `Updated ${issuerId}.`);
  },
};

/** The error of the platform for an unknown issuer; the command needs the settings before it can ask. */
function unknownIssuer(): ColloquyError {
  const message = 'There is no such external issuer.';
  return new ColloquyError({ code: 'access.issuer-unknown', kind: 'not-found', message, retry: { kind: 'never' } });
}

const issuerRemove: Command = {
  name: 'issuer remove',
  summary: 'Remove an external issuer; the platform refuses its tokens',
  positionals: ['<issuer-id>'],
  options: {},
  connects: true,
  examples: ['colloquy issuer remove iss_…'],
  async run({ args, client, output }) {
    const issuerId = args.positional(0);
    await client().admin.removeIssuer({ issuer: issuerId });
    output.print({ issuerId, removed: true }, `Removed ${issuerId}.`);
  },
};

export const issuerNouns: Nouns = {
  issuer: { group: 'Manage access', summary: 'Accept the access tokens of external authorization servers' },
};

/** The commands of issuer, in the order of the help. */
export const issuerCommands: readonly Command[] = [issuerAdd, issuerList, issuerUpdate, issuerRemove];
