import { AsyncLocalStorage } from 'node:async_hooks';

/** The delegation that came with a task. The agent passes it on with everything that it sends for that task. */
export interface Delegation {
  /** The platform's forward token. */
  readonly token: string;
  /** The platform's id of the task, as in `Colloquy-Task`; a token can name several. */
  readonly task?: string;
}

const current = new AsyncLocalStorage<Delegation>();

/** Runs a handler, so that what it sends belongs to the delegation chain of its task. */
export function runDelegated<T>(delegation: Delegation | undefined, work: () => T): T {
  return delegation === undefined ? current.exit(work) : current.run(delegation, work);
}

/** The header fields that put a call into the delegation chain of the current task; none outside of a handler. For calls without this SDK's client. */
export function delegationHeaders(
  delegation: Delegation | null | undefined = current.getStore(),
): Readonly<Record<string, string>> {
  if (delegation === null || delegation === undefined) return {};
  const { token, task } = delegation;
  return { 'colloquy-delegation': token, ...(task === undefined ? {} : { 'colloquy-task': task }) };
}
