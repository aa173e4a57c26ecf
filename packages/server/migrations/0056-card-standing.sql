-- What a search shows of how the cards in use are signed, and which versions wait, is kept with the agents: it looked twice at the
-- versions of each agent, and what it looks at is most of what it takes.

set local role colloquy_owner;

alter table colloquy.agents
  add column card_signature_state text not null default 'unsigned'
    check (card_signature_state in ('unsigned', 'verified', 'untrusted-key')),
  add column card_signature_kid   text,
  -- The newest version that waits for a decision.
  add column pending_card_version integer;

-- Locks the agent before it reads, so that it sees what changes that were under way have left.
create function colloquy.note_card_standing() returns trigger
  language plpgsql as $body$
begin
  perform from colloquy.agents a where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id for no key update;
  update colloquy.agents a
  set card_signature_state = v.signature_state, card_signature_kid = v.signature_kid, pending_card_version = waiting.version
  from colloquy.agent_card_versions v
  cross join lateral (
    select max(w.version) as version from colloquy.agent_card_versions w
    where w.tenant_id = v.tenant_id and w.agent_id = v.agent_id and w.status = 'pending'
  ) waiting
  where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id
    and v.tenant_id = a.tenant_id and v.agent_id = a.agent_id and v.version = a.card_version
    and (a.card_signature_state, a.card_signature_kid, a.pending_card_version)
      is distinct from (v.signature_state, v.signature_kid, waiting.version);
  return null;
end
$body$;
create trigger note_card_standing after insert or update of card_version on colloquy.agents
  for each row execute function colloquy.note_card_standing();
create trigger note_card_standing after insert or update of status on colloquy.agent_card_versions
  for each row execute function colloquy.note_card_standing();

reset role;
