import { uuidOf } from '../../../kernel/ids.ts';
import type { ResumeTask } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

/** Claims a task that waits for an authorization and goes on without its caller, with the event that says so, if it is as it was seen. */
export function resumeTask(resume: ResumeTask): Statement<{ readonly task_id: string }> {
  return {
    name: 'resume-task',
    text,
    values: [
      uuidOf(resume.tenantId),
      uuidOf(resume.taskId),
      uuidOf(resume.nodeId),
      resume.expectedSeq,
      resume.expectedAttempt,
      new Date(resume.statusAtMs),
      resume.event.kind,
      resume.event.json,
    ],
  };
}

/** As `resumeTask`, of a task that had slots: it has them again, free or not, because its agent is at work already. They are locked. */
export function resumeWithSlots(resume: ResumeTask): Statement<{ readonly task_id: string }> {
  return { name: 'resume-with-slots', text: textOf(taken), values: resumeTask(resume).values };
}

const taken = `,
taken as (
  update colloquy.slots s set in_use = s.in_use + 1
  from moved m where s.tenant_id = m.tenant_id and s.key_id = any (m.slot_keys)
)`;

const textOf = (slots: string): string => `
with moved as (
  -- Neither the wish to cancel nor the count of dead nodes is void: the turn is the same.
  update colloquy.tasks t
  set state = 'working', status_at = $6, node_id = $3, attempt = t.attempt + 1, last_seq = t.last_seq + 1,
    waiting_since = null, next_look_at = null
  where t.tenant_id = $1 and t.task_id = $2 and t.last_seq = $4 and t.attempt = $5 and t.state = 'auth-required'
  returning t.tenant_id, t.task_id, t.last_seq, t.slot_keys
),
logged as (
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select m.tenant_id, m.task_id, m.last_seq, $7, $8 from moved m
)${slots}
select task_id from moved`;

const text = textOf('');
