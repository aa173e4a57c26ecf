import type { AuditCheckpoint } from '@colloquy/sdk/client';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

export const auditCheckpoints: Command = {
  name: 'audit checkpoints',
  summary: 'List what was signed about the audit entries of the tenant',
  positionals: [],
  options: {
    lines: { type: 'boolean', description: 'Print the signed lines, as "colloquy audit verify" reads them' },
  },
  connects: true,
  details:
    'Needs the scope audit:read. These come from the database. For a proof against whoever can write to\nit, verify with the files that the platform wrote outside (COLLOQUY_AUDIT_CHECKPOINT_DIR), or with\nlines that you collected yourself.',
  examples: ['colloquy audit checkpoints', 'colloquy audit checkpoints --lines > checkpoints.jsonl'],
  async run({ args, client, output, signal }) {
    const { admin } = client();
    const all: AuditCheckpoint[] = [];
    for (let afterSize: number | undefined = 0; afterSize !== undefined;) {
      const page = await admin.listAuditCheckpoints({ limit: 100, signal, ...(afterSize === 0 ? {} : { afterSize }) });
      all.push(...page.items);
      afterSize = page.next;
    }
    const shown = args.flag('lines')
      ? all.map(({ line }) => line).join('\n')
      : table(
          ['ENTRIES', 'SIGNED'],
          all.map(({ size, createdAt }) => [String(size), createdAt]),
        );
    output.print(all, shown || 'Nothing is signed yet.');
  },
};
