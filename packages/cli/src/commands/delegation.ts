import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';

const depthMin = 1;
const depthMax = 4;

const delegationDepth: Command = {
  name: 'delegation depth',
  summary: 'Show or set how deep delegation chains may be',
  positionals: [],
  options: {
    max: { type: 'string', value: 'hops', description: 'Hops below the first task, 1 to 4' },
  },
  connects: true,
  details:
    'Needs the scope a2a:read, and limits:write to set it. The platform refuses deeper tasks without charge;\nexisting deeper tasks continue.',
  examples: ['colloquy delegation depth', 'colloquy delegation depth --max 2'],
  async run({ args, client, output }) {
    const { admin } = client();
    const wanted = args.wholeNumber('max', depthMin, depthMax);
    const depth =
      wanted === undefined
        ? (await admin.readDelegationRule()).depthMax
        : (await admin.setDelegationRule({ body: { depthMax: wanted } })).depthMax;
    output.print({ depthMax: depth }, `Delegation chains have at most ${depth} hops below their first task.`);
  },
};

export const delegationNouns: Nouns = {
  delegation: { group: 'Credits and limits', summary: 'Show or set how deep delegation chains may be' },
};

/** The commands of delegation, in the order of the help. */
export const delegationCommands: readonly Command[] = [delegationDepth];
