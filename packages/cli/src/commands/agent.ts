import { readFileSync } from 'node:fs';
import type { AgentRegistration, AgentSearch } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { operatorsTenant } from '../connection/profile.ts';
import { jsonIn } from '../json-file.ts';
import type { Nouns } from '../noun.ts';
import { agentFacts } from '../output/agent-facts.ts';
import { diffText, versionsText } from '../output/card-text.ts';
import { creditsText, microcreditsOf } from '../output/credits.ts';
import { healthTable } from '../output/instance-text.ts';
import { table } from '../output/table.ts';
import { LocalError, UsageError } from '../usage-error.ts';

const dayMs = 86_400_000;
const waitsForCard = "Waiting for the agent's card";
const signaturePolicies = ['accept', 'require'] as const;
const approvalPolicies = ['signed', 'always', 'never'] as const;

const agentRegister: Command = {
  name: 'agent register',
  summary: 'Register an agent by the address of its agent card',
  positionals: ['<name>', '<card-url>'],
  options: {
    price: { type: 'string', value: 'credits', description: 'Price of one completed task, for example 0.5' },
    idempotent: { type: 'boolean', description: 'The agent handles a messageId once, so the platform may retry' },
    'task-ms-max': { type: 'string', value: 'ms', description: 'Longest time that one task may take' },
    'public-card': { type: 'boolean', description: 'Let callers without a token read the card' },
    'card-signature': {
      type: 'string',
      value: 'policy',
      choices: signaturePolicies,
      description: 'Accept every card, or require a signature by a trusted key',
    },
    'card-approval': {
      type: 'string',
      value: 'policy',
      choices: approvalPolicies,
      description: 'When a changed address, security or skill list needs approval',
    },
    'extended-skill': {
      type: 'string',
      value: 'id',
      multiple: true,
      description: 'Skill that only the extended card shows, to authorized callers',
    },
    'bearer-file': { type: 'string', value: 'file', description: 'File with the token that the agent expects' },
    'api-key-file': { type: 'string', value: 'file', description: 'File with the API key that the agent expects' },
    'api-key-header': {
      type: 'string',
      value: 'header',
      description: 'Header that carries the API key; default X-API-Key',
    },
  },
  connects: true,
  details:
    'The platform fetches the card, so it must be able to reach the address. For an address without a\n' +
    'path, it fetches /.well-known/agent-card.json.',
  examples: [
    'colloquy agent register echo http://localhost:9000 --price 0.5',
    'colloquy agent register billing https://agents.example/billing/card.json --bearer-file ./token',
  ],
  async run({ args, client, output, settings }) {
    const body = registrationFrom(args);
    const agent = await output.during(waitsForCard, () => client().admin.registerAgent({ body }));
    const { tenant } = settings();
    output.print(agent, `Registered ${agent.name} in tenant ${tenant}.\n\n${agentFacts(agent, output)}`);
    if (tenant === operatorsTenant) output.note(`\n${onlyForOperators}`);
  },
};

/** An agent is called in its own tenant alone. A forgotten profile puts it into that of the operators. */
const onlyForOperators =
  'Only operators can call it here. For the clients of a tenant, register it with the profile of one of them (--profile, COLLOQUY_PROFILE).';

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
    ...cardSettingsFrom(args),
    ...credentialFrom(args),
  };
}

function cardSettingsFrom(
  args: Arguments,
): Pick<AgentRegistration, 'cardSignatures' | 'cardApproval' | 'extendedSkillIds'> {
  const signatures = args.choice('card-signature', signaturePolicies);
  const approval = args.choice('card-approval', approvalPolicies);
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
  examples: ['colloquy agent list', 'colloquy agent list --json'],
  async run({ client, output, settings }) {
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
    const none = `Tenant ${settings().tenant} has no agents. Register one with "colloquy agent register".`;
    output.print(agents, table(head, rows) || output.typed(none));
  },
};

