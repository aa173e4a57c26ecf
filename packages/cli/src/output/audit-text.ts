import type { AuditEntry, SealedAuditEntry } from '@colloquy/sdk/client';
import { creditsText } from './credits.ts';
import { principalText } from './principal-text.ts';
import { printable, table } from './table.ts';

/** An audit entry in one line. */
export function auditLine({ occurredAt, action, outcome, resource, facts, ...entry }: AuditEntry): string {
  const actor = `by ${principalText(entry.actorId, entry.actorName)}`;
  return printable([occurredAt, action.padEnd(18), outcome.padEnd(9), resource, actor, ...factTexts(facts)].join('  '));
}

/** Sealed audit entries in a table; nothing for none. */
export function auditTable(entries: readonly SealedAuditEntry[]): string {
  const rows = entries.map((one) => [
    String(one.seq),
    one.occurredAt,
    one.action,
    one.outcome,
    one.resource,
    principalText(one.actorId, one.actorName),
    factTexts(one.facts).join(' '),
  ]);
  return table(['SEQ', 'TIME', 'ACTION', 'OUTCOME', 'RESOURCE', 'ACTOR', 'FACTS'], rows);
}

/** Facts as they are stored; an amount of microcredits is followed by the same amount in credits. */
function factTexts(facts: AuditEntry['facts']): readonly string[] {
  return Object.entries(facts).map(([name, value]) => {
    const isAmount = name.endsWith('Microcredits') && /^\d{1,16}$/.test(value);
    return `${name}=${value}${isAmount ? ` (${creditsText(Number(value))} credits)` : ''}`;
  });
}
