import { idOf } from '../../../kernel/ids.ts';
import type { Grant, Role } from '../../../modules/access/index.ts';

export interface GrantRow {
  readonly grant_id: string;
  readonly principal_id: string;
  /** Only what the table's check lets in is stored. */
  readonly role: Role;
  readonly agent_name: string | null;
  readonly skill_id: string | null;
  readonly granted_by: string;
  readonly created_at: Date;
}

export function grantOf(row: GrantRow): Grant {
  return {
    grantId: idOf('grt', row.grant_id),
    principalId: row.principal_id,
    role: row.role,
    agentName: row.agent_name,
    skillId: row.skill_id,
    grantedBy: row.granted_by,
    createdAt: row.created_at,
  };
}
