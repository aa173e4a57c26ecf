import type { Command } from '../command.ts';
import { UsageError } from '../usage-error.ts';

function decision(verb: 'approve' | 'reject', summary: string): Command {
  return {
    name: `agent ${verb}`,
    summary,
    positionals: ['<name>', '<version>'],
    options: {},
    connects: true,
    details: 'See "colloquy agent diff <name>" first. Needs the scope agents:approve.',
    examples: [`colloquy agent ${verb} billing 2`],
    async run({ args, client, output }) {
      const [name, text] = [args.positional(0), args.positional(1)];
      const { admin } = client();
      const chosen = { agent: name, version: versionIn(name, text) };
      const version = await (verb === 'approve' ? admin.approveCardVersion(chosen) : admin.rejectCardVersion(chosen));
      output.print(version, `${verb === 'approve' ? 'Approved' : 'Rejected'} card version ${text} of ${name}.`);
    },
  };
}

export const agentRollback: Command = {
  name: 'agent rollback',
  summary: 'Use a card version again that was in use before',
  positionals: ['<name>', '<version>'],
  options: {},
  connects: true,
  details: 'See "colloquy agent versions <name>" first. Needs the scope agents:approve.',
  examples: ['colloquy agent rollback billing 1'],
  async run({ args, client, output }) {
    const [name, text] = [args.positional(0), args.positional(1)];
    const version = await client().admin.rollBackCard({ agent: name, version: versionIn(name, text) });
    output.print(version, `Card version ${text} of ${name} is in use again.`);
  },
};

function versionIn(name: string, text: string): string {
  if (/^[1-9]\d{0,9}$/.test(text)) return text;
  throw new UsageError(`"${text}" is not a card version.`, `See "colloquy agent versions ${name}".`);
}

export const agentApprove: Command = decision('approve', 'Approve a card version that waits; it is used from then on');
export const agentReject: Command = decision('reject', 'Reject a card version that waits; the one in use stays');
