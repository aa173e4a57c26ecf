import type { Arguments } from './arguments.ts';
import { UsageError } from './usage-error.ts';

/** The holder of a limit: the tenant, a client by its id, or an agent by its name. */
export type LimitSubject = { readonly kind: 'tenant' } | { readonly kind: 'client' | 'agent'; readonly id: string };

/** The holder of a limit, as it was typed: `tenant`, `client <id>` or `agent <name>`. */
export function limitSubjectOf(args: Arguments): LimitSubject {
  const [kind, id] = [args.positional(0), args.positional(1)];
  if (kind === 'tenant' && id === '') return { kind };
  if ((kind === 'client' || kind === 'agent') && id !== '') return { kind, id };
  throw new UsageError(
    'A limit is for the tenant, a client or an agent.',
    'Say "tenant", "client <client-id>" or "agent <name>".',
  );
}

/** The subject in words. */
export function shownSubject(subject: { readonly kind: string; readonly id?: string }): string {
  return subject.id === undefined ? `the ${subject.kind}` : `${subject.kind} ${subject.id}`;
}
