import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { UsageError } from '../usage-error.ts';

type SuspensionTarget = { readonly kind: 'agent' | 'principal'; readonly name: string } | { readonly kind: 'tenant' };

const suspend: Command = {
  name: 'suspend',
  aliases: ['stop'],
  summary: 'Suspend an agent, client or tenant and cancel its tasks',
  positionals: ['<agent|client|tenant>', '[name]'],
  options: { reason: { type: 'string', value: 'text', description: 'Reason, kept in the audit log' } },
  connects: true,
  details: 'Gives a client or another principal by its id. Only operators suspend a tenant.',
  examples: ['colloquy suspend agent echo --reason "answers with secrets"'],
  async run({ args, client, output }) {
    const target = targetOf(args);
    const reason = args.text('reason');
    if (reason === undefined || reason === '')
      throw new UsageError('--reason is needed.', 'Give the reason; it is kept in the audit log.');
    const { admin } = client();
    const suspended = await (target.kind === 'tenant'
      ? admin.stopTenant({ body: { reason } })
      : target.kind === 'agent'
        ? admin.stopAgent({ agent: target.name, body: { reason } })
        : admin.stopPrincipal({ principal: target.name, body: { reason } }));
    output.print(suspended, `Suspended ${shown(target)} since ${suspended.stoppedAt}.`);
  },
};

const resume: Command = {
  name: 'resume',
  summary: 'Lift a suspension; canceled tasks stay canceled',
  positionals: ['<agent|client|tenant>', '[name]'],
  options: {},
  connects: true,
  examples: ['colloquy resume agent echo'],
  async run({ args, client, output }) {
    const target = targetOf(args);
    const { admin } = client();
    if (target.kind === 'tenant') await admin.resumeTenant();
    else if (target.kind === 'agent') await admin.resumeAgent({ agent: target.name });
    else await admin.resumePrincipal({ principal: target.name });
    output.print({ ...target, resumed: true }, `Lifted the suspension of ${shown(target)}.`);
  },
};

function targetOf(args: Arguments): SuspensionTarget {
  const [kind, name] = [args.positional(0), args.positional(1)];
  if (kind === 'tenant' && name === '') return { kind };
  // A name here must not suspend the tenant of the profile instead.
  if (kind === 'tenant')
    throw new UsageError('The word "tenant" takes no name.', `Name the tenant with an option: --tenant ${name}.`);
  if (kind === 'agent' && name !== '') return { kind, name };
  if (kind === 'client' && name !== '') return { kind: 'principal', name };
  throw new UsageError('The name is missing.', 'Write "agent <name>", "client <id>" or "tenant".');
}

function shown(target: SuspensionTarget): string {
  return target.kind === 'tenant' ? 'the tenant' : target.name;
}

export const suspendNouns: Nouns = {
  suspend: { group: 'Keep agents healthy' },
  resume: { group: 'Keep agents healthy' },
};

/** The commands of suspend, in the order of the help. */
export const suspendCommands: readonly Command[] = [suspend, resume];
