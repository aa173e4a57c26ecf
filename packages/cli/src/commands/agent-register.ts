import { readFileSync } from 'node:fs';
import type { AgentRegistration } from '@colloquy/sdk/client';
import type { Arguments } from '../arguments.ts';
import { chosen } from '../chosen.ts';
import type { Command } from '../command.ts';
import { agentFacts } from '../output/agent-facts.ts';
import { microcreditsOf } from '../output/credits.ts';
import { LocalError, UsageError } from '../usage-error.ts';

const dayMs = 86_400_000;

export const agentRegister: Command = {
  name: 'agent register',
  summary: 'Register an agent by the address of its card',
  positionals: ['<name>', '<card-url>'],
  options: {
    price: { type: 'string', value: 'credits', description: 'Price of one completed task, for example 0.5' },
    idempotent: { type: 'boolean', description: 'The agent does the same messageId once; lets the platform resend' },
    'task-ms-max': { type: 'string', value: 'ms', description: 'Time one task may take' },
    'public-card': { type: 'boolean', description: 'Anybody may read the card without a token' },
    'card-signature': { type: 'string', value: 'policy', description: 'accept, or require one by a trusted key' },
    'card-approval': {
      type: 'string',
      value: 'policy',
      description: 'Whether a changed address, security or skills wait: signed, always, never',
    },
    'extended-skill': {
      type: 'string',
      value: 'id',
      multiple: true,
      description: 'Skill that only the extended card shows, to callers who may send',
    },
    'bearer-file': { type: 'string', value: 'file', description: 'File with the token that the agent expects' },
    'api-key-file': { type: 'string', value: 'file', description: 'File with the API key that the agent expects' },
    'api-key-header': { type: 'string', value: 'header', description: 'Header of the API key; default X-API-Key' },
  },
  connects: true,
  details:
    'The card is fetched by the platform, so the address must be reachable from there. The path\n' +
    '/.well-known/agent-card.json is added to an address without a path.',
  examples: [
    'colloquy agent register echo http://localhost:9000 --price 0.5',
    'colloquy agent register billing https://agents.example/billing/card.json --bearer-file ./token',
  ],
  async run({ args, client, output }) {
    const agent = await client().admin.registerAgent({ body: registrationFrom(args) });
    output.print(agent, `Registered ${agent.name}.\n\n${agentFacts(agent)}`);
  },
};

function registrationFrom(args: Arguments): AgentRegistration {
  const price = args.text('price');
  const taskMsMax = args.wholeNumber('task-ms-max', 100, dayMs);
  return {
    name: args.positional(0),
    cardUrl: cardUrlOf(args.positional(1)),
    ...(price === undefined ? {} : { priceMicrocredits: microcreditsOf(price, '--price') }),
    ...(args.flag('idempotent') ? { idempotent: true } : {}),
    ...(taskMsMax === undefined ? {} : { taskMsMax }),
    ...(args.flag('public-card') ? { cardVisibility: 'public' } : {}),
    ...cardTermsFrom(args),
    ...credentialFrom(args),
  };
}

function cardTermsFrom(
  args: Arguments,
): Pick<AgentRegistration, 'cardSignatures' | 'cardApproval' | 'extendedSkillIds'> {
  const signatures = chosen(args, 'card-signature', ['accept', 'require']);
  const approval = chosen(args, 'card-approval', ['signed', 'always', 'never']);
  const skills = args.texts('extended-skill');
  return {
    ...(signatures === undefined ? {} : { cardSignatures: signatures }),
    ...(approval === undefined ? {} : { cardApproval: approval }),
    ...(skills.length === 0 ? {} : { extendedSkillIds: skills }),
  };
}

function cardUrlOf(address: string): string {
  const url = URL.parse(address);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(`"${address}" is not an address.`, 'Write it like http://localhost:9000.');
  }
  return url.pathname === '/' ? new URL('/.well-known/agent-card.json', url).href : url.href;
}

function credentialFrom(args: Arguments): Pick<AgentRegistration, 'credential'> {
  const bearer = args.text('bearer-file');
  const apiKey = args.text('api-key-file');
  const header = args.text('api-key-header');
  if (bearer !== undefined && apiKey !== undefined) {
    throw new UsageError('An agent has one credential.', 'Give --bearer-file or --api-key-file, not both.');
  }
  if (bearer !== undefined) return { credential: { kind: 'bearer', value: secretIn(bearer) } };
  if (apiKey === undefined) return {};
  return { credential: { kind: 'api-key', value: secretIn(apiKey), ...(header === undefined ? {} : { header }) } };
}

function secretIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new LocalError(`The file ${file} can not be read.`, 'Check its path and permissions.');
  }
}
