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
    const { admin } = client();
    if (subject.kind === 'tenant') await admin.unsetTenantLimit();
    else if (subject.kind === 'client') await admin.unsetClientLimit({ client: subject.id });
    else await admin.unsetAgentLimit({ agent: subject.id });
    output.print({ ...subject, unset: true }, `Took back the limit of ${shownSubject(subject)}.`);
  },
};
