import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { creditsText } from '../output/credits.ts';
import { table } from '../output/table.ts';

const kinds = ['budget-threshold', 'burn-rate', 'low-credit', 'drift'] as const;

/** One line of figures; the whole is in `--json`. */
function factsText(kind: (typeof kinds)[number], facts: Readonly<Record<string, unknown>>): string {
  const credits = (name: string): string => creditsText(Number(facts[name]));
  switch (kind) {
    case 'budget-threshold':
      return `${String(facts['percent'])} %: ${credits('spentMicrocredits')} of ${credits('limitMicrocredits')} spent`;
    case 'burn-rate':
      return `${credits('measuredMicrocredits')} spent in ${String(facts['measuredSeconds'])} s`;
    case 'low-credit':
      return `${credits('availableMicrocredits')} of ${credits('lowCreditMicrocredits')} available`;
    case 'drift':
      return 'the ledger and the balance differ; tell the operator';
  }
}

const alertList: Command = {
  name: 'alert list',
  summary: 'List the alerts about the credits of the tenant, newest first',
  positionals: [],
  options: {
    kind: { type: 'string', value: 'kind', choices: kinds, description: 'Only alerts of this kind' },
  },
  connects: true,
  details: 'Event sinks get each alert as an event. Needs the scope credits:read. --json prints micro-credits.',
  examples: ['colloquy alert list', 'colloquy alert list --kind low-credit'],
  async run({ args, client, output }) {
    const alerts = await allItems(client().admin.listAlerts, { kind: args.choice('kind', kinds) });
    const rows = alerts.map(({ raisedAt, kind, budget, facts }) => [
      raisedAt,
      kind,
      budget ?? '',
      factsText(kind, facts),
    ]);
    output.print(alerts, table(['TIME', 'KIND', 'BUDGET', 'FIGURES'], rows) || 'There are no alerts.');
  },
};

export const alertNouns: Nouns = {
  alert: { group: 'Credits and limits', summary: 'List alerts about budgets and credits' },
};

export const alertCommands: readonly Command[] = [alertList];
