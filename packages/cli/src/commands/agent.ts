import { readFileSync } from 'node:fs';
import type { AgentRegistration, AgentSearch } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Arguments } from '../arguments.ts';
import { chosen } from '../chosen.ts';
import type { Command } from '../command.ts';
import { jsonIn } from '../json-file.ts';
import type { Nouns } from '../noun.ts';
import { agentFacts } from '../output/agent-facts.ts';
import { diffText, versionsText } from '../output/card-text.ts';
import { creditsText, microcreditsOf } from '../output/credits.ts';
import { healthTable } from '../output/instance-text.ts';
import { table } from '../output/table.ts';
import { LocalError, UsageError } from '../usage-error.ts';

const dayMs = 86_400_000;

const agentRegister: Command = {
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

const agentList: Command = {
  name: 'agent list',
  summary: 'List the agents of the tenant',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const agents = await allItems(admin.listAgents, {});
    const rows = agents.map((agent) => [
      agent.name,
      agent.version,
      creditsText(agent.priceMicrocredits),
      agent.streaming ? 'yes' : 'no',
      agent.skillIds.join(', '),
      agent.description,
    ]);
    const head = ['NAME', 'VERSION', 'PRICE', 'STREAMS', 'SKILLS', 'DESCRIPTION'];
    output.print(agents, table(head, rows) || 'There are no agents; see "colloquy agent register --help".');
  },
};

const fields = ['name', 'skill', 'tag', 'capability', 'department', 'region'] as const;

const agentSearch: Command = {
  name: 'agent search',
  summary: 'Find agents by what they can do, where they belong and how they are',
  positionals: ['[text]'],
  options: {
    skill: { type: 'string', value: 'id', description: 'The id of one of its skills' },
    tag: { type: 'string', value: 'tag', description: 'A tag of one of its skills' },
    capability: { type: 'string', value: 'name', description: 'A skill, a tag, a capability or an extension' },
    name: { type: 'string', value: 'prefix', description: 'How its name begins' },
    department: { type: 'string', value: 'name', description: 'Its department' },
    region: { type: 'string', value: 'region', description: 'One of its regions' },
    tier: { type: 'string', value: 'tier', description: 'gold, silver or bronze' },
    status: { type: 'string', value: 'status', description: 'active, maintenance or deprecated' },
    health: { type: 'string', value: 'health', description: 'healthy, degraded, unknown or unhealthy' },
  },
  connects: true,
  details: 'The text is looked for in names, cards and skills; the best agents come first. "or" and -words work.',
  examples: ['colloquy agent search "read invoices"', 'colloquy agent search --skill extract --tier gold'],
  async run({ args, client, output }) {
    const { admin } = client();
    const wanted = searchFrom(args);
    const agents = await allItems(admin.searchAgents, wanted);
    const rows = agents.map((agent) => [
      agent.name,
      agent.tier,
      agent.health,
      agent.department ?? '',
      agent.skillIds.join(', '),
      agent.description,
    ]);
    const head = ['NAME', 'TIER', 'HEALTH', 'DEPARTMENT', 'SKILLS', 'DESCRIPTION'];
    output.print(agents, table(head, rows) || 'No agent is like that.');
  },
};

