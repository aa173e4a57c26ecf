/** The ends of tasks. $1: ids, $2: artifacts. */
export const endTasks = {
  name: 'end',
  text: `with answered as (select * from unnest($1::uuid[], $2::text[]) as answered (task_id, payload)),
    ended as (
      update least.tasks set state = 'completed', ended_at = now() from answered where tasks.task_id = answered.task_id
    )
    insert into least.events select task_id, 2, payload from answered`,
};
