import type { OperationArguments, OperationAnswer } from '@colloquy/sdk/client';
import { allItems, itemsWantedBy, limitOption } from '../all-items.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { jsonGiven, jsonObjectGiven } from '../json-file.ts';
import type { Nouns } from '../noun.ts';
import { creditsText } from '../output/credits.ts';
import { priceText, quotedLine, sourceText } from '../output/price-text.ts';
import { facts, table } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

type PriceBody = OperationArguments<'setPriceOverride'>['body'];

const skillOption = { type: 'string', value: 'id', description: 'Only for this skill of the agent' } as const;

const priceShow: Command = {
  name: 'price show',
  summary: 'Show what calls of an agent and of its skills cost now',
  positionals: ['<agent>'],
  options: {},
  connects: true,
  details:
    'The first line is the price of every skill without a price of its own. An override of the tenant precedes the\ncard, and the card precedes the price of the registration.',
  examples: ['colloquy price show scorer'],
  async run({ args, client, output }) {
    const shown = await client().admin.readAgentPrices({ agent: args.positional(0) });
    const now = shown.prices.map((one) => [one.skill ?? '(agent)', priceText(one.price), sourceText(one.source)]);
    const later = shown.upcoming.map((one) => [
      one.skill ?? '(agent)',
      priceText(one.price),
      `override from ${one.effectiveFrom}`,
    ]);
    output.print(shown, table(['SKILL', 'PRICE', 'FROM'], [...now, ...later]));
  },
};

const priceList: Command = {
  name: 'price list',
  summary: 'List the prices by which the tenant overrides cards',
  positionals: [],
  options: limitOption('prices'),
  connects: true,
  examples: ['colloquy price list'],
  async run({ args, client, output, signal }) {
    const found = await allItems(client().admin.listPriceOverrides, { signal }, itemsWantedBy(args));
    const rows = found.map((one) => [
      one.agent,
      one.skill ?? '(agent)',
      one.effectiveFrom,
      one.inForce ? 'yes' : 'no',
      priceText(one.price),
    ]);
    output.print(
      found,
      table(['AGENT', 'SKILL', 'FROM', 'IN FORCE', 'PRICE'], rows) || 'There are no price overrides.',
    );
  },
};

const priceSet: Command = {
  name: 'price set',
  summary: 'Override the price of an agent or of one of its skills, from a date on',
  positionals: ['<agent>'],
  options: {
    skill: skillOption,
    from: { type: 'string', value: 'time', description: 'Time (RFC 3339) from which it holds; default now' },
    'per-call': { type: 'string', value: 'credits', description: 'Price of a call' },
    'per-item': { type: 'string', value: 'credits', description: 'Price of each item' },
    'items-of': {
      type: 'string',
      value: 'path',
      description: 'JSON path that counts the items in the inputs, for example $.leadIds[*]',
    },
    'per-second': { type: 'string', value: 'credits', description: 'Price of each second that the agent works' },
    'per-unit': {
      type: 'string',
      value: 'unit=credits',
      multiple: true,
      description: 'Price of each unit that the agent reports, for example tokens=0.001',
    },
    minimum: { type: 'string', value: 'credits', description: 'What a call costs at least' },
    'price-json': {
      type: 'string',
      value: 'json',
      description: 'The whole price as JSON, or @file; for tiers and estimates',
    },
  },
  connects: true,
  details:
    'Tasks that were recorded before keep their price. A part whose quantity no message tells reserves the default of\nthe tenant for unknown prices, unless --price-json states an estimate.',
  examples: [
    'colloquy price set scorer --per-call 0.25',
    `colloquy price set scorer --skill scoreLookalike --per-item 0.5 --items-of '$.leadIds[*]'`,
    `colloquy price set scorer --from 2027-01-01T00:00:00Z --price-json @price.json`,
  ],
  async run({ args, client, output }) {
    const agent = args.positional(0);
    const [skill, effectiveFrom] = [args.text('skill'), args.text('from')];
    const body = { price: priceOf(args), ...(effectiveFrom === undefined ? {} : { effectiveFrom }) };
    const set = await client().admin.setPriceOverride({ agent, skill, body });
    const since = set.inForce ? 'now' : `from ${set.effectiveFrom} on`;
    output.print(set, `A call of ${subjectText(agent, skill)} costs ${priceText(set.price)} ${since}.`);
  },
};

const priceUnset: Command = {
  name: 'price unset',
  summary: 'Remove overrides, so that the price of the card holds again',
  positionals: ['<agent>'],
  options: {
    skill: skillOption,
    from: {
      type: 'string',
      value: 'time',
      description: 'Only the override from this time on, as "price list" shows it',
    },
  },
  connects: true,
  examples: ['colloquy price unset scorer', 'colloquy price unset scorer --from 2027-01-01T00:00:00Z'],
  async run({ args, client, output }) {
    const agent = args.positional(0);
    const [skill, from] = [args.text('skill'), args.text('from')];
    await client().admin.unsetPriceOverrides({ agent, skill, from });
    const removed = { agent, ...(skill === undefined ? {} : { skill }), ...(from === undefined ? {} : { from }) };
    output.print(
      removed,
      `Removed ${from === undefined ? 'every override' : 'the override'} of ${subjectText(agent, skill)}.`,
    );
  },
};

