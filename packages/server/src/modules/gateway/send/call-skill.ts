import type { JsonObject, Message } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { digest128 } from '../../../kernel/digest.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { authorize } from '../../access/index.ts';
import { skillUri } from '../../registry/index.ts';
import type { CalledTask } from '../view/called-task.ts';
import { acceptSend } from './accept-send.ts';
import { readBegunTask } from '../view/read-called-task.ts';
import type { CallPorts } from '../view/read-called-task.ts';
import { assertUrgency } from './send-urgency.ts';

/** A call of one skill. */
export interface SkillCall {
  readonly agentName: string;
  readonly skillId: string;
  readonly inputs: JsonObject;
  /** The conversation that it belongs to; null for a new one. */
  readonly contextId: string | null;
  /** 0 to 9, 9 being the most urgent; null for the default. */
  readonly priority: number | null;
  /** Milliseconds since 1970; null for none. */
  readonly deadlineAtMs: number | null;
  /** 1 to `limits.callerIdCharsMax` characters; null: every call begins a task. */
  readonly idempotencyKey: string | null;
}

/**
 * Begins a task for one skill of an agent: sends a message that names the skill, with the inputs as its data. Throws `registry.agent-unknown`,
 * `task.skill-unknown`, `request.invalid` with a path for each violation of the skill's schema, and everything that a send throws.
 */
export function callSkill(ports: CallPorts) {
  return async (caller: Caller, call: SkillCall): Promise<CalledTask> => {
    const { agentName, skillId, inputs, idempotencyKey, priority, deadlineAtMs } = call;
    const address = { tenantSlug: caller.tenant.slug, agentName };
    authorize(caller, 'task.send', { ...address, skillId });
    const urgency = {
      ...(priority === null ? {} : { priority }),
      ...(deadlineAtMs === null ? {} : { deadlineAtMs }),
    };
    assertUrgency(ports.clock, urgency);
    const { skills } = await ports.routes.resolve(caller.tenant.id, agentName);
    const skill = skills.get(skillId);
    if (skill === undefined) throw new PlatformError('task.skill-unknown');
    if (skill.inputSchema !== null) assertFits(ports, skill.inputSchema, inputs);
    const request = { message: messageOf(ports, caller, call), configuration: { returnImmediately: true } };
    const { taskId } = await acceptSend(ports, {
      caller,
      address,
      request,
      options: {
        ...(idempotencyKey === null ? {} : { idempotencyKey }),
        ...urgency,
      },
    });
    return readBegunTask(ports, caller, taskId);
  };
}

function assertFits({ schemas }: CallPorts, schema: JsonObject, inputs: JsonObject): void {
  const violations = schemas.violationsOf(schema, inputs);
  if (violations.length === 0) return;
  throw invalid(violations.map(({ field, description }) => ({ field: `/inputs${field}`, description })));
}

/** A repeated call sends the same message id, so that its idempotency key identifies it. */
function messageOf(ports: CallPorts, caller: Caller, call: SkillCall): Message {
  const { agentName, skillId, inputs, contextId, idempotencyKey } = call;
  const messageId =
    idempotencyKey === null
      ? ports.ids.next('req')
      : digest128(JSON.stringify([caller.principal.id, agentName, skillId, idempotencyKey]));
  return {
    messageId,
    role: 'ROLE_USER',
    parts: [{ data: inputs }],
    ...(contextId === null ? {} : { contextId }),
    metadata: { [skillUri]: { id: skillId } },
  };
}

function invalid(violations: readonly { readonly field: string; readonly description: string }[]): PlatformError {
  return new PlatformError('request.invalid', { violations });
}