const tiers = ['gold', 'silver', 'bronze'] as const;
const statuses = ['active', 'maintenance', 'deprecated'] as const;
const healths = ['healthy', 'degraded', 'unknown', 'unhealthy'] as const;
const fields = ['name', 'skill', 'tag', 'capability', 'department', 'region'] as const;

const agentSearch: Command = {
  name: 'agent search',
  summary: 'Search agents by skill, tag, department, region, tier or health',
  positionals: ['[text]'],
  options: {
    skill: { type: 'string', value: 'id', description: 'Id of one of its skills' },
    tag: { type: 'string', value: 'tag', description: 'Tag of one of its skills' },
    capability: { type: 'string', value: 'name', description: 'Skill, tag, capability or extension' },
    name: { type: 'string', value: 'prefix', description: 'Beginning of its name' },
    department: { type: 'string', value: 'name', description: 'Department that owns it' },
    region: { type: 'string', value: 'region', description: 'Region that it runs in' },
    tier: { type: 'string', value: 'tier', choices: tiers, description: 'Service tier' },
    status: { type: 'string', value: 'status', choices: statuses, description: 'Status on its card' },
    health: { type: 'string', value: 'health', choices: healths, description: 'Health of its instances' },
  },
  connects: true,
  details: 'Searches names, cards and skills; the best match comes first. The text may use "or" and -words.',
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
    const none = 'No agent matches. Use fewer filters, or run "colloquy agent list".';
    output.print(agents, table(head, rows) || output.typed(none));
  },
};

function searchFrom(args: Arguments): AgentSearch {
  const text = args.positional(0);
  const tier = args.choice('tier', tiers);
  const status = args.choice('status', statuses);
  const health = args.choice('health', healths);
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
      description: 'Print the card as the agent published it (scope agents:write)',
    },
    version: { type: 'string', value: 'version', description: 'Card version to print, with --original' },
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
    if (version !== undefined)
      throw new UsageError('--version works only with --original.', 'Add --original, or leave out --version.');
    const agent = await client().admin.getAgent({ agent: name });
    output.print(agent, agentFacts(agent, output));
  },
};

const agentSkills: Command = {
  name: 'agent skills',
  summary: 'List the skills of an agent with their prices, times and schemas',
  positionals: ['<name>'],
  options: {},
  connects: true,
  details: '--json prints the complete schemas.',
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
    const head = ['SKILL', 'PRICE', 'IDEMPOTENT', 'TAKES', 'CACHED', 'SCHEMAS', 'DESCRIPTION'];
    output.print(skills, table(head, rows) || 'The agent has no skills.');
  },
};

const agentVersions: Command = {
  name: 'agent versions',
  summary: 'List the card versions of an agent, newest first',
  positionals: ['<name>'],
  options: {},
  connects: true,
  examples: ['colloquy agent versions billing'],
  async run({ args, client, output }) {
    const { admin } = client();
    const versions = await allItems(admin.listCardVersions, { agent: args.positional(0) });
    output.print(versions, versionsText(versions));
  },
};

const agentUpdate: Command = {
  name: 'agent update',
  summary: 'Fetch the card of an agent again',
  positionals: ['<name>', '[card-url]'],
  options: { 'card-file': { type: 'string', value: 'file', description: 'File with the card, instead of an address' } },
  connects: true,
  details:
    'Without an address or a file, the platform fetches the card from its registered address. A card that\n' +
    'changes the address, security or skills of the agent may need approval before it is used.',
  examples: ['colloquy agent update billing', 'colloquy agent update billing --card-file ./card.json'],
  async run({ args, client, output }) {
    const [name, cardUrl] = [args.positional(0), args.positional(1)];
    const file = args.text('card-file');
    if (cardUrl !== '' && file !== undefined) {
      throw new UsageError('There are two sources for one card.', 'Give an address or --card-file, not both.');
    }
    const source = { ...(cardUrl === '' ? {} : { cardUrl }), ...(file === undefined ? {} : { card: jsonIn(file) }) };
    const updated = await output.during(waitsForCard, () => client().admin.updateCard({ agent: name, body: source }));
    const { version, diff } = updated;
    const head =
      version.status === 'pending'
        ? output.typed(`Card version ${version.version} of ${name} waits for approval; run "colloquy agent approve".`)
        : `${name} uses card version ${version.version}.`;
    output.print(updated, `${head}\n\n${diffText(diff)}`);
  },
};

