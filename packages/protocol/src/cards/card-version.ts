import { isList, isRecord } from '../codec/index.ts';
import type { JsonRecord } from '../codec/index.ts';

/** The families of agent cards: each has one decoder. Cards of A2A 0.2 are read as those of 0.3, which grew out of them. */
export type CardVersion = '1.0' | '0.3' | '0.1';

/** Members that cards before 0.2 did not have. */
const laterMembers = [
  'protocolVersion',
  'preferredTransport',
  'additionalInterfaces',
  'securitySchemes',
  'security',
  'supportsAuthenticatedExtendedCard',
  'signatures',
  'iconUrl',
];

/** Members that every card since 0.2 must have and those before might leave out. */
const laterRequired = ['description', 'defaultInputModes', 'defaultOutputModes'];

/**
 * Which version a card is of. Only 1.0 lists `supportedInterfaces`; only 0.1 has `authentication`. Without either, a card is of 0.3
 * when it has a member that came with 0.2, or everything that 0.2 asked for, with modes that are media types.
 */
export function cardVersionOf(card: unknown): CardVersion {
  if (!isRecord(card) || given(card, 'supportedInterfaces') || !given(card, 'url')) return '1.0';
  if (laterMembers.some((name) => given(card, name))) return '0.3';
  if (given(card, 'authentication')) return '0.1';
  return laterRequired.every((name) => given(card, name)) && modesOf(card).every(isMediaType) ? '0.3' : '0.1';
}

function given(card: JsonRecord, name: string): boolean {
  return card[name] !== undefined && card[name] !== null;
}

function modesOf(card: JsonRecord): readonly unknown[] {
  return [card['defaultInputModes'], card['defaultOutputModes']].flatMap((modes) => (isList(modes) ? modes : [modes]));
}

function isMediaType(mode: unknown): boolean {
  return typeof mode === 'string' && mode.includes('/');
}
