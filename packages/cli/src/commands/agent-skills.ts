import type { Command } from '../command.ts';
import { creditsText } from '../output/credits.ts';
import { table } from '../output/table.ts';

export const agentSkills: Command = {
  name: 'agent skills',
  summary: 'List the skills of an agent with their prices, promises and schemas',
  positionals: ['<name>'],
  options: {},
  connects: true,
  details: 'With --json, the schemas are shown whole.',
  examples: ['colloquy agent skills billing --json'],
  async run({ args, client, output }) {
    const skills = (await client().admin.listSkills({ agent: args.positional(0) })).items;
    const rows = skills.map((skill) => [
      skill.id,
      creditsText(skill.priceMicrocredits),
      skill.idempotent ? 'yes' : 'no',
      skill.estimatedMs === undefined ? '' : `${skill.estimatedMs / 1_000} s`,
      skill.cacheTtlMs === undefined ? '' : `${skill.cacheTtlMs / 1_000} s`,
      [skill.inputSchema && 'input', skill.outputSchema && 'output'].filter(Boolean).join(', '),
      skill.description,
    ]);
    const head = ['SKILL', 'PRICE', 'IDEMPOTENT', 'TAKES', 'KEPT', 'SCHEMAS', 'DESCRIPTION'];
    output.print(skills, table(head, rows) || 'The agent has no skills.');
  },
};
