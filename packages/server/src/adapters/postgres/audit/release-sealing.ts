import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** Gives the right to seal away, if this holder has it. */
export function releaseSealing(holderId: NodeId): Statement {
  return {
    name: 'release-sealing',
    text: `update colloquy.audit_sealer set holder_id = null, held_until = '-infinity' where holder_id = $1`,
    values: [uuidOf(holderId)],
  };
}
