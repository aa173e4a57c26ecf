import type { JsonObject, JsonValue } from '../model/index.ts';
import { canonicalJson, isList, isObject } from './canonical-json.ts';
import { cardFields } from './card-fields.ts';
import type { FieldRule, ShapeName } from './card-fields.ts';

/**
 * What a signature over a card can cover. `specification`: the presence rules of A2A 1.0 section 8.4.1. `without-empties`: every empty
 * string, list and object is left out at any depth, and every field that 1.0 does not know, as the official SDKs sign; only for cards of
 * which nothing else is read. `as-published`: the document as it stands, as cards of earlier versions are signed.
 */
export type SigningForm = 'specification' | 'without-empties' | 'as-published';

/** A text that a signature may cover, and which form it is. */
export interface SigningText {
  readonly form: SigningForm;
  readonly text: string;
}

/**
 * The canonical texts (RFC 8785) that stand for a card's wire document, without its signatures; each text once. Throws `TypeError` when
 * the document holds what JSON can not.
 */
export function signingTexts(document: JsonObject): readonly SigningText[] {
  const { signatures: _signatures, ...unsigned } = document;
  const known = withPresence(unsigned, 'AgentCard', 'known-only');
  // A card without interfaces is of an earlier version, whose address 1.0 does not know.
  const isAllKnown = isList(unsigned['supportedInterfaces'] ?? null) && !isSpelledOtherwise(unsigned, 'AgentCard');
  const texts: readonly SigningText[] = [
    { form: 'specification', text: canonicalJson(withPresence(unsigned, 'AgentCard', 'all')) },
    ...(isAllKnown ? [{ form: 'without-empties', text: canonicalJson(withoutEmpties(known) ?? {}) } as const] : []),
    { form: 'as-published', text: canonicalJson(unsigned) },
  ];
  return texts.filter(({ text }, at) => texts.findIndex((other) => other.text === text) === at);
}

/** Whether a field stands under its snake_case name somewhere: readers take it for the field, as ProtoJSON has it. */
function isSpelledOtherwise(value: JsonObject, shape: ShapeName): boolean {
  const rules = cardFields[shape];
  return Object.entries(value).some(([name, item]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) return Object.hasOwn(rules, camelCase(name));
    if (rule.kind !== 'message') return false;
    const items = rule.many === undefined ? [item] : isList(item) ? item : isObject(item) ? Object.values(item) : [];
    return items.some((one) => isObject(one) && isSpelledOtherwise(one, rule.shape));
  });
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

type Kept = 'all' | 'known-only';

function withPresence(value: JsonObject, shape: ShapeName, kept: Kept): JsonObject {
  const rules = cardFields[shape];
  const fields = Object.entries(rules).map(
    ([name, rule]) => [name, present(value[name] ?? undefined, rule, kept)] as const,
  );
  const unknown = kept === 'all' ? Object.entries(value).filter(([name]) => !Object.hasOwn(rules, name)) : [];
  return Object.fromEntries([...fields, ...unknown].filter(isSet));
}

function isSet(entry: readonly [string, JsonValue | undefined]): entry is readonly [string, JsonValue] {
  return entry[1] !== undefined;
}

/** A field's value in the signed form; undefined when it is left out. */
function present(value: JsonValue | undefined, rule: FieldRule, kept: Kept): JsonValue | undefined {
  switch (rule.kind) {
    case 'required':
      return value ?? emptyOf(rule.empty);
    case 'tracked':
    case 'struct':
      return value;
    case 'plain':
      return value === undefined || isDefault(value) ? undefined : value;
    case 'message':
      return presentMessages(value, rule, kept);
  }
}

function presentMessages(
  value: JsonValue | undefined,
  { shape, many, required }: Extract<FieldRule, { kind: 'message' }>,
  kept: Kept,
): JsonValue | undefined {
  const one = (item: JsonValue): JsonValue => (isObject(item) ? withPresence(item, shape, kept) : item);
  if (value === undefined) return required === undefined ? undefined : required === 'list' ? [] : {};
  if (many === 'list' && isList(value))
    return value.length === 0 && required === undefined ? undefined : value.map(one);
  if (many === 'map' && isObject(value)) {
    const entries = Object.entries(value);
    return entries.length === 0 ? undefined : Object.fromEntries(entries.map(([name, item]) => [name, one(item)]));
  }
  return many === undefined ? one(value) : value;
}

function emptyOf(empty: '' | 'list' | 'map'): JsonValue {
  if (empty === 'list') return [];
  return empty === 'map' ? {} : '';
}

function isDefault(value: JsonValue): boolean {
  return value === '' || value === false || value === 0 || isEmpty(value);
}

function isEmpty(value: JsonValue): boolean {
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

function withoutEmpties(value: JsonValue): JsonValue | undefined {
  if (value === '' || value === null) return undefined;
  if (isList(value)) {
    const items = value.map(withoutEmpties).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, withoutEmpties(item)] as const);
  const kept = entries.filter(isSet);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
