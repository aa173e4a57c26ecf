import type { AdminClient } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { creditsText, microcreditsOf } from '../output/credits.ts';
import { facts, table } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

const scopeText = ({ scope, subject }: { readonly scope: string; readonly subject?: string | undefined }): string =>
  subject === undefined ? scope : `${scope} ${subject}`;

const budgetList: Command = {
  name: 'budget list',
  summary: 'List the budgets of the tenant and what each has left',
  positionals: [],
  options: {},
  connects: true,
  details: 'SPENT includes what open tasks hold. Needs the scope credits:read. --json prints micro-credits.',
  examples: ['colloquy budget list'],
  async run({ client, output }) {
    const budgets = await allItems(client().admin.listBudgets, {});
    const rows = budgets.map((one) => [
      one.name,
      scopeText(one),
      one.period,
      one.mode,
      creditsText(one.limitMicrocredits),
      creditsText(one.spentMicrocredits),
      creditsText(one.leftMicrocredits),
    ]);
    output.print(
      budgets,
      table(['NAME', 'FOR', 'PER', 'MODE', 'LIMIT', 'SPENT', 'LEFT'], rows) || 'There are no budgets.',
    );
  },
};

const budgetShow: Command = {
  name: 'budget show',
  summary: 'Show a budget: what is spent, reserved and left, and when it runs out',
  positionals: ['<name>'],
  options: {},
  connects: true,
  examples: ['colloquy budget show sales'],
  async run({ args, client, output }) {
    const budget = await client().admin.getBudget({ budget: args.positional(0) });
    const { projectedMicrocredits, runsOutAt, endsAt } = budget;
    const text = facts([
      ['budget', budget.name],
      ['for', scopeText(budget)],
      ['period', endsAt === undefined ? budget.period : `${budget.period}, ${budget.startsAt} to ${endsAt}`],
      ['mode', budget.mode],
      ['limit', creditsText(budget.limitMicrocredits)],
      ['spent', creditsText(budget.spentMicrocredits)],
      ['reserved', creditsText(budget.reservedMicrocredits)],
      ['left', creditsText(budget.leftMicrocredits)],
      ['alerts at', budget.alertPercents.map((percent) => `${percent} %`).join(', ') || 'none'],
      ...(budget.burnRateFactor === undefined ? [] : [['burn rate', `alert at ${budget.burnRateFactor}`] as const]),
      ...(projectedMicrocredits === undefined
        ? []
        : [['projected', `${creditsText(projectedMicrocredits)} at the end`] as const]),
      ...(runsOutAt === undefined ? [] : [['runs out', runsOutAt] as const]),
    ]);
    output.print(budget, text);
  },
};

type BudgetSettings = Parameters<AdminClient['setBudget']>[0]['body'];

const scopes = ['agent', 'skill', 'client', 'department', 'cost-center'] as const;

const budgetSet: Command = {
  name: 'budget set',
  summary: 'Set what the tenant, or a part of it, may spend in a period',
  positionals: ['<name>'],
  options: {
    limit: { type: 'string', value: 'credits', description: 'Credits for one period, such as 100 or 0.25' },
    per: { type: 'string', choices: ['day', 'month', 'total'], description: 'Period (UTC); default month' },
    agent: { type: 'string', value: 'name', description: 'Pays for tasks of this agent' },
    skill: { type: 'string', value: 'agent/skill', description: 'Pays for tasks of this skill' },
    client: { type: 'string', value: 'id', description: 'Pays for tasks of this client, API key or person' },
    department: {
      type: 'string',
      value: 'name',
      description: 'Pays for tasks of this department: of the client or API key, else of the agent',
    },
    'cost-center': {
      type: 'string',
      value: 'name',
      description: 'Pays for tasks of this cost center: of the client or API key, else of the agent',
    },
    soft: { type: 'boolean', description: 'Count only; refuse nothing' },
    'alert-at': { type: 'string', value: 'percents', description: 'Alert thresholds; default 50,80,100' },
    'burn-rate': { type: 'string', value: 'factor', description: 'Alert when credits go so many times too fast' },
  },
  connects: true,
  details:
    'Without --agent, --skill, --client, --department or --cost-center it pays for all tasks of the tenant.\n' +
    'Replaces the former budget of the name. With the same scope and period it goes on counting; otherwise\n' +
    'it counts anew. Needs the scope limits:write.',
  examples: [
    'colloquy budget set everything --limit 5000',
    'colloquy budget set sales --limit 100 --per day --department Sales --alert-at 80,100',
  ],
  async run({ args, client, output }) {
    const name = args.positional(0);
    const limit = args.text('limit');
    if (limit === undefined) throw new UsageError('--limit is missing.', 'Give the credits for one period.');
    const alertAt = args.text('alert-at');
    const burnRate = args.text('burn-rate');
    const body: BudgetSettings = {
      ...scopeOf(args),
      limitMicrocredits: microcreditsOf(limit, '--limit'),
      period: args.choice('per', ['day', 'month', 'total']) ?? 'month',
      mode: args.flag('soft') ? 'soft' : 'hard',
      ...(alertAt === undefined ? {} : { alertPercents: percentsOf(alertAt) }),
      ...(burnRate === undefined ? {} : { burnRateFactor: factorOf(burnRate) }),
    };
    const budget = await client().admin.setBudget({ budget: name, body });
    const left = creditsText(budget.leftMicrocredits);
    output.print(budget, `Set the budget ${budget.name} for ${scopeText(budget)}; ${left} credits are left.`);
  },
};

function scopeOf(args: Arguments): Pick<BudgetSettings, 'scope' | 'subject'> {
  const given = scopes.flatMap((scope) => {
    const subject = args.text(scope);
    return subject === undefined ? [] : [{ scope, subject }];
  });
  if (given.length > 1)
    throw new UsageError(
      'A budget has one scope.',
      `Give only one of ${scopes.map((scope) => `--${scope}`).join(', ')}.`,
    );
  return given[0] ?? {};
}

function percentsOf(text: string): number[] {
  const percents = text === 'none' ? [] : text.split(',');
  if (percents.every((percent) => /^[1-9]\d{0,3}$/.test(percent))) return percents.map(Number);
  throw new UsageError(
    `--alert-at must be percentages, not "${text}".`,
    'Write it like --alert-at 50,80,100, or none.',
  );
}

function factorOf(text: string): number {
  if (/^\d{1,4}(\.\d{1,3})?$/.test(text)) return Number(text);
  throw new UsageError(`--burn-rate must be a number, not "${text}".`, 'Write it like --burn-rate 2.');
}

const budgetUnset: Command = {
  name: 'budget unset',
  summary: 'Remove a budget and forget what it was charged',
  positionals: ['<name>'],
  options: {},
  connects: true,
  details: 'Needs the scope limits:write.',
  examples: ['colloquy budget unset sales'],
  async run({ args, client, output }) {
    const name = args.positional(0);
    await client().admin.unsetBudget({ budget: name });
    output.print({ name }, `Removed the budget ${name}.`);
  },
};

export const budgetNouns: Nouns = {
  budget: { group: 'Credits and limits', summary: 'Set what may be spent in a period, and show what is left' },
};

export const budgetCommands: readonly Command[] = [budgetList, budgetShow, budgetSet, budgetUnset];
