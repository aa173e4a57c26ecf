import { chosen } from '../chosen.ts';
import type { Command } from '../command.ts';
import { instanceFacts } from '../output/instance-text.ts';

const bindings = ['JSONRPC', 'HTTP+JSON', 'GRPC'] as const;

export const instanceAdd: Command = {
  name: 'instance add',
  summary: 'Register a further place where an agent runs',
  positionals: ['<agent>', '<url>'],
  options: {
    binding: { type: 'string', value: 'binding', description: 'JSONRPC (default), HTTP+JSON or GRPC' },
    protocol: { type: 'string', value: 'version', description: 'Version of A2A it speaks; default 1.0' },
    version: { type: 'string', value: 'version', description: 'Which version of the agent runs there' },
    region: { type: 'string', value: 'region', description: 'Where it is, for example eu-1' },
    slots: { type: 'string', value: 'number', description: 'Tasks that it works on at once' },
    weight: { type: 'string', value: 'weight', description: 'Its share of the traffic, 0 to 1000; default 100' },
  },
  connects: true,
  details: 'It stays until it is removed. An agent of the SDK can register itself: see its option "presence".',
  examples: ['colloquy instance add billing https://b.agents.example/a2a --version 2.0 --weight 5'],
  async run({ args, client, output }) {
    const binding = chosen(args, 'binding', bindings);
    const [protocol, version, region] = [args.text('protocol'), args.text('version'), args.text('region')];
    const slots = args.wholeNumber('slots', 1, 100_000);
    const weight = args.wholeNumber('weight', 0, 1_000);
    const added = await client().admin.registerInstance({
      agent: args.positional(0),
      body: {
        url: args.positional(1),
        ...(binding === undefined ? {} : { protocolBinding: binding }),
        ...(protocol === undefined ? {} : { protocolVersion: protocol }),
        ...(version === undefined ? {} : { version }),
        ...(region === undefined ? {} : { region }),
        ...(slots === undefined ? {} : { slotsMax: slots }),
        ...(weight === undefined ? {} : { weight }),
      },
    });
    output.print(added, `Added an instance of ${added.agent}.\n\n${instanceFacts(added)}`);
  },
};
