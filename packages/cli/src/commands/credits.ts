import type { OperationAnswer } from '@colloquy/sdk/client';
import { exitStatus } from '../exit-status.ts';
import { allItems, itemsWantedBy, limitOption } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { reconciliationText, statementCsv, statementText } from '../output/credit-books-text.ts';
import { creditsText, microcreditsOf } from '../output/credits.ts';
import { UsageError } from '../usage-error.ts';
import { facts, table } from '../output/table.ts';

const creditsBalance: Command = {
  name: 'credits balance',
  summary: 'Show the credit balance of the tenant',
  positionals: [],
  options: {},
  connects: true,
  details:
    'granted + overage = available + reserved + used + expired. --json prints micro-credits; one million is one credit.',
  examples: ['colloquy credits balance --tenant acme'],
  async run({ client, output, settings }) {
    const balance = await client().admin.readBalance();
    const text = facts([
      ['tenant', settings().tenant],
      ['granted', creditsText(balance.grantedMicrocredits)],
      ['available', creditsText(balance.availableMicrocredits)],
      ['reserved', creditsText(balance.reservedMicrocredits)],
      ['used', creditsText(balance.usedMicrocredits)],
      ...(balance.expiredMicrocredits > 0 ? [['expired', creditsText(balance.expiredMicrocredits)] as const] : []),
      ...(balance.overageMicrocredits > 0 ? [['overage', creditsText(balance.overageMicrocredits)] as const] : []),
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
    '(refunded), or a part of each; a charge or overage is what it cost beyond that. Needs the scope credits:read. --json prints micro-credits.',
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
    expires: {
      type: 'string',
      value: 'time',
      description: 'When what is left of the grant expires, for example 2027-01-01',
    },
  },
  connects: true,
  examples: ['colloquy credits grant acme 100', 'colloquy credits grant acme 0.25'],
  async run({ args, client, output }) {
    const tenant = args.positional(0);
    const amountMicrocredits = microcreditsOf(args.positional(1), 'The amount');
    const grantId = args.text('grant-id');
    const expires = args.text('expires');
    const body = {
      amountMicrocredits,
      ...(grantId === undefined ? {} : { grantId }),
      ...(expires === undefined ? {} : { expiresAt: expiryOf(expires) }),
    };
    const { balance } = await client().admin.forTenant(tenant).grantCredits({ body });
    const available = creditsText(balance.availableMicrocredits);
    output.print(
      balance,
      `Granted ${creditsText(amountMicrocredits)} credits to ${tenant}; ${available} are available.`,
    );
  },
};

function expiryOf(text: string): string {
  // A time without a zone would depend on that of this machine.
  const isExact = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const time = new Date(isExact ? text : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new UsageError(`"${text}" is not a time.`, 'Write it like 2027-01-01 or 2027-01-01T12:00:00Z.');
}

const creditsTransfer: Command = {
  name: 'credits transfer',
  summary: 'Move available credits from one tenant to another (operators)',
  positionals: ['<from>', '<to>', '<amount>'],
  options: {
    'transfer-id': {
      type: 'string',
      value: 'uuid',
      description: 'UUID that makes the transfer idempotent: repeat it safely',
    },
  },
  connects: true,
  examples: ['colloquy credits transfer acme globex 25'],
  async run({ args, client, output }) {
    const [from, to] = [args.positional(0), args.positional(1)];
    const amountMicrocredits = microcreditsOf(args.positional(2), 'The amount');
    const transferId = args.text('transfer-id');
    const body = { to, amountMicrocredits, ...(transferId === undefined ? {} : { transferId }) };
    const { balance } = await client().admin.forTenant(from).transferCredits({ body });
    const available = creditsText(balance.availableMicrocredits);
    output.print(
      balance,
      `Moved ${creditsText(amountMicrocredits)} credits to ${to}; ${from} has ${available} available.`,
    );
  },
};

const creditsStatement: Command = {
  name: 'credits statement',
  summary: 'Show what moved the credits of the tenant in a month of UTC',
  positionals: ['<month>'],
  options: { csv: { type: 'boolean', description: 'Print lines of comma-separated values, in micro-credits' } },
  connects: true,
  details: 'The closing balance of a month is the opening balance of the next. --json and --csv print micro-credits.',
  examples: ['colloquy credits statement 2026-11', 'colloquy credits statement 2026-11 --csv'],
  async run({ args, client, output }) {
    const statement = await client().admin.readCreditStatement({ month: args.positional(0) });
    output.print(statement, args.flag('csv') ? statementCsv(statement) : statementText(statement));
  },
};

const creditsReconcile: Command = {
  name: 'credits reconcile',
  summary: 'Compare the wallet of a tenant with its ledger (operators)',
  positionals: ['<tenant>'],
  options: { last: { type: 'boolean', description: 'Show what the last comparison found, and make none' } },
  connects: true,
  details:
    'Recomputes every balance from all entries, and compares them with the wallet, open tasks and grants.\nThe platform does so once a day. The status is 1 when something differs.',
  examples: ['colloquy credits reconcile acme', 'colloquy credits reconcile acme --last'],
  async run({ args, client, output }) {
    const admin = client().admin.forTenant(args.positional(0));
    const found = await (args.flag('last') ? admin.readReconciliation() : admin.reconcileCredits());
    output.print(found, reconciliationText(found));
    return found.drifts.length === 0 ? exitStatus.ok : exitStatus.unexpected;
  },
};

const settingsShow: Command = {
  name: 'credits settings',
  summary: 'Show how the credits of the tenant are charged',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy credits settings'],
  async run({ client, output }) {
    const settings = await client().admin.readCreditSettings();
    output.print(settings, settingsText(settings));
  },
};

const settingsSet: Command = {
  name: 'credits configure',
  summary: 'Set how the credits of a tenant are charged (operators)',
  positionals: ['<tenant>'],
  options: {
    overage: {
      type: 'string',
      value: 'policy',
      choices: ['cap', 'debit'],
      description: 'What happens when a task costs more than reserved',
    },
    'overage-max': { type: 'string', value: 'credits', description: 'The most that the tenant may owe' },
    'unknown-price': {
      type: 'string',
      value: 'credits',
      description: 'Reserved in place of a price that cannot be computed',
    },
    'low-credit': { type: 'string', value: 'credits', description: 'Raise an alert below this; "none" for none' },
  },
  connects: true,
  details:
    'What is not given stays as it is. cap: a task never costs more than was reserved. debit: the rest is\ncharged, and owed when the wallet is empty.',
  examples: ['colloquy credits configure acme --overage debit --overage-max 50'],
  async run({ args, client, output }) {
    const admin = client().admin.forTenant(args.positional(0));
    const low = args.text('low-credit');
    const current = await admin.readCreditSettings();
    const given = {
      overagePolicy: args.text('overage'),
      overageMaxMicrocredits: amountOf(args.text('overage-max'), '--overage-max'),
      unknownPriceMicrocredits: amountOf(args.text('unknown-price'), '--unknown-price'),
      lowCreditMicrocredits: low === 'none' ? null : amountOf(low, '--low-credit'),
    };
    const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const settings = await admin.setCreditSettings({ body: { ...current, ...changes } });
    output.print(settings, settingsText(settings));
  },
};

function amountOf(text: string | undefined, name: string): number | undefined {
  return text === undefined ? undefined : microcreditsOf(text, name);
}

function settingsText(settings: OperationAnswer<'readCreditSettings'>): string {
  const low = settings.lowCreditMicrocredits;
  return facts([
    ['overage', settings.overagePolicy],
    ['overage-max', creditsText(settings.overageMaxMicrocredits)],
    ['unknown-price', creditsText(settings.unknownPriceMicrocredits)],
    ['low-credit', low === null ? 'none' : creditsText(low)],
  ]);
}

export const creditsNouns: Nouns = {
  credits: {
    group: 'Credits and limits',
    summary: 'Show the balance and entries of a tenant, or grant credits',
  },
};

/** The commands of credits, in the order of the help. */
export const creditsCommands: readonly Command[] = [
  creditsBalance,
  creditsEntries,
  creditsGrant,
  creditsTransfer,
  creditsStatement,
  creditsReconcile,
  settingsShow,
  settingsSet,
];
