import { uuidOf } from '../../../kernel/ids.ts';
import type { ResumeTask } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

/** Claims a task that was authorized elsewhere and goes on, and records the event that says so, if the task has not changed. */
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

/** As `resumeTask`, for a task that had slots: it takes them again, free or not, because its agent works already. The slots are locked before. */
export function resumeWithSlots(resume: ResumeTask): Statement<{ readonly task_id: string }> {
  return { name: 'resume-with-slots', text: withSlotsText, values: resumeTask(resume).values };
}

const text = `
with moved as (
  -- A cancel request and the count of takeovers stay: the work on the same message goes on.
  update colloquy.tasks t
  set state = 'working', status_at = $6, node_id = $3, attempt = t.attempt + 1, last_seq = t.last_seq + 1,
    waiting_since = null, next_look_at = null
  where t.tenant_id = $1 and t.task_id = $2 and t.last_seq = $4 and t.attempt = $5 and t.state = 'auth-required'
  returning t.tenant_id, t.task_id, t.last_seq, t.slot_keys
),
logged as (
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select m.tenant_id, m.task_id, m.last_seq, $7, $8 from moved m
)
select task_id from moved`;

const withSlotsText = `
with moved as (
  -- A cancel request and the count of takeovers stay: the work on the same message goes on.
  update colloquy.tasks t
  set state = 'working', status_at = $6, node_id = $3, attempt = t.attempt + 1, last_seq = t.last_seq + 1,
    waiting_since = null, next_look_at = null
  where t.tenant_id = $1 and t.task_id = $2 and t.last_seq = $4 and t.attempt = $5 and t.state = 'auth-required'
  returning t.tenant_id, t.task_id, t.last_seq, t.slot_keys
),
logged as (
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select m.tenant_id, m.task_id, m.last_seq, $7, $8 from moved m
),
taken as (
  update colloquy.slots s set in_use = s.in_use + 1
  from moved m where s.tenant_id = m.tenant_id and s.key_id = any (m.slot_keys)
)
select task_id from moved`;
