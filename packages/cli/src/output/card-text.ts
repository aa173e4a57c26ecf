import type { CardDiff, CardSignature, CardVersion } from '@colloquy/sdk/client';
import { printable, table } from './table.ts';

const valueCharsMax = 100;
const signs: Readonly<Record<string, string>> = { added: '+', removed: '-', changed: '~' };

/** The state of a card's signature, for people. */
export function signatureText({ state, kid, keyRevoked }: CardSignature): string {
  if (state === 'verified') return `verified by ${kid ?? '?'}${keyRevoked === true ? ', which is revoked' : ''}`;
  return state === 'untrusted-key' ? 'signed by an untrusted key' : state;
}

/** Versions as a table. */
export function versionsText(versions: readonly CardVersion[]): string {
  const rows = versions.map(({ version, status, inUse, signature, cardsOwnVersion, createdAt }) => [
    String(version),
    inUse ? 'in use' : status,
    cardsOwnVersion,
    createdAt,
    signatureText(signature),
  ]);
  return table(['VERSION', 'STATUS', "CARD'S OWN", 'TIME', 'SIGNATURE'], rows);
}

/** Differences, one a line. */
export function diffText({ changes, changeCount, material }: CardDiff): string {
  if (changeCount === 0 && material.length === 0) return 'Nothing differs.';
  const lines = changes.map(({ path, kind, before, after }) => {
    const values = [before, after].filter((value) => value !== undefined).map(shortened);
    return `${signs[kind] ?? kind} ${printable(path)}: ${values.join(' → ')}`;
  });
  const rest = changeCount > changes.length ? [`… and ${changeCount - changes.length} more`] : [];
  const trust = material.length === 0 ? [] : ['', `Security-relevant: ${material.join(', ')}.`];
  return [...lines, ...rest, ...trust].join('\n');
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value);
  return printable(text.length > valueCharsMax ? `${text.slice(0, valueCharsMax)}…` : text);
}
