import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { UsageError } from '../usage-error.ts';

type SuspensionTarget = { readonly kind: 'agent' | 'principal'; readonly name: string } | { readonly kind: 'tenant' };

const stop: Command = {
  name: 'stop',
  summary: 'Stop an agent, a client or the tenant: nothing new is taken, and running tasks are canceled',
  positionals: ['<agent|client|tenant>', '[name]'],
  options: { reason: { type: 'string', value: 'text', description: 'Why; kept in the audit log' } },
  connects: true,
  details: 'A client is named by its id, as is any other principal. Only operators stop a tenant.',
  examples: ['colloquy stop agent echo --reason "answers with secrets"'],
  async run({ args, client, output }) {
    const target = targetOf(args);
    const reason = args.text('reason');
    if (reason === undefined || reason === '')
      throw new UsageError('--reason is needed.', 'Say why, for the audit log.');
    const { admin } = client();
    const stopped = await (target.kind === 'tenant'
      ? admin.stopTenant({ body: { reason } })
      : target.kind === 'agent'
        ? admin.stopAgent({ agent: target.name, body: { reason } })
        : admin.stopPrincipal({ principal: target.name, body: { reason } }));
    output.print(stopped, `Stopped ${shown(target)} since ${stopped.stoppedAt}.`);
  },
};

const resume: Command = {
  name: 'resume',
  summary: 'Let what was stopped go on; canceled tasks stay canceled',
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
    output.print({ ...target, resumed: true }, `${shown(target)} may go on.`);
  },
};

function targetOf(args: Arguments): SuspensionTarget {
  const [kind, name] = [args.positional(0), args.positional(1)];
  if (kind === 'tenant' && name === '') return { kind };
  // Nobody shall find out afterwards that another tenant than the one they named was stopped.
  if (kind === 'tenant')
    throw new UsageError('A tenant is not named after "tenant".', `Name it like everywhere: --tenant ${name}.`);
  if (kind === 'agent' && name !== '') return { kind, name };
  if (kind === 'client' && name !== '') return { kind: 'principal', name };
  throw new UsageError('What to stop is not clear.', 'Say "agent <name>", "client <id>" or "tenant".');
}

function shown(target: SuspensionTarget): string {
  return target.kind === 'tenant' ? 'the tenant' : target.name;
}

export const stopNouns: Nouns = {
  stop: { group: 'Keep agents healthy', summary: 'Suspend an agent, a client or the tenant' },
  resume: { group: 'Keep agents healthy', summary: 'Lift the suspension of an agent, a client or the tenant' },
};

/** The commands of stop, in the order of the help. */
export const stopCommands: readonly Command[] = [stop, resume];
