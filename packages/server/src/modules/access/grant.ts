import type { GrantId } from '../../kernel/ids.ts';
import type { Reach, Role } from './role.ts';

/** A role, and where it is held: the whole tenant, one agent, or messages to one skill of it. */
export interface HeldRole {
  readonly role: Role;
  /** Null: the whole tenant. The name selects the agent that has it now. */
  readonly agentName: string | null;
  /** Null: the whole agent. */
  readonly skillId: string | null;
}

/** A role that was granted to a principal, in its tenant's view. */
export interface Grant extends HeldRole {
  readonly grantId: GrantId;
  readonly principalId: string;
  /** Id of the principal that granted it. */
  readonly grantedBy: string;
  readonly createdAt: Date;
}

export function reachOf({ agentName, skillId }: Pick<HeldRole, 'agentName' | 'skillId'>): Reach {
  if (agentName === null) return 'tenant';
  return skillId === null ? 'agent' : 'skill';
}
