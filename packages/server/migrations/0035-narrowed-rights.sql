-- What lives on rights ends when roles are taken, not only when a whole credential is: a count that grows with each role that is.

set local role colloquy_owner;

grant select (tenant_id, principal_id, removed_at) on colloquy.grants to colloquy_lookup;
create policy lookup on colloquy.grants for select to colloquy_lookup using (true);

-- The places, counted from 0, of standings whose holders were narrowed since: by their first role, or by a role that was taken from them.
create function colloquy.find_narrowed(standings jsonb) returns table (place integer)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select (s.n - 1)::integer
    from jsonb_array_elements(standings) with ordinality as s(standing, n)
    where s.standing ->> 'narrowings' is not null and (s.standing ->> 'narrowings')::integer < (
      select count(distinct g.principal_id) + count(g.removed_at) from colloquy.grants g
      where g.tenant_id = (s.standing ->> 'tenant')::uuid
        and g.principal_id in (select h.id from jsonb_array_elements_text(s.standing -> 'holders') as h(id))
    );
  end;
revoke all on function colloquy.find_narrowed(jsonb) from public;
grant execute on function colloquy.find_narrowed(jsonb) to colloquy_app;

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_narrowed(jsonb) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
