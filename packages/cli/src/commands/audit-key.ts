import type { Command } from '../command.ts';

export const auditKey: Command = {
  name: 'audit key',
  summary: 'Show the public key that signs what is said about audit entries',
  positionals: [],
  options: {},
  connects: true,
  details:
    'Needs the scope audit:read. Keep it where nobody who runs the platform can change it; "colloquy audit verify" reads it.',
  examples: ['colloquy audit key --json > audit-key.json'],
  async run({ client, output }) {
    const key = await client().admin.readAuditKey();
    output.print(key, JSON.stringify(key, null, 2));
  },
};
