import { allItems, itemsWantedBy, limitOption } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { creditsText, microcreditsOf } from '../output/credits.ts';
import { facts, table } from '../output/table.ts';

const creditsBalance: Command = {
  name: 'credits balance',
  summary: 'Show the credit balance of the tenant',
  positionals: [],
  options: {},
  connects: true,
  details: 'granted = available + reserved + used. --json prints micro-credits; one million is one credit.',
  examples: ['colloquy credits balance --tenant acme'],
  async run({ client, output, settings }) {
    const balance = await client().admin.readBalance();
    const text = facts([
      ['tenant', settings().tenant],
      ['granted', creditsText(balance.grantedMicrocredits)],
      ['available', creditsText(balance.availableMicrocredits)],
      ['reserved', creditsText(balance.reservedMicrocredits)],
      ['used', creditsText(balance.usedMicrocredits)],
    ]);
    output.print(balance, text);
  },
};

const creditsEntries: Command = {
  name: 'credits entries',
  summary: 'List what moved the credits of the tenant, newest first',
  positionals: [],
  options: {
    task: { type: 'string', value: 'id', description: 'Only the entries of this task' },
    ...limitOption('entries'),
  },
  connects: true,
  details:
    'A task reserves its price when it is recorded. At its end the price is settled (charged), released\n' +
    '(refunded), or a part of each. Needs the scope credits:read. --json prints micro-credits.',
  examples: ['colloquy credits entries', 'colloquy credits entries --task tsk_…'],
  async run({ args, client, output, signal }) {
    const itemsWanted = itemsWantedBy(args);
    const query = { taskId: args.text('task'), signal };
    const entries = await allItems(client().admin.listLedgerEntries, query, itemsWanted);
    const rows = entries.map((one) => [
      one.createdAt,
      one.kind,
      creditsText(one.amountMicrocredits),
      one.taskId ?? '',
      one.agent ?? '',
      one.ownerName ?? one.ownerId ?? '',
    ]);
    output.print(
      entries,
      table(['TIME', 'KIND', 'CREDITS', 'TASK', 'AGENT', 'CALLER'], rows) || 'There are no entries.',
    );
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
  credits: {
    group: 'Credits and limits',
    summary: 'Show the balance and entries of a tenant, or grant credits',
  },
};

/** The commands of credits, in the order of the help. */
export const creditsCommands: readonly Command[] = [creditsBalance, creditsEntries, creditsGrant];