function searchFrom(args: Arguments): AgentSearch {
  const text = args.positional(0);
  const tier = chosen(args, 'tier', ['gold', 'silver', 'bronze']);
  const status = chosen(args, 'status', ['active', 'maintenance', 'deprecated']);
  const health = chosen(args, 'health', ['healthy', 'degraded', 'unknown', 'unhealthy']);
  const given = fields.flatMap((field) => {
    const value = args.text(field);
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    ...(text === '' ? {} : { text }),
    ...Object.fromEntries(given),
    ...(tier === undefined ? {} : { tier }),
    ...(status === undefined ? {} : { status }),
    ...(health === undefined ? {} : { health }),
  };
}

const versionMax = 2_147_483_647;

const agentShow: Command = {
  name: 'agent show',
  summary: 'Show one agent of the tenant',
  positionals: ['<name>'],
  options: {
    original: {
      type: 'boolean',
      description: 'Print the card as the agent published it; needs the scope agents:write',
    },
    version: { type: 'string', value: 'version', description: 'Which card version; with --original' },
  },
  connects: true,
  examples: ['colloquy agent show billing --original > card.json'],
  async run({ args, client, output }) {
    const name = args.positional(0);
    const version = args.wholeNumber('version', 1, versionMax);
    if (args.flag('original')) {
      const original = await client().admin.getOriginalCard({ agent: name, version });
      return output.print(original, JSON.stringify(original.card, null, 2));
    }
    if (version !== undefined) throw new UsageError('--version belongs to --original.', 'Add --original.');
    const agent = await client().admin.getAgent({ agent: name });
    output.print(agent, agentFacts(agent));
  },
};

const agentSkills: Command = {
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

const agentVersions: Command = {
  name: 'agent versions',
  summary: 'List the versions of the card of an agent, newest first',
  positionals: ['<name>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const { admin } = client();
    const versions = await allItems(admin.listCardVersions, { agent: args.positional(0) });
    output.print(versions, versionsText(versions));
  },
};

const agentUpdate: Command = {
  name: 'agent update',
  summary: 'Read the card of an agent anew',
  positionals: ['<name>', '[card-url]'],
  options: { 'card-file': { type: 'string', value: 'file', description: 'File with the card; instead of an address' } },
  connects: true,
  details:
    'Without an address or a file, the card is fetched from where the one in use came from. A card that\n' +
    'changes where the agent is, its security or its skills may have to be approved before it is used.',
  examples: ['colloquy agent update billing', 'colloquy agent update billing --card-file ./card.json'],
  async run({ args, client, output }) {
    const [name, cardUrl] = [args.positional(0), args.positional(1)];
    const file = args.text('card-file');
    if (cardUrl !== '' && file !== undefined) {
      throw new UsageError('A card has one source.', 'Give an address or --card-file, not both.');
    }
    const source = { ...(cardUrl === '' ? {} : { cardUrl }), ...(file === undefined ? {} : { card: jsonIn(file) }) };
    const updated = await client().admin.updateCard({ agent: name, body: source });
    const { version, diff } = updated;
    const head =
      version.status === 'pending'
        ? `Card version ${version.version} of ${name} waits; see "colloquy agent approve --help".`
        : `${name} uses card version ${version.version}.`;
    output.print(updated, `${head}\n\n${diffText(diff)}`);
  },
};

const agentDiff: Command = {
  name: 'agent diff',
  summary: 'Show what differs between two versions of the card of an agent',
  positionals: ['<name>'],
  options: {
    from: { type: 'string', value: 'version', description: 'The older one; default the one in use' },
    to: { type: 'string', value: 'version', description: 'The newer one; default the one that waits' },
  },
  connects: true,
  details: 'When no version waits, the one in use is compared with the one before. Needs the scope agents:write.',
  examples: ['colloquy agent diff billing', 'colloquy agent diff billing --from 1 --to 3'],
  async run({ args, client, output }) {
    const from = args.wholeNumber('from', 1, versionMax);
    const to = args.wholeNumber('to', 1, versionMax);
    const wanted = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    const compared = await client().admin.compareCards({ agent: args.positional(0), ...wanted });
    output.print(compared, `${versionsText([compared.from, compared.to])}\n\n${diffText(compared.diff)}`);
  },
};

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

const agentRollback: Command = {
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

const agentApprove: Command = decision('approve', 'Approve a card version that waits; it is used from then on');
const agentReject: Command = decision('reject', 'Reject a card version that waits; the one in use stays');

const agentDeregister: Command = {
  name: 'agent deregister',
  summary: 'Take an agent out of service; its open tasks go on',
  positionals: ['<name>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const name = args.positional(0);
    await client().admin.deregisterAgent({ agent: name });
    output.print({ name, deregistered: true }, `Deregistered ${name}.`);
  },
};

const agentHealth: Command = {
  name: 'agent health',
  summary: 'Show how well an agent is, in sum and instance by instance',
  positionals: ['<name>'],
  options: {},
  connects: true,
  examples: ['colloquy agent health billing'],
  async run({ args, client, output }) {
    const name = args.positional(0);
    const health = await client().admin.getAgentHealth({ agent: name });
    const sum = `${name} is ${health.state}; ${String(health.available)} of ${String(health.instances.length)} instances take tasks.`;
    output.print(health, health.instances.length === 0 ? sum : `${sum}\n\n${healthTable(health)}`);
  },
};

const kinds = ['wire', 'http', 'tcp', 'none'] as const;
const second = 1_000;

const agentProbe: Command = {
  name: 'agent probe',
  summary: 'Show or set how the instances of an agent are probed',
  positionals: ['<name>'],
  options: {
    kind: { type: 'string', value: 'kind', description: 'wire (its card, or gRPC health), http, tcp or none' },
    path: { type: 'string', value: 'path', description: 'Of kind http: what has to be answered 2xx' },
    interval: { type: 'string', value: 'seconds', description: 'Between two probes of one in use; default 10' },
    'timeout-ms': { type: 'string', value: 'ms', description: 'Time to answer; default 3000, or the interval' },
    'unhealthy-after': { type: 'string', value: 'number', description: 'Failures in a row; default 3' },
    'healthy-after': { type: 'string', value: 'number', description: 'Successes in a row; default 2' },
    default: { type: 'boolean', description: 'As the platform does by default' },
  },
  connects: true,
  examples: ['colloquy agent probe billing', 'colloquy agent probe billing --kind http --path /health --interval 5'],
  async run({ args, client, output }) {
    const { admin } = client();
    const name = args.positional(0);
    const kind = chosen(args, 'kind', kinds);
    const intervalMs = (args.wholeNumber('interval', 1, 3_600) ?? 10) * second;
    const timeoutMs = args.wholeNumber('timeout-ms', 50, 30_000) ?? Math.min(3 * second, intervalMs);
    const unhealthyAfter = args.wholeNumber('unhealthy-after', 1, 100) ?? 3;
    const healthyAfter = args.wholeNumber('healthy-after', 1, 100) ?? 2;
    const path = args.text('path');
    const wanted = { intervalMs, timeoutMs, unhealthyAfter, healthyAfter, ...(path === undefined ? {} : { path }) };
    if (args.flag('default')) await admin.unsetProbePolicy({ agent: name });
    else if (kind !== undefined) await admin.setProbePolicy({ agent: name, body: { kind, ...wanted } });
    const policy = await admin.getProbePolicy({ agent: name });
    const every = `every ${String(policy.intervalMs / second)} s, ${String(policy.timeoutMs)} ms to answer`;
    const text = `${policy.kind}${policy.path === undefined ? '' : ` ${policy.path}`} ${every}${policy.own ? '' : ' (default)'}`;
    output.print(policy, text);
  },
};

export const agentNouns: Nouns = {
  agent: { group: 'Register agents', summary: 'Register, search, update, approve or deregister agents' },
};

/** The commands of agent, in the order of the help. */
export const agentCommands: readonly Command[] = [
  agentRegister,
  agentList,
  agentSearch,
  agentShow,
  agentSkills,
  agentVersions,
  agentUpdate,
  agentDiff,
  agentApprove,
  agentReject,
  agentRollback,
  agentDeregister,
  agentHealth,
  agentProbe,
];
