import type { CheckedCertificate } from '@colloquy/sdk/client';
import type { Command } from '../command.ts';
import { endOf } from '../output/certificate-text.ts';
import { facts } from '../output/table.ts';

export const certificateCheck: Command = {
  name: 'certificate check',
  summary: "Look at the certificates of an agent's endpoints now",
  positionals: ['<agent>'],
  options: {
    endpoint: { type: 'string', value: 'origin', description: 'Look at this one only, as certificate list shows it' },
  },
  connects: true,
  details: 'An agent has as many endpoints as its instances have origins; each is looked at and told of.',
  examples: [
    'colloquy certificate check billing',
    'colloquy certificate check billing --endpoint https://b.agents.example',
  ],
  async run({ args, client, output }) {
    const only = { origin: args.text('endpoint') };
    const certificates = await client().admin.checkCertificate({ agent: args.positional(0), ...only });
    output.print(certificates, certificates.endpoints.map(textOf).join('\n\n'));
  },
};

function textOf({ origin, instances, seen, failure }: CheckedCertificate): string {
  const where = [
    ['endpoint', origin],
    ['instances', instances.join(' ')],
  ] as const;
  if (failure !== undefined) return facts([...where, ['not looked at', failure]]);
  const pins = seen?.pinned === undefined ? 'none' : seen.pinned ? 'shown' : 'NOT shown';
  return facts([
    ...where,
    ['subject', seen?.subject ?? ''],
    ['issuer', seen?.issuer ?? ''],
    ['ends', endOf(seen?.notAfter ?? '')],
    ['key', seen?.keyPin ?? ''],
    ['pinned key', pins],
    ['problem', seen?.problem ?? 'none'],
  ]);
}
