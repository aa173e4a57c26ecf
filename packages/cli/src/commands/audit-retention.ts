import type { AuditRetention } from '@colloquy/sdk/client';
import type { Command } from '../command.ts';

const keepDaysMin = 30;
const keepDaysMax = 3_650;

export const auditRetention: Command = {
  name: 'audit retention',
  summary: 'Show or set how long the tenant keeps its audit entries',
  positionals: [],
  options: {
    'keep-days': {
      type: 'string',
      value: 'days',
      description: 'Keep entries for so many days at least, 30 to 3650',
    },
  },
  connects: true,
  details:
    'Needs the scope audit:read, and audit:erase to set it. Without one, entries are kept for ever. Nothing\ngoes by itself: "colloquy audit prune" takes away what is older and was exported.',
  examples: ['colloquy audit retention', 'colloquy audit retention --keep-days 400'],
  async run({ args, client, output }) {
    const { admin } = client();
    const keepDays = args.wholeNumber('keep-days', keepDaysMin, keepDaysMax);
    const kept =
      keepDays === undefined ? await admin.readAuditRetention() : await admin.setAuditRetention({ body: { keepDays } });
    output.print(kept, textOf(kept));
  },
};

function textOf({ keepDays, prunedThroughSeq }: AuditRetention): string {
  const kept =
    keepDays === undefined ? 'Entries are kept for ever.' : `Entries are kept for ${keepDays} days at least.`;
  return prunedThroughSeq === 0 ? kept : `${kept} The chain begins behind sequence ${prunedThroughSeq}.`;
}
