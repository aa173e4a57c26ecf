import type { Command } from '../command.ts';

export const auditErase: Command = {
  name: 'audit erase',
  summary: 'Make every personal fact about a subject unreadable, for ever',
  positionals: ['subject'],
  options: {},
  connects: true,
  details:
    'Needs the scope audit:erase. The entries stay, and exports are still verified; what was said about the\nsubject reads as [erased]. Nobody can take it back.',
  examples: ['colloquy audit erase per_0190f0e0a0b07000800000000000aaaa'],
  async run({ args, client, output }) {
    const done = await client().admin.eraseAuditSubject({ body: { subjectId: args.positional(0) } });
    output.print(done, done.isNew ? `Erased ${done.subjectId}.` : `${done.subjectId} had been erased before.`);
  },
};
