-- What may be used once, by its digest: proofs of possession and the assertions of clients.

set local role colloquy_owner;

create table colloquy.spent_proofs (
  digest     bytea primary key check (octet_length(digest) = 32),
  expires_at timestamptz not null
);
create index spent_proofs_by_expiry on colloquy.spent_proofs (expires_at);
grant select, insert on colloquy.spent_proofs to colloquy_app;
grant select (ctid, expires_at), delete on colloquy.spent_proofs to colloquy_worker;

reset role;
