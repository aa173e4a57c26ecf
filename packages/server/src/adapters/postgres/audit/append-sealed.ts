import { uuidOf } from '../../../kernel/ids.ts';
import type { SealBatch } from '../../../modules/audit/index.ts';
import { joinedJson, plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

/**
 * Advances the place and adds the entries up to it, or does nothing: the one row of the sealer is the fence. The text of an entry is read
 * from its own row again, so that no text travels to the process and back.
 */
const text = `
with moved as (
  update colloquy.audit_sealer
  set place_in = $5::xid8, place_entry = $6::uuid
  where holder_id = $1 and term = $2::bigint and held_until > colloquy.now_utc() and place_in = $3::xid8 and place_entry = $4::uuid
  returning 1
),
sealed as (
  insert into colloquy.audit_chain (tenant_id, seq, entry_id, occurred_at, actor_id, resource, hash, digests)
  select s.tenant_id, s.seq, s.entry_id, e.occurred_at, e.actor_id, e.resource, decode(s.hash, 'hex'), nullif(s.digests, 'null')::jsonb
  from unnest($7::uuid[], $8::bigint[], $9::uuid[], $10::text[], string_to_array($11::text, chr(30)))
    as s (tenant_id, seq, entry_id, hash, digests)
  join colloquy.audit_entries e on e.tenant_id = s.tenant_id and e.entry_id = s.entry_id
  where exists (select from moved)
),
ended as (
  insert into colloquy.audit_chains (tenant_id, last_seq, head, peaks)
  select c.tenant_id, c.last_seq, decode(c.head, 'hex'), decode(c.peaks, 'hex')
  from unnest($12::uuid[], $13::bigint[], $14::text[], $15::text[]) as c (tenant_id, last_seq, head, peaks)
  where exists (select from moved)
  on conflict (tenant_id) do update set last_seq = excluded.last_seq, head = excluded.head, peaks = excluded.peaks
),
kept as (
  insert into colloquy.audit_nodes (tenant_id, level, position, hash)
  select n.tenant_id, n.level, n.position, decode(n.hash, 'hex')
  from unnest($16::uuid[], $17::smallint[], $18::bigint[], $19::text[]) as n (tenant_id, level, position, hash)
  where exists (select from moved)
)
select 1 as one from moved`;

/** One row when the batch was written; none when the sealer's term is over or the place has moved. */
export function appendSealed({ from, to, sealed, ends, nodes }: SealBatch): Statement<{ readonly one: number }> {
  return {
    name: 'append-sealed',
    text,
    values: [
      uuidOf(from.holderId),
      from.term,
      from.place.writtenIn,
      from.place.entryId,
      to.writtenIn,
      to.entryId,
      plainArray(sealed.map(({ entry }) => uuidOf(entry.tenantId))),
      plainArray(sealed.map(({ seq }) => seq)),
      plainArray(sealed.map(({ entry }) => entry.entryId.slice(4))),
      plainArray(sealed.map(({ hash }) => hash)),
      joinedJson(sealed.map(({ digests }) => JSON.stringify(digests))),
      plainArray(ends.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(ends.map(({ lastSeq }) => lastSeq)),
      plainArray(ends.map(({ head }) => head)),
      plainArray(ends.map(({ peaks }) => peaks.join(''))),
      plainArray(nodes.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(nodes.map(({ level }) => level)),
      plainArray(nodes.map(({ position }) => position)),
      plainArray(nodes.map(({ hash }) => hash)),
    ],
  };
}
