import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { endOf } from '../output/certificate-text.ts';
import { table } from '../output/table.ts';

export const certificateList: Command = {
  name: 'certificate list',
  summary: "List the certificates of agents' endpoints, or with --own those of the platform",
  positionals: [],
  options: { own: { type: 'boolean', description: 'What the platform shows to its callers (operators)' } },
  connects: true,
  examples: ['colloquy certificate list', 'colloquy certificate list --own'],
  async run({ args, client, output }) {
    const { admin } = client();
    if (args.flag('own')) {
      const shown = (await admin.listListenerCertificates()).items;
      const own = shown.map(({ listener, subject, names, notAfter }) => [listener, subject, names, endOf(notAfter)]);
      const text = table(['LISTENER', 'SUBJECT', 'NAMES', 'ENDS'], own) || 'The platform listens without TLS.';
      return output.print(shown, text);
    }
    const known = await allItems(admin.listCertificates, {});
    const rows = known.map(({ agent, origin, seen, pinnedKeys }) => [
      agent,
      origin || 'no instance',
      seen === undefined ? 'not looked at' : endOf(seen.notAfter),
      [seen?.warning, seen?.problem, seen?.pinned === false ? 'another key than pinned' : undefined]
        .filter((said) => said !== undefined)
        .join(', '),
      pinnedKeys.length === 0 ? '' : String(pinnedKeys.length),
    ]);
    output.print(known, table(['AGENT', 'ENDPOINT', 'ENDS', 'PROBLEM', 'PINS'], rows) || 'There are no agents.');
  },
};
