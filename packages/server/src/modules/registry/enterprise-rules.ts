import type { AgentCard, JsonObject, JsonValue } from '@colloquy/protocol';
import { limits } from '../../kernel/limits.ts';
import { priceViolations } from '../prices/index.ts';
import { agentStatuses, agentTiers } from './agent-profile.ts';
import { enterpriseParamsOf, fieldsOf, isObject } from './enterprise-extension.ts';
import type { Violation } from './registration-rules.ts';
import type { SchemaJudge } from './schema-judge.ts';

/** Describes a violation; null for a valid value. */
type Rule = (value: JsonValue) => string | null;

const shortChars = 200;
const regionShape = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const dayMs = 86_400_000;
const yearMs = 365 * dayMs;

const shortText: Rule = (value) =>
  typeof value === 'string' && value.trim() !== '' && value.length <= shortChars
    ? null
    : `must be a text of 1 to ${shortChars} characters`;
const oneOf =
  (allowed: readonly string[]): Rule =>
  (value) =>
    typeof value === 'string' && allowed.includes(value) ? null : `must be one of ${allowed.join(', ')}`;
const integer =
  (min: number, max: number): Rule =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? null
      : `must be an integer from ${min} to ${max}`;
const listOf =
  (isFit: (item: JsonValue) => boolean, what: string): Rule =>
  (value) =>
    Array.isArray(value) && value.length <= limits.profileListItemsMax && value.every(isFit)
      ? null
      : `must be a list of at most ${limits.profileListItemsMax} ${what}`;
const yesOrNo: Rule = (value) => (typeof value === 'boolean' ? null : 'must be true or false');

const agentRules: Readonly<Record<string, Rule>> = {
  department: shortText,
  owner: shortText,
  costCenter: shortText,
  tier: oneOf(agentTiers),
  slotsMax: integer(1, limits.agentSlotsMax),
  regions: listOf((item) => typeof item === 'string' && regionShape.test(item), 'regions, such as eu-west-1'),
  status: oneOf(agentStatuses),
  scopes: listOf((item) => shortText(item) === null, 'scopes'),
  healthUrl: shortUrl,
  // Judged member by member: `statedPriceViolations`.
  price: () => null,
  skills: (value) => (isObject(value) ? null : 'must be an object with the ids of skills'),
};

const skillRules: Readonly<Record<string, Rule>> = {
  estimatedMs: integer(0, dayMs),
  idempotent: yesOrNo,
  cacheTtlMs: integer(1, yearMs),
  priceMicrocredits: integer(0, limits.amountMicrocreditsMax),
  price: () => null,
  inputSchema: isSchema,
  outputSchema: isSchema,
};

/** The violations of the extension's params on a card, field by field. */
export async function enterpriseViolations(card: AgentCard, judge: SchemaJudge): Promise<Violation[]> {
  const at = card.capabilities.extensions?.findIndex(({ params }) => params === enterpriseParamsOf(card)) ?? -1;
  const params = enterpriseParamsOf(card);
  if (params === null) return [];
  const place = `capabilities.extensions[${at}].params`;
  const skillIds = new Set(card.skills.map(({ id }) => id));
  const found = [...violationsBy(agentRules, place, params), ...statedPriceViolations(place, params)];
  const schemas: PlacedSchema[] = [];
  for (const [id, settings] of Object.entries(fieldsOf(params['skills']))) {
    const at = `${place}.skills.${id.slice(0, shortChars)}`;
    if (skillIds.has(id)) found.push(...skillViolations(at, settings));
    else found.push({ field: at, description: 'is not the id of a skill of this card' });
    schemas.push(...schemasOf(at, settings));
  }
  if (schemas.length > limits.schemasPerCardMax) {
    found.push({
      field: `${place}.skills`,
      description: `must not have more than ${limits.schemasPerCardMax} schemas`,
    });
  }
  return found.length > 0 ? found : firstProblem(schemas, judge);
}

interface PlacedSchema {
  readonly field: string;
  readonly schema: JsonObject;
}

function schemasOf(place: string, settings: JsonValue): readonly PlacedSchema[] {
  return ['inputSchema', 'outputSchema'].flatMap((name) => {
    const schema = fieldsOf(settings)[name];
    return isObject(schema) ? [{ field: `${place}.${name}`, schema }] : [];
  });
}

/** Finds the first invalid schema only, and yields to the event loop between two: after a schema that is expensive to judge, no other follows. */
async function firstProblem(schemas: readonly PlacedSchema[], judge: SchemaJudge): Promise<Violation[]> {
  for (const { field, schema } of schemas) {
    const description = await judge.problemOf(schema);
    if (description !== null) return [{ field, description }];
  }
  return [];
}

function skillViolations(place: string, settings: JsonValue): Violation[] {
  if (!isObject(settings)) return [{ field: place, description: 'must be an object' }];
  const found = [...violationsBy(skillRules, place, settings), ...statedPriceViolations(place, settings)];
  if (settings['idempotent'] === false && settings['cacheTtlMs'] !== undefined) {
    found.push({ field: `${place}.cacheTtlMs`, description: 'is for idempotent skills only' });
  }
  return found;
}

function statedPriceViolations(place: string, { price }: JsonObject): Violation[] {
  return price === undefined ? [] : priceViolations(price, `${place}.price`);
}

function violationsBy(rules: Readonly<Record<string, Rule>>, place: string, members: JsonObject): Violation[] {
  return Object.entries(members).flatMap(([name, value]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    const description = rule === undefined ? `must be one of ${Object.keys(rules).join(', ')}` : rule(value);
    return description === null ? [] : [{ field: `${place}.${name.slice(0, shortChars)}`, description }];
  });
}

function isSchema(value: JsonValue): string | null {
  return isObject(value) ? null : 'must be a JSON Schema as an object';
}

function shortUrl(value: JsonValue): string | null {
  const url = typeof value === 'string' && value.length <= 2048 ? URL.parse(value) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? null : 'must be an absolute http or https URL';
}
