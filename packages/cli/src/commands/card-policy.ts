import type { CardPolicy } from '@colloquy/sdk/client';
import { chosen } from '../chosen.ts';
import type { Command } from '../command.ts';
import { facts } from '../output/table.ts';

const signatures = ['accept', 'require'] as const;
const approval = ['signed', 'always', 'never'] as const;

const text = (policy: CardPolicy): string =>
  facts([
    ['signatures', policy.signatures],
    ['approval', policy.approval],
  ]);

export const cardPolicy: Command = {
  name: 'card-policy',
  summary: 'Show or set what the tenant demands of the cards of its agents',
  positionals: [],
  options: {
    signatures: {
      type: 'string',
      value: 'policy',
      description: 'accept, or require a signature by a trusted key',
    },
    approval: {
      type: 'string',
      value: 'policy',
      description: 'Whose changed address, security or skills wait: signed agents, always, never',
    },
  },
  connects: true,
  details: 'What is not given stays as it is. Setting needs the scope agents:approve.',
  examples: ['colloquy card-policy', 'colloquy card-policy --signatures require'],
  async run({ args, client, output }) {
    const { admin } = client();
    const wanted = { signatures: chosen(args, 'signatures', signatures), approval: chosen(args, 'approval', approval) };
    const now = await admin.getCardPolicy();
    if (wanted.signatures === undefined && wanted.approval === undefined) return output.print(now, text(now));
    const next = await admin.setCardPolicy({
      body: {
        signatures: wanted.signatures ?? known(now.signatures, signatures),
        approval: wanted.approval ?? known(now.approval, approval),
      },
    });
    output.print(next, text(next));
  },
};

/** A newer platform may have policies that this command does not know; then the strictest known one is kept. */
function known<Policy extends string>(value: string, policies: readonly [Policy, Policy, ...Policy[]]): Policy {
  return policies.find((policy) => policy === value) ?? policies[1];
}
