import type { Draw } from './seeded.ts';

/** SQL of a superuser who has switched the triggers off; `$1` is the tenant. */
export interface DatabaseTamper {
  readonly statements: (place: { readonly seq: number; readonly other: number }) => readonly string[];
  /** Where an export shows it first. */
  readonly seqOf: (place: { readonly seq: number; readonly other: number }) => number;
}

const entry = 'e.tenant_id = c.tenant_id and e.entry_id = c.entry_id and c.tenant_id = $1';
const setting =
  (assignment: string) =>
  (place: { readonly seq: number }): readonly string[] => [
    `update colloquy.audit_entries e set ${assignment} from colloquy.audit_chain c where ${entry} and c.seq = ${place.seq}`,
  ];
const atSeq = ({ seq }: { readonly seq: number }): number => seq;

/** Ways to touch the database behind the platform's back. */
export const databaseTampers: Readonly<Record<string, DatabaseTamper>> = {
  'the actor of an entry is edited': { statements: setting(`actor_id = e.actor_id || 'x'`), seqOf: atSeq },
  'the outcome of an entry is edited': {
    statements: setting(`outcome = case e.outcome::text when 'succeeded' then 'failed' else 'succeeded' end`),
    seqOf: atSeq,
  },
  'the facts of an entry are edited': { statements: setting(`facts = e.facts || '{"added": "1"}'`), seqOf: atSeq },
  'the time of an entry is moved by a microsecond': {
    statements: setting(`occurred_at = e.occurred_at + interval '1 microsecond'`),
    seqOf: atSeq,
  },
  'an entry is deleted from the log': {
    statements: ({ seq }) => [
      `delete from colloquy.audit_entries e using colloquy.audit_chain c where ${entry} and c.seq = ${seq}`,
    ],
    seqOf: atSeq,
  },
  'an entry is deleted from log and chain': {
    statements: ({ seq }) => [
      `delete from colloquy.audit_entries e using colloquy.audit_chain c where ${entry} and c.seq = ${seq}`,
      `delete from colloquy.audit_chain where tenant_id = $1 and seq = ${seq}`,
    ],
    seqOf: atSeq,
  },
  'two entries change places in the chain': {
    statements: ({ seq, other }) => [
      `update colloquy.audit_chain set seq = 1000000 where tenant_id = $1 and seq = ${seq}`,
      `update colloquy.audit_chain set seq = ${seq} where tenant_id = $1 and seq = ${other}`,
      `update colloquy.audit_chain set seq = ${other} where tenant_id = $1 and seq = 1000000`,
    ],
    seqOf: ({ seq, other }) => Math.min(seq, other),
  },
  'a forged entry is put into log and chain': {
    statements: ({ seq }) => [
      `update colloquy.audit_chain set seq = seq + 1000000 where tenant_id = $1 and seq >= ${seq}`,
      `update colloquy.audit_chain set seq = seq - 999999 where tenant_id = $1 and seq >= 1000000`,
      `with forged as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        values ($1, gen_random_uuid(), 'cli_forged', 'agent.registered', 'succeeded', 'agents/forged', 'req_1', '{}')
        returning tenant_id, entry_id, occurred_at, actor_id, resource
      )
      insert into colloquy.audit_chain (tenant_id, seq, entry_id, occurred_at, actor_id, resource, hash)
      select tenant_id, ${seq}, entry_id, occurred_at, actor_id, resource, sha256('forged') from forged`,
    ],
    seqOf: atSeq,
  },
  'the newest entries are taken away with every trace in the database': {
    statements: ({ seq }) => [
      `delete from colloquy.audit_entries e using colloquy.audit_chain c where ${entry} and c.seq >= ${seq}`,
      `delete from colloquy.audit_chain where tenant_id = $1 and seq >= ${seq}`,
      `delete from colloquy.audit_checkpoints where tenant_id = $1 and size >= ${seq}`,
    ],
    seqOf: atSeq,
  },
};

/** A place to touch, and another one. */
export function drawPlace(draw: Draw, entries: number): { readonly seq: number; readonly other: number } {
  const seq = 1 + draw(entries);
  const other = 1 + draw(entries);
  return { seq, other: other === seq ? (seq % entries) + 1 : other };
}
