-- One row for each running process of ours. No tenant owns it.

set local role colloquy_owner;

create table colloquy.nodes (
  node_id      uuid primary key,
  host_name    text not null,
  started_at   timestamptz not null default colloquy.now_utc(),
  heartbeat_at timestamptz not null default colloquy.now_utc(),
  -- Set once; a dead node never returns.
  dead_at      timestamptz
) with (fillfactor = 30);
grant select, insert on colloquy.nodes to colloquy_worker;
grant update (heartbeat_at, dead_at) on colloquy.nodes to colloquy_worker;
reset role;
