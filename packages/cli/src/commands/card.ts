import type { CardPolicy } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { jsonIn } from '../json-file.ts';
import type { Nouns } from '../noun.ts';
import { facts, table } from '../output/table.ts';

const cardKeyAdd: Command = {
  name: 'card-key add',
  summary: 'Trust agent cards that a key signed',
  positionals: ['<name>', '<jwk-file>'],
  options: { kid: { type: 'string', value: 'id', description: 'Key id that signatures name, when the file has none' } },
  connects: true,
  details:
    'The file holds one public JSON Web Key (RFC 7517). The platform never takes keys from a card, or from an\n' +
    'address on a card. Needs the scope agents:approve.',
  examples: ['colloquy card-key add "Agents of Acme" ./acme-public.jwk.json'],
  async run({ args, client, output }) {
    const kid = args.text('kid');
    const jwk = { ...jsonIn(args.positional(1)), ...(kid === undefined ? {} : { kid }) };
    const key = await client().admin.addCardKey({ body: { name: args.positional(0), jwk } });
    output.print(key, `Trusting ${key.kid} (${key.algorithms.join(', ')}).`);
  },
};

const cardKeyList: Command = {
  name: 'card-key list',
  summary: 'List the trusted card keys, including revoked keys',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy card-key list'],
  async run({ client, output }) {
    const { admin } = client();
    const keys = await allItems(admin.listCardKeys, {});
    const rows = keys.map(({ kid, name, algorithms, revokedAt, addedBy }) => [
      kid,
      name,
      algorithms.join(' '),
      revokedAt === undefined ? 'trusted' : `revoked ${revokedAt}`,
      addedBy,
    ]);
    output.print(keys, table(['KEY', 'NAME', 'ALGORITHMS', 'STATE', 'ADDED BY'], rows) || 'There are no card keys.');
  },
};

const cardKeyRevoke: Command = {
  name: 'card-key revoke',
  summary: 'Revoke a card key; its key id can not be used again',
  positionals: ['<kid>'],
  options: {},
  connects: true,
  examples: ['colloquy card-key revoke acme/1'],
  async run({ args, client, output }) {
    const kid = args.positional(0);
    await client().admin.revokeCardKey({ kid });
    output.print({ kid, revoked: true }, `Revoked ${kid}.`);
  },
};

const signatures = ['accept', 'require'] as const;
const approval = ['signed', 'always', 'never'] as const;

const text = (policy: CardPolicy): string =>
  facts([
    ['signatures', policy.signatures],
    ['approval', policy.approval],
  ]);

const cardPolicy: Command = {
  name: 'card-policy',
  summary: 'Show or set what the tenant requires of agent cards',
  positionals: [],
  options: {
    signatures: {
      type: 'string',
      value: 'policy',
      choices: signatures,
      description: 'Accept every card, or require a signature by a trusted key',
    },
    approval: {
      type: 'string',
      value: 'policy',
      choices: approval,
      description: 'When a changed address, security or skill list needs approval',
    },
  },
  connects: true,
  details: 'An option that is left out keeps its value. Setting needs the scope agents:approve.',
  examples: ['colloquy card-policy', 'colloquy card-policy --signatures require'],
  async run({ args, client, output }) {
    const { admin } = client();
    const wanted = { signatures: args.choice('signatures', signatures), approval: args.choice('approval', approval) };
    const now = await admin.getCardPolicy();
    if (wanted.signatures === undefined && wanted.approval === undefined) return output.print(now, text(now));
    const next = await admin.setCardPolicy({
      body: {
        signatures: wanted.signatures ?? known(now.signatures, signatures),
        approval: wanted.approval ?? known(now.approval, approval),
      },
    });
    output.print(next, text(next));
  },
};

/** A newer platform may have policies that this command does not know; then the strictest known one is kept. */
function known<Policy extends string>(value: string, policies: readonly [Policy, Policy, ...Policy[]]): Policy {
  return policies.find((policy) => policy === value) ?? policies[1];
}

export const cardNouns: Nouns = {
  'card-key': { group: 'Register agents', summary: 'Manage the keys whose card signatures the tenant trusts' },
  'card-policy': { group: 'Register agents', summary: 'Show or set what the tenant requires of agent cards' },
};

/** The commands of card, in the order of the help. */
export const cardCommands: readonly Command[] = [cardKeyAdd, cardKeyList, cardKeyRevoke, cardPolicy];