const agentDiff: Command = {
  name: 'agent diff',
  summary: 'Show the differences between two card versions of an agent',
  positionals: ['<name>'],
  options: {
    from: { type: 'string', value: 'version', description: 'Older version; default the one in use' },
    to: { type: 'string', value: 'version', description: 'Newer version; default the pending one' },
  },
  connects: true,
  details: 'Without a pending version, compares the one in use with the one before. Needs the scope agents:write.',
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
    details: 'Run "colloquy agent diff <name>" first. Needs the scope agents:approve.',
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
  summary: 'Return to a card version that was in use before',
  positionals: ['<name>', '<version>'],
  options: {},
  connects: true,
  details: 'Run "colloquy agent versions <name>" first. Needs the scope agents:approve.',
  examples: ['colloquy agent rollback billing 1'],
  async run({ args, client, output }) {
    const [name, text] = [args.positional(0), args.positional(1)];
    const version = await client().admin.rollBackCard({ agent: name, version: versionIn(name, text) });
    output.print(version, `Card version ${text} of ${name} is in use again.`);
  },
};

function versionIn(name: string, text: string): string {
  if (/^[1-9]\d{0,9}$/.test(text)) return text;
  throw new UsageError(`"${text}" is not a card version.`, `Run "colloquy agent versions ${name}" to list them.`);
}

const agentApprove: Command = decision('approve', 'Approve a pending card version and put it in use');
const agentReject: Command = decision('reject', 'Reject a pending card version; the one in use stays');

const agentDeregister: Command = {
  name: 'agent deregister',
  summary: 'Take an agent out of service; its open tasks continue',
  positionals: ['<name>'],
  options: {},
  connects: true,
  examples: ['colloquy agent deregister billing'],
  async run({ args, client, output }) {
    const name = args.positional(0);
    await client().admin.deregisterAgent({ agent: name });
    output.print({ name, deregistered: true }, `Deregistered ${name}.`);
  },
};

const agentHealth: Command = {
  name: 'agent health',
  summary: 'Show the health of an agent and of each instance',
  positionals: ['<name>'],
  options: {},
  connects: true,
  examples: ['colloquy agent health billing'],
  async run({ args, client, output }) {
    const name = args.positional(0);
    const health = await client().admin.getAgentHealth({ agent: name });
    const sum = `${name} is ${health.state}; ${String(health.available)} of ${String(health.instances.length)} instances accept tasks.`;
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
    kind: {
      type: 'string',
      value: 'kind',
      choices: kinds,
      description: 'Kind of probe; wire reads the card or asks gRPC health',
    },
    path: { type: 'string', value: 'path', description: 'Path that must answer 2xx, with --kind http' },
    interval: { type: 'string', value: 'seconds', description: 'Time between two probes; default 10' },
    'timeout-ms': { type: 'string', value: 'ms', description: 'Time to answer; default 3000, at most the interval' },
    'unhealthy-after': { type: 'string', value: 'number', description: 'Failures in a row until unhealthy; default 3' },
    'healthy-after': { type: 'string', value: 'number', description: 'Successes in a row until healthy; default 2' },
    default: { type: 'boolean', description: 'Return to the default of the platform' },
  },
  connects: true,
  examples: ['colloquy agent probe billing', 'colloquy agent probe billing --kind http --path /health --interval 5'],
  async run({ args, client, output }) {
    const { admin } = client();
    const name = args.positional(0);
    const kind = args.choice('kind', kinds);
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
