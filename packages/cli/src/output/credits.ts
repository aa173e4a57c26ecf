import { taskCost } from '@colloquy/sdk/client';
import { UsageError } from '../usage-error.ts';

const places = 6;
const amountMax = 9_000_000_000_000_000n;

/** Micro-credits as people read them: credits with up to six decimals. */
export function creditsText(microcredits: number): string {
  const sign = microcredits < 0 ? '-' : '';
  const digits = String(Math.abs(microcredits)).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -places)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** What a task cost, in credits: the price while it is reserved, then the part that was charged and the part that was refunded. */
export function costText(task: {
  readonly reservedMicrocredits: number;
  readonly settledMicrocredits: number;
  readonly releasedMicrocredits: number;
}): string {
  const { reservedMicrocredits: reserved, settledMicrocredits: settled, releasedMicrocredits: released } = task;
  if (settled + released === 0) return reserved === 0 ? '0' : `${creditsText(reserved)} reserved`;
  const parts = [
    ...(settled > 0 ? [[settled, 'settled'] as const] : []),
    ...(released > 0 ? [[released, 'released'] as const] : []),
  ];
  return parts.map(([amount, fate]) => `${creditsText(amount)} ${fate}`).join(', ');
}

/** What a task cost, for the line that says its state; empty for a free task and where no cost is told. */
export function toldCost(shown: Parameters<typeof taskCost>[0]): string {
  const cost = taskCost(shown);
  if (cost === undefined || cost.reservedMicrocredits + cost.settledMicrocredits === 0) return '';
  const { settledMicrocredits: settled, releasedMicrocredits: released } = cost;
  if (settled + released === 0) return `${cost.reserved} credits reserved`;
  const returned = released === 0 ? '' : `, ${cost.released} released`;
  return `cost ${cost.settled} credits${returned}`;
}

/** Credits as people write them, exactly, in micro-credits. */
export function microcreditsOf(text: string, name: string): number {
  const [, whole = '', fraction = ''] = /^(\d{1,10})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  const microcredits = BigInt(`${whole}${fraction.padEnd(places, '0')}`);
  if (whole !== '' && microcredits <= amountMax) return Number(microcredits);
  throw new UsageError(
    `${name} must be an amount of credits, not "${text}".`,
    'Write it like 25 or 0.5, with at most six decimals.',
  );
}
