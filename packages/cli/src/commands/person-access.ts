import type { Command } from '../command.ts';

export const personDisable: Command = {
  name: 'person disable',
  summary: 'Let a person in no more; whoever acts for them is out within seconds',
  positionals: ['<person-id>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const personId = args.positional(0);
    await client().admin.setPersonAccess({ person: personId, body: { disabled: true } });
    output.print({ personId, disabled: true }, `Disabled ${personId}.`);
  },
};

export const personEnable: Command = {
  name: 'person enable',
  summary: 'Let a person in again',
  positionals: ['<person-id>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const personId = args.positional(0);
    await client().admin.setPersonAccess({ person: personId, body: { disabled: false } });
    output.print({ personId, disabled: false }, `Enabled ${personId}.`);
  },
};
