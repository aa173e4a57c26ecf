import type { Command } from '../command.ts';
import { instanceFacts } from '../output/instance-text.ts';
import { UsageError } from '../usage-error.ts';

export const instanceChange: Command = {
  name: 'instance change',
  summary: 'Change the weight, version, region or slots of an instance',
  positionals: ['<agent>', '<instance>'],
  options: {
    weight: { type: 'string', value: 'weight', description: 'Its share of the traffic, 0 to 1000' },
    version: { type: 'string', value: 'version', description: 'Which version of the agent runs there' },
    region: { type: 'string', value: 'region', description: 'Where it is' },
    slots: { type: 'string', value: 'number', description: 'Tasks that it works on at once' },
  },
  connects: true,
  examples: ['colloquy instance change billing ins_… --weight 50'],
  async run({ args, client, output }) {
    const [version, region] = [args.text('version'), args.text('region')];
    const slots = args.wholeNumber('slots', 1, 100_000);
    const weight = args.wholeNumber('weight', 0, 1_000);
    const change = {
      ...(weight === undefined ? {} : { weight }),
      ...(version === undefined ? {} : { version }),
      ...(region === undefined ? {} : { region }),
      ...(slots === undefined ? {} : { slotsMax: slots }),
    };
    if (Object.keys(change).length === 0)
      throw new UsageError('Nothing is to be changed.', 'Give at least one option.');
    const changed = await client().admin.changeInstance({
      agent: args.positional(0),
      instance: args.positional(1),
      body: change,
    });
    output.print(changed, instanceFacts(changed));
  },
};
