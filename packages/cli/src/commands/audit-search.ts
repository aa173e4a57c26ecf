import { items } from '@colloquy/sdk/client';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

const itemsDefault = 50;
const itemsMax = 10_000;
const pageItems = 100;

export const auditSearch: Command = {
  name: 'audit search',
  summary: 'Search the sealed audit entries of the tenant, newest first',
  positionals: [],
  options: {
    from: { type: 'string', value: 'time', description: 'Entries from then on, as in 2026-03-01T00:00:00Z' },
    until: { type: 'string', value: 'time', description: 'Entries before then' },
    actor: { type: 'string', value: 'id', description: 'Only what this principal did' },
    action: { type: 'string', value: 'action', description: 'Only this, as in agent.registered' },
    resource: { type: 'string', value: 'resource', description: 'Only what was done to this, as in agents/echo' },
    outcome: { type: 'string', value: 'outcome', description: 'Only what succeeded, failed or was refused' },
    limit: { type: 'string', value: 'n', description: `Entries to show at most; default ${itemsDefault}` },
  },
  connects: true,
  details: 'Needs the scope audit:read. Entries are sealed a second or two after they were written.',
  examples: [
    'colloquy audit search --outcome refused --from 2026-03-01T00:00:00Z',
    'colloquy audit search --actor cli_… --json',
  ],
  async run({ args, client, output, signal }) {
    const { admin } = client();
    const names = ['from', 'until', 'actor', 'action', 'resource', 'outcome'] as const;
    const wanted = Object.fromEntries(
      names.flatMap((name) => (args.text(name) === undefined ? [] : [[name, args.text(name)]])),
    );
    const itemsWanted = args.wholeNumber('limit', 1, itemsMax) ?? itemsDefault;
    const found = [];
    const limit = Math.min(pageItems, itemsWanted);
    for await (const entry of items(admin.searchAudit, { ...wanted, limit, signal })) {
      if (found.push(entry) >= itemsWanted) break;
    }
    const rows = found.map((one) => [
      String(one.seq),
      one.occurredAt,
      one.action,
      one.outcome,
      one.resource,
      one.actorId,
      Object.entries(one.facts)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ]);
    const head = ['SEQ', 'TIME', 'ACTION', 'OUTCOME', 'RESOURCE', 'ACTOR', 'FACTS'];
    output.print(found, table(head, rows) || 'There are no such entries.');
  },
};
