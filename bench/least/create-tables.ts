/** Two tables, each with the key that it can not do without. */
export const createTables = `
  create schema least;
  create table least.tasks (
    task_id uuid primary key, state text not null, created_at timestamptz not null, ended_at timestamptz
  );
  create table least.events (task_id uuid, seq integer, payload text not null, primary key (task_id, seq))`;
