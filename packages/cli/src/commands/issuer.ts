import { ColloquyError } from '@colloquy/sdk/client';
import type { IssuerSettings } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Arguments } from '../arguments.ts';
import { asTyped } from '../as-typed.ts';
import type { OptionSpecs } from '../command-shape.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { facts, table } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

/** Options that say what the tokens of an external issuer mean. */
const settingOptions: OptionSpecs = {
  map: {
    type: 'string',
    value: 'word=scope,…',
    multiple: true,
    description: 'What a word of the scopes claim grants here',
  },
  algorithm: {
    type: 'string',
    value: 'name',
    multiple: true,
    description: 'RS256, PS256, ES256 or EdDSA; default all of them',
  },
  'token-type': {
    type: 'string',
    value: 'type',
    description: 'at+jwt (default), or jwt for servers that do not say that a token is an access token',
  },
  'subject-claim': { type: 'string', value: 'claim', description: 'Claim that names who acts; default sub' },
  'scopes-claim': { type: 'string', value: 'claim', description: 'Claim that says what may be done; default scope' },
};

/** The settings that were given; a name that was not is left out. */
function settingsIn(args: Arguments): Partial<Omit<IssuerSettings, 'name'>> {
  const map = args.texts('map');
  const algorithms = args.texts('algorithm');
  const [subjectClaim, scopesClaim] = ['subject-claim', 'scopes-claim'].map((option) => args.text(option));
  const tokenType = args.text('token-type');
  return {
    ...(map.length === 0 ? {} : { scopeMap: Object.fromEntries(map.map(wordIn)) }),
    ...(algorithms.length === 0 ? {} : { algorithms: algorithms.map((name) => asTyped(name)) }),
    ...(tokenType === undefined ? {} : { tokenType: asTyped(tokenType) }),
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
  throw new UsageError(`--map does not understand "${text}".`, 'Write it like "agents.call=a2a:send,a2a:read".');
}

const issuerAdd: Command = {
  name: 'issuer add',
  summary: 'Accept the access tokens of another authorization server',
  positionals: ['<name>', '<issuer-url>'],
  options: {
    ...settingOptions,
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
    const { scopeMap, ...settings } = settingsIn(args);
    if (scopeMap === undefined)
      throw new UsageError('--map is missing.', 'Say what the tokens grant, for example "--map agents.call=a2a:send".');
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
    output.print(issuer, `${shown}\n\nAccepting its tokens for this audience.`);
  },
};

const issuerList: Command = {
  name: 'issuer list',
  summary: 'List the external issuers of the tenant, removed ones too',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
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

const issuerChange: Command = {
  name: 'issuer change',
  summary: 'Change what the tokens of an external issuer mean',
  positionals: ['<issuer-id>'],
  options: { ...settingOptions, name: { type: 'string', value: 'text', description: 'Another name for people' } },
  connects: true,
  details: 'What is not given stays as it is; --map replaces the whole map. Who acts by its tokens stays the same.',
  examples: ['colloquy issuer change iss_0192… --map agents.call=a2a:send --map agents.read=a2a:read'],
  async run({ args, client, output }) {
    const issuerId = args.positional(0);
    const { admin } = client();
    const known = (await allItems(admin.listIssuers, {})).find((issuer) => issuer.issuerId === issuerId);
    if (known === undefined) throw unknownIssuer();
    const { name, algorithms, tokenType, subjectClaim, scopesClaim, scopeMap } = known;
    const kept = { name, algorithms, tokenType, subjectClaim, scopesClaim, scopeMap };
    const wanted = args.text('name');
    const settings = { ...kept, ...settingsIn(args), ...(wanted === undefined ? {} : { name: wanted }) };
    output.print(await admin.changeIssuer({ issuer: issuerId, body: settings }), `Changed ${issuerId}.`);
  },
};

/** What the platform says of an issuer that it does not know; to ask it, the settings would have to be known. */
function unknownIssuer(): ColloquyError {
  const message = 'There is no such external issuer.';
  return new ColloquyError({ code: 'access.issuer-unknown', kind: 'not-found', message, retry: { kind: 'never' } });
}

const issuerRemove: Command = {
  name: 'issuer remove',
  summary: 'Accept no more tokens of an external issuer',
  positionals: ['<issuer-id>'],
  options: {},
  connects: true,
  examples: [],
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
export const issuerCommands: readonly Command[] = [issuerAdd, issuerList, issuerChange, issuerRemove];
