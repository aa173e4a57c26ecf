/** Tasks and their first events. $1: ids, $2: messages. */
export const recordTasks = {
  name: 'record',
  text: `with sent as (select * from unnest($1::uuid[], $2::text[]) as sent (task_id, payload)),
    recorded as (insert into least.tasks select task_id, 'submitted', now() from sent)
    insert into least.events select task_id, 1, payload from sent`,
};
