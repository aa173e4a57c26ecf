import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { eventTable, instanceFacts, instanceTable } from '../output/instance-text.ts';
import { UsageError } from '../usage-error.ts';

const bindings = ['JSONRPC', 'HTTP+JSON', 'GRPC'] as const;

const instanceAdd: Command = {
  name: 'instance add',
  summary: 'Register another instance of an agent',
  positionals: ['<agent>', '<url>'],
  options: {
    binding: { type: 'string', value: 'binding', choices: bindings, description: 'Protocol binding; default JSONRPC' },
    protocol: { type: 'string', value: 'version', description: 'A2A version of the instance; default 1.0' },
    version: { type: 'string', value: 'version', description: 'Version of the agent that runs there' },
    region: { type: 'string', value: 'region', description: 'Region, for example eu-1' },
    slots: { type: 'string', value: 'number', description: 'Concurrency limit: tasks at the same time' },
    weight: { type: 'string', value: 'weight', description: 'Share of the traffic, 0 to 1000; default 100' },
  },
  connects: true,
  details: 'It stays until it is removed. Agents of the SDK can register themselves with the option "presence".',
  examples: ['colloquy instance add billing https://b.agents.example/a2a --version 2.0 --weight 5'],
  async run({ args, client, output }) {
    const binding = args.choice('binding', bindings);
    const [protocol, version, region] = [args.text('protocol'), args.text('version'), args.text('region')];
    const slots = args.wholeNumber('slots', 1, 100_000);
    const weight = args.wholeNumber('weight', 0, 1_000);
    const added = await client().admin.registerInstance({
      agent: args.positional(0),
      body: {
        url: args.positional(1),
        ...(binding === undefined ? {} : { protocolBinding: binding }),
        ...(protocol === undefined ? {} : { protocolVersion: protocol }),
        ...(version === undefined ? {} : { version }),
        ...(region === undefined ? {} : { region }),
        ...(slots === undefined ? {} : { slotsMax: slots }),
        ...(weight === undefined ? {} : { weight }),
      },
    });
    output.print(added, `Added an instance of ${added.agent}.\n\n${instanceFacts(added)}`);
  },
};

const instanceList: Command = {
  name: 'instance list',
  summary: 'List the instances of an agent and their health',
  positionals: ['<agent>'],
  options: {},
  connects: true,
  examples: ['colloquy instance list billing'],
  async run({ args, client, output }) {
    const { admin } = client();
    const instances = await allItems(admin.listInstances, { agent: args.positional(0) });
    output.print(
      instances,
      instanceTable(instances) || output.typed('The agent has no instances. Add one with "colloquy instance add".'),
    );
  },
};

const instanceShow: Command = {
  name: 'instance show',
  summary: 'Show one instance of an agent and its events',
  positionals: ['<agent>', '<instance>'],
  options: {},
  connects: true,
  examples: ['colloquy instance show billing ins_…'],
  async run({ args, client, output }) {
    const { admin } = client();
    const [agent, id] = [args.positional(0), args.positional(1)];
    const [instance, { items: events }] = await Promise.all([
      admin.getInstance({ agent, instance: id }),
      admin.listInstanceEvents({ agent, instance: id }),
    ]);
    output.print({ ...instance, events }, `${instanceFacts(instance)}\n\n${eventTable(events)}`);
  },
};

const instanceUpdate: Command = {
  name: 'instance update',
  aliases: ['instance change'],
  summary: 'Update the weight, version, region or concurrency limit of an instance',
  positionals: ['<agent>', '<instance>'],
  options: {
    weight: { type: 'string', value: 'weight', description: 'Share of the traffic, 0 to 1000' },
    version: { type: 'string', value: 'version', description: 'Version of the agent that runs there' },
    region: { type: 'string', value: 'region', description: 'Region' },
    slots: { type: 'string', value: 'number', description: 'Concurrency limit: tasks at the same time' },
  },
  connects: true,
  examples: ['colloquy instance update billing ins_… --weight 50'],
  async run({ args, client, output }) {
    const [version, region] = [args.text('version'), args.text('region')];
    const slots = args.wholeNumber('slots', 1, 100_000);
    const weight = args.wholeNumber('weight', 0, 1_000);
    const change = {
      ...(weight === undefined ? {} : { weight }),
      ...(version === undefined ? {} : { version }),
      ...(region === undefined ? {} : { region }),
      ...(slots === undefined ? {} : { slotsMax: slots }),
    };
    if (Object.keys(change).length === 0)
      throw new UsageError('No option was given.', 'Give --weight, --version, --region or --slots.');
    const changed = await client().admin.changeInstance({
      agent: args.positional(0),
      instance: args.positional(1),
      body: change,
    });
    output.print(changed, instanceFacts(changed));
  },
};

const reason = { type: 'string', value: 'reason', description: 'Reason, kept in the audit log' } as const;
const end = { type: 'boolean', description: 'Let it accept new tasks again' } as const;

const instanceDrain: Command = {
  name: 'instance drain',
  summary: 'Send no new tasks to an instance; its open tasks continue',
  positionals: ['<agent>', '<instance>'],
  options: { reason, end },
  connects: true,
  examples: ['colloquy instance drain billing ins_… --reason upgrade', 'colloquy instance drain billing ins_… --end'],
  async run({ args, client, output }) {
    const { admin } = client();
    const [agent, id] = [args.positional(0), args.positional(1)];
    const changed = args.flag('end')
      ? await admin.undrainInstance({ agent, instance: id })
      : await admin.drainInstance({ agent, instance: id, body: { reason: args.text('reason') } });
    output.print(changed, instanceFacts(changed));
  },
};

const instanceQuarantine: Command = {
  name: 'instance quarantine',
  summary: 'Send no new tasks to an instance until an operator releases it',
  positionals: ['<agent>', '<instance>'],
  options: { reason, end },
  connects: true,
  details: 'Needs the scope agents:approve. Open tasks of the instance continue; --end releases it.',
  examples: ['colloquy instance quarantine billing ins_… --reason "answers nonsense"'],
  async run({ args, client, output }) {
    const { admin } = client();
    const [agent, id, why] = [args.positional(0), args.positional(1), args.text('reason')];
    if (!args.flag('end') && why === undefined)
      throw new UsageError('A quarantine needs a reason.', 'Give --reason; it is kept in the audit log.');
    const changed = args.flag('end')
      ? await admin.releaseInstance({ agent, instance: id })
      : await admin.quarantineInstance({ agent, instance: id, body: { reason: why ?? '' } });
    output.print(changed, instanceFacts(changed));
  },
};

const instanceRemove: Command = {
  name: 'instance remove',
  summary: 'Remove an instance; its open tasks continue',
  positionals: ['<agent>', '<instance>'],
  options: {},
  connects: true,
  examples: ['colloquy instance remove billing ins_…'],
  async run({ args, client, output }) {
    const [agent, instanceId] = [args.positional(0), args.positional(1)];
    await client().admin.removeInstance({ agent, instance: instanceId });
    output.print({ agent, instanceId, removed: true }, `Removed ${instanceId} of ${agent}.`);
  },
};

export const instanceNouns: Nouns = {
  instance: { group: 'Register agents', summary: 'Add, list, drain or remove the instances of an agent' },
};

/** The commands of instance, in the order of the help. */
export const instanceCommands: readonly Command[] = [
  instanceAdd,
  instanceList,
  instanceShow,
  instanceUpdate,
  instanceDrain,
  instanceQuarantine,
  instanceRemove,
];
