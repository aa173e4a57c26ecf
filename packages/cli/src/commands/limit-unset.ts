import type { Command } from '../command.ts';
import { limitSubjectOf, shownSubject } from '../limit-subject.ts';

export const limitUnset: Command = {
  name: 'limit unset',
  summary: 'Take back the limit of the tenant, a client or an agent',
  positionals: ['<tenant|client|agent>', '[client-id|agent]'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const subject = limitSubjectOf(args);
    await client().admin.limits.unset(subject);
    output.print({ ...subject, unset: true }, `Took back the limit of ${shownSubject(subject)}.`);
  },
};
