import type { Command } from '../command.ts';
import { lastEntryIn } from '../last-entry.ts';
import { LocalError } from '../usage-error.ts';

export const auditPrune: Command = {
  name: 'audit prune',
  summary: 'Take away audit entries that an export has',
  positionals: ['file'],
  options: {},
  connects: true,
  details:
    'Needs the scope audit:erase. Verify the export first, and keep it: what goes can not be had again.\nOnly entries go that are older than "colloquy audit retention" says and under a signed checkpoint.',
  examples: ['colloquy audit prune audit.jsonl'],
  async run({ args, client, output }) {
    const path = args.positional(0);
    const last = await lastEntryIn(path);
    if (last === null)
      throw new LocalError(`The file ${path} has no audit entry.`, 'Write one: colloquy audit export.');
    const pruned = await client().admin.pruneAudit({ body: { throughSeq: last.seq, hash: last.hash } });
    const { entries, prunedThroughSeq } = pruned;
    output.print(pruned, `Pruned ${entries} entries. The chain begins behind sequence ${prunedThroughSeq}.`);
  },
};
