import type { Command } from '../command.ts';
import { UsageError } from '../usage-error.ts';

export const certificatePin: Command = {
  name: 'certificate pin',
  summary: "Set the keys of which an agent's endpoints have to show one",
  positionals: ['<agent>'],
  options: {
    key: {
      type: 'string',
      value: 'digest',
      multiple: true,
      description: 'SHA-256 of a public key in base64; repeat for more',
    },
    none: { type: 'boolean', description: 'Let any key do whose certificate is vouched for' },
  },
  connects: true,
  details: 'Needs the scope agents:approve. Calls to an endpoint that shows another key fail as upstream.key-refused.',
  examples: [
    'colloquy certificate pin billing --key "$(colloquy certificate check billing --json | jq -r .seen.keyPin)"',
  ],
  async run({ args, client, output }) {
    const keys = args.texts('key');
    if ((keys.length === 0) !== args.flag('none'))
      throw new UsageError('Give the keys, or --none.', 'colloquy certificate check shows the key of an endpoint.');
    const certificate = await client().admin.pinKeys({ agent: args.positional(0), body: { keys } });
    const text =
      keys.length === 0 ? 'Any key will do.' : `Only ${keys.length === 1 ? 'this key' : 'these keys'} will do.`;
    const refused = certificate.endpoints.filter(({ seen }) => seen?.pinned === false);
    const warnings = refused.map(({ origin }) => `${origin} has shown another key: calls to it fail.`);
    output.print(certificate, [`${text} Every process obeys within 5 seconds.`, ...warnings].join('\n'));
  },
};
