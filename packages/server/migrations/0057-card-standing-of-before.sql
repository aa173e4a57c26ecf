-- How the cards are signed, and which versions wait, of agents that are there already. Rows that are right stay untouched.

set local role colloquy_owner;

alter table colloquy.agents no force row level security;
alter table colloquy.agent_card_versions no force row level security;
-- A card of before signatures were judged is as one that nobody trusted signed.
update colloquy.agent_card_versions
  set signature_state = case when jsonb_array_length(coalesce(card -> 'signatures', '[]')) > 0 then 'untrusted-key' else 'unsigned' end
  where signature_state is null;
alter table colloquy.agent_card_versions alter column signature_state set not null;
update colloquy.agents a
  set card_signature_state = v.signature_state, card_signature_kid = v.signature_kid, pending_card_version = waiting.version
  from colloquy.agent_card_versions v
  cross join lateral (
    select max(w.version) as version from colloquy.agent_card_versions w
    where w.tenant_id = v.tenant_id and w.agent_id = v.agent_id and w.status = 'pending'
  ) waiting
  where v.tenant_id = a.tenant_id and v.agent_id = a.agent_id and v.version = a.card_version
    and (a.card_signature_state, a.card_signature_kid, a.pending_card_version)
      is distinct from (v.signature_state, v.signature_kid, waiting.version);
alter table colloquy.agents force row level security;
alter table colloquy.agent_card_versions force row level security;

reset role;