const quote: Command = {
  name: 'quote',
  summary: 'Show what a call of an agent would cost now, and why',
  positionals: ['<agent>', '[text]'],
  options: {
    skill: { type: 'string', value: 'id', description: 'Skill that the call is for' },
    data: { type: 'string', value: 'json', description: 'Inputs as JSON, or @file; instead of a text' },
  },
  connects: true,
  details:
    'Nothing is recorded, and the agent hears nothing of it. The reservation is what a send would reserve; the task\nthen costs what it took. --json prints micro-credits; one million is one credit.',
  examples: [
    'colloquy quote echo "Hello"',
    `colloquy quote scorer --skill scoreLookalike --data '{"leadIds": ["a", "b"]}'`,
  ],
  async run({ args, client, output }) {
    const agent = args.positional(0);
    const quoted = await client().admin.quote({ agent, body: callOf(args) });
    output.print(quoted, quoteText(quoted));
  },
};

function callOf(args: Arguments): OperationArguments<'quote'>['body'] {
  const [skill, data, text] = [args.text('skill'), args.text('data'), args.positional(1)];
  if (data !== undefined && text !== '')
    throw new UsageError('A call has a text or data, not both.', 'Leave out the text or --data.');
  return {
    ...(skill === undefined ? {} : { skill }),
    ...(data === undefined ? {} : { inputs: jsonGiven(data, '--data') }),
    ...(text === '' ? {} : { message: { parts: [{ text }] } }),
  };
}

function quoteText(quoted: OperationAnswer<'quote'>): string {
  const lines = table(['PART', 'QUANTITY', 'EACH', 'CREDITS', 'WHY'], quoted.lines.map(quotedLine));
  const refusing = quoted.budgets.filter(({ allows }) => !allows).map(({ name }) => name);
  const verdict = quoted.affordable
    ? 'yes'
    : refusing.length === 0
      ? 'no: not enough credits are available'
      : `no: the budget ${refusing.join(', ')} refuses it`;
  const sums = facts([
    ['price from', sourceText(quoted.source)],
    ['total', creditsText(quoted.totalMicrocredits)],
    ['reserved', `${creditsText(quoted.reserveMicrocredits)}${reservedBecause(quoted)}`],
    ...(quoted.availableMicrocredits === undefined
      ? []
      : [['available', creditsText(quoted.availableMicrocredits)] as const]),
    ['affordable', verdict],
  ]);
  return `${lines}\n\n${sums}`;
}

function reservedBecause({ cached, reservedFor }: OperationAnswer<'quote'>): string {
  if (cached !== undefined) return ' (a cached result would answer)';
  return reservedFor === undefined ? '' : ` (its fallback agent ${reservedFor} costs more)`;
}

const subjectText = (agent: string, skill: string | undefined): string =>
  skill === undefined ? agent : `the skill ${skill} of ${agent}`;

/** The price of the command line: from its JSON, or from options for its parts. */
function priceOf(args: Arguments): PriceBody['price'] {
  const json = args.text('price-json');
  const [perItem, itemsOf] = [args.text('per-item'), args.text('items-of')];
  const units = args.texts('per-unit').map(unitOf);
  if (itemsOf !== undefined && perItem === undefined)
    throw new UsageError('--items-of says what is counted, but not its price.', 'Give --per-item as well.');
  const parts = {
    perCall: args.text('per-call'),
    perItem: perItem === undefined ? undefined : { price: perItem, ...(itemsOf === undefined ? {} : { of: itemsOf }) },
    perSecond: args.text('per-second'),
    perUnit: units.length === 0 ? undefined : Object.fromEntries(units),
    minimum: args.text('minimum'),
  };
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  if (json === undefined && given.length > 0) return Object.fromEntries(given);
  if (json !== undefined && given.length === 0) return jsonObjectGiven(json, '--price-json');
  const problem = json === undefined ? 'No price was given.' : 'A price is given as JSON or in parts, not both.';
  throw new UsageError(problem, 'Give --per-call, --per-item, --per-second or --per-unit, or else --price-json.');
}

function unitOf(text: string): readonly [string, string] {
  const [, unit, price] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (unit !== undefined && price !== undefined) return [unit, price];
  throw new UsageError(`--per-unit must be a unit with its price, not "${text}".`, 'Write it like tokens=0.001.');
}

export const priceNouns: Nouns = {
  price: { group: 'Credits and limits', summary: 'Show the prices of agents, and override them from a date on' },
  quote: { group: 'Call agents' },
};

/** The commands of prices, in the order of the help. */
export const priceCommands: readonly Command[] = [priceShow, priceList, priceSet, priceUnset, quote];
