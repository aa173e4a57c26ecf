import type { Command } from '../command.ts';
import { shownSubject } from './resilience-set.ts';

export const resilienceUnset: Command = {
  name: 'resilience unset',
  summary: 'Take back how an agent, or a skill of it, is called when things go wrong',
  positionals: ['<agent>'],
  options: { skill: { type: 'string', value: 'id', description: 'Only what was set for this skill' } },
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const subject = { agent: args.positional(0), skill: args.text('skill') };
    await client().admin.unsetResiliencePolicy(subject);
    output.print({ ...subject, unset: true }, `Took back how ${shownSubject(subject)} is called.`);
  },
};
