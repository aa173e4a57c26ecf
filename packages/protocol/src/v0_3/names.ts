import type { Role, TaskState } from '../model/index.ts';
import { roles, taskStates } from '../model/index.ts';

/**
 * Which JSON of A2A 0.3 is meant. `json`: JSON-RPC, with `kind` markers and lower-case names (`types.ts` of the specification).
 * `proto`: HTTP+JSON, which is ProtoJSON of package `a2a.v1`. They differ in names of members and constants, not in meaning.
 */
export type Dialect = 'json' | 'proto';

/** Task states of JSON-RPC, in the order of the model's. */
const jsonStates = [
  'unknown',
  'submitted',
  'working',
  'completed',
  'failed',
  'canceled',
  'input-required',
  'rejected',
  'auth-required',
] as const;

/** Task states of HTTP+JSON, in the order of the model's: the same but for a second L. */
const protoStates = taskStates.map((state) => (state === 'TASK_STATE_CANCELED' ? 'TASK_STATE_CANCELLED' : state));

/** Message roles of JSON-RPC, in the order of the model's. */
const jsonRoles = ['unspecified', 'user', 'agent'] as const;

/** The names of task states that a dialect's readers understand. HTTP+JSON also meets the names of JSON-RPC, and 1.0's one L. */
export function stateNames(dialect: Dialect, spelling: unknown): readonly [string, ...string[]] {
  if (dialect === 'json' || isLowerCase(spelling)) return jsonStates;
  const [unspecified = '', ...others] = spelling === 'TASK_STATE_CANCELED' ? taskStates : protoStates;
  return [unspecified, ...others];
}

/** The names of message roles that a dialect's readers understand. */
export function roleNames(dialect: Dialect, spelling: unknown): readonly [string, ...string[]] {
  return dialect === 'json' || isLowerCase(spelling) ? jsonRoles : roles;
}

/** The model's constant at the place of a name in its list. */
export function constantOf<T extends string>(
  constants: readonly [T, ...T[]],
  names: readonly string[],
  name: string,
): T {
  return constants[names.indexOf(name)] ?? constants[0];
}

/** A task state on the wire. */
export function stateName(state: TaskState, dialect: Dialect): string {
  const names: readonly string[] = dialect === 'json' ? jsonStates : protoStates;
  return names[taskStates.indexOf(state)] ?? state;
}

/** A message role on the wire. */
export function roleName(role: Role, dialect: Dialect): string {
  return dialect === 'proto' ? role : (jsonRoles[roles.indexOf(role)] ?? role);
}

function isLowerCase(spelling: unknown): boolean {
  return typeof spelling === 'string' && /^[a-z]/.test(spelling);
}
