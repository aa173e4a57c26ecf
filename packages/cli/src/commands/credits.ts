import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { creditsText, microcreditsOf } from '../output/credits.ts';
import { facts } from '../output/table.ts';

const creditsBalance: Command = {
  name: 'credits balance',
  summary: 'Show the credit balance of the tenant',
  positionals: [],
  options: {},
  connects: true,
  details: 'granted = available + reserved + used. --json prints micro-credits; one million is one credit.',
  examples: ['colloquy credits balance --tenant acme'],
  async run({ client, output }) {
    const balance = await client().admin.readBalance();
    const text = facts([
      ['granted', creditsText(balance.grantedMicrocredits)],
      ['available', creditsText(balance.availableMicrocredits)],
      ['reserved', creditsText(balance.reservedMicrocredits)],
      ['used', creditsText(balance.usedMicrocredits)],
    ]);
    output.print(balance, text);
  },
};

const creditsGrant: Command = {
  name: 'credits grant',
  summary: 'Grant credits to a tenant (operators)',
  positionals: ['<tenant>', '<amount>'],
  options: {
    'grant-id': {
      type: 'string',
      value: 'uuid',
      description: 'UUID that makes the grant idempotent: repeat it safely',
    },
  },
  connects: true,
  examples: ['colloquy credits grant acme 100', 'colloquy credits grant acme 0.25'],
  async run({ args, client, output }) {
    const tenant = args.positional(0);
    const amountMicrocredits = microcreditsOf(args.positional(1), 'The amount');
    const grantId = args.text('grant-id');
    const balance = (
      await client()
        .admin.forTenant(tenant)
        .grantCredits({ body: { amountMicrocredits, ...(grantId === undefined ? {} : { grantId }) } })
    ).balance;
    const available = creditsText(balance.availableMicrocredits);
    output.print(
      balance,
      `Granted ${creditsText(amountMicrocredits)} credits to ${tenant}; ${available} are available.`,
    );
  },
};

export const creditsNouns: Nouns = {
  credits: { group: 'Credits and limits', summary: 'Show the credit balance of a tenant, or grant credits' },
};

/** The commands of credits, in the order of the help. */
export const creditsCommands: readonly Command[] = [creditsBalance, creditsGrant];
