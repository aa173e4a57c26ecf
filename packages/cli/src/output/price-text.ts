import type { OperationAnswer } from '@colloquy/sdk/client';
import { creditsText } from './credits.ts';

type AgentPrices = OperationAnswer<'readAgentPrices'>;
type Price = AgentPrices['prices'][number]['price'];
type Rate = Pick<NonNullable<Price['perItem']>, 'price' | 'tiers'>;
type Source = AgentPrices['prices'][number]['source'];
type QuotedLine = OperationAnswer<'quote'>['lines'][number];

/** A price in words: its parts in credits, then what is the least. */
export function priceText({ perCall, perItem, perSecond, perUnit, minimum }: Price): string {
  const parts = [
    ...(perCall === undefined ? [] : [`${perCall} per call`]),
    ...(perItem === undefined
      ? []
      : [`${rateText(perItem)} per item${perItem.of === undefined ? '' : ` of ${perItem.of}`}`]),
    ...(perSecond === undefined ? [] : [`${perSecond} per second`]),
    ...Object.entries(perUnit ?? {}).map(
      ([unit, rate]) => `${typeof rate === 'object' ? rateText(rate) : rate} per ${unit}`,
    ),
  ];
  return `${parts.join(' + ')}${minimum === undefined ? '' : `, at least ${minimum}`}`;
}

function rateText({ price, tiers = [] }: Rate): string {
  return [...tiers.map((tier) => `${tier.price} up to ${tier.upTo}, then `), String(price)].join('');
}

/** Where a price comes from. */
export function sourceText({ kind, skill, effectiveFrom, cardVersion }: Source): string {
  if (kind === 'registration') return 'registration';
  if (kind === 'card') return `card version ${cardVersion ?? ''}`;
  return `override${skill === undefined ? '' : ` of the skill ${skill}`} since ${effectiveFrom ?? ''}`;
}

const problems: Readonly<Record<NonNullable<QuotedLine['problem']>, string>> = {
  'no-inputs': 'the message has no data',
  'not-a-number': 'the inputs have no list and no number there',
  negative: 'the inputs have a negative number there',
  'too-large': 'the inputs have too large a number there',
  'too-many-nodes': 'the inputs have too many values',
};

const reasons: Readonly<Record<QuotedLine['basis'], string>> = {
  fixed: 'every call',
  inputs: 'counted in the inputs',
  estimate: 'estimate of the price',
  unknown: 'not known: the default of the tenant',
  minimum: 'up to the minimum of the price',
};

/** Why a line of a quote costs what it does. */
function reasonText({ basis, problem, amountMicrocredits, unitMicrocredits, quantity }: QuotedLine): string {
  // More than the rounding of one micro-credit apart.
  const isTiered = quantity !== undefined && Math.abs(amountMicrocredits - quantity * unitMicrocredits) > 1;
  const notes = [
    ...(problem === undefined ? [] : [problems[problem]]),
    ...(isTiered && basis !== 'minimum' ? ['in tiers'] : []),
  ];
  return [reasons[basis], ...notes].join('; ');
}

type PriceLine = Pick<QuotedLine, 'component' | 'unit' | 'quantity' | 'unitMicrocredits' | 'amountMicrocredits'>;

/** A line of a price: its part, how much of it, the price of one, and its amount. */
export function priceLine(line: PriceLine): readonly string[] {
  const { component, unit, quantity, unitMicrocredits, amountMicrocredits } = line;
  return [
    unit ?? component,
    quantity === undefined ? '?' : String(quantity),
    creditsText(unitMicrocredits),
    creditsText(amountMicrocredits),
  ];
}

/** A line of a quote, and why it costs that. */
export function quotedLine(line: QuotedLine): readonly string[] {
  return [...priceLine(line), reasonText(line)];
}
