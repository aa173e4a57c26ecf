-- The issuers of the access tokens of this database, so that processes without a common public address accept each other's tokens. No tenant owns them.

set local role colloquy_owner;

create table colloquy.token_issuers (
  -- The address of a process, as its tokens carry it.
  issuer     text primary key check (char_length(issuer) between 1 and 2000),
  started_at timestamptz not null default colloquy.now_utc()
);
grant select, insert, delete on colloquy.token_issuers to colloquy_app;
grant update (started_at) on colloquy.token_issuers to colloquy_app;

reset role;
