import type { Command } from '../command.ts';
import { instanceFacts } from '../output/instance-text.ts';
import { UsageError } from '../usage-error.ts';

const reason = { type: 'string', value: 'reason', description: 'Why, for people; kept in the audit log' } as const;
const end = { type: 'boolean', description: 'Let it take new tasks again' } as const;

export const instanceDrain: Command = {
  name: 'instance drain',
  summary: 'Give an instance no new tasks; those that it works on go on',
  positionals: ['<agent>', '<instance>'],
  options: { reason, end },
  connects: true,
  examples: ['colloquy instance drain billing ins_… --reason upgrade', 'colloquy instance drain billing ins_… --end'],
  async run({ args, client, output }) {
    const { admin } = client();
    const [agent, id] = [args.positional(0), args.positional(1)];
    const changed = args.flag('end')
      ? await admin.undrainInstance({ agent, instance: id })
      : await admin.drainInstance({ agent, instance: id, body: { reason: args.text('reason') } });
    output.print(changed, instanceFacts(changed));
  },
};

export const instanceQuarantine: Command = {
  name: 'instance quarantine',
  summary: 'Give an instance no new tasks until somebody lets it out',
  positionals: ['<agent>', '<instance>'],
  options: { reason, end },
  connects: true,
  details: 'Needs the scope agents:approve, to put it in and to let it out. What it works on goes on.',
  examples: ['colloquy instance quarantine billing ins_… --reason "answers nonsense"'],
  async run({ args, client, output }) {
    const { admin } = client();
    const [agent, id, why] = [args.positional(0), args.positional(1), args.text('reason')];
    if (!args.flag('end') && why === undefined) throw new UsageError('A quarantine has a reason.', 'Give --reason.');
    const changed = args.flag('end')
      ? await admin.releaseInstance({ agent, instance: id })
      : await admin.quarantineInstance({ agent, instance: id, body: { reason: why ?? '' } });
    output.print(changed, instanceFacts(changed));
  },
};
