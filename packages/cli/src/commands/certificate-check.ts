import type { Command } from '../command.ts';
import { endOf } from '../output/certificate-text.ts';
import { facts } from '../output/table.ts';

export const certificateCheck: Command = {
  name: 'certificate check',
  summary: "Look at the certificate of an agent's endpoint now",
  positionals: ['<agent>'],
  options: {},
  connects: true,
  examples: ['colloquy certificate check billing'],
  async run({ args, client, output }) {
    const certificate = await client().admin.certificates.check(args.positional(0));
    const { origin, seen, pinnedKeys } = certificate;
    const isPinned = pinnedKeys.length > 0;
    const pins = isPinned ? (pinnedKeys.includes(seen?.keyPin ?? '') ? 'shown' : 'NOT shown') : 'none';
    output.print(
      certificate,
      facts([
        ['endpoint', origin],
        ['subject', seen?.subject ?? ''],
        ['issuer', seen?.issuer ?? ''],
        ['ends', endOf(seen?.notAfter ?? '')],
        ['key', seen?.keyPin ?? ''],
        ['pinned key', pins],
        ['problem', seen?.problem ?? 'none'],
      ]),
    );
  },
};
