import type { Message } from '@colloquy/protocol';
import { skillUri } from '../../registry/index.ts';
import type { Route } from '../../routing/index.ts';

/** The id of the skill that a message names in its metadata, where A2A has no member for it; null for none. */
export function skillIdOf({ metadata }: Message): string | null {
  const named: unknown = metadata?.[skillUri];
  const id: unknown = typeof named === 'object' && named !== null && 'id' in named ? named.id : null;
  return typeof id === 'string' ? id : null;
}

/** The message, addressed to this skill. The metadata goes to the agent unchanged, so the agent is asked for the skill that was authorized. */
export function forSkill(message: Message, skillId: string): Message {
  return { ...message, metadata: { ...message.metadata, [skillUri]: { id: skillId } } };
}

/** The address together with the skill that the message names. */
export function withSkill<Address extends object>(
  address: Address,
  message: Message,
): Address & { readonly skillId: string | null } {
  return { ...address, skillId: skillIdOf(message) };
}

/** The plain price of a call in microcredits: the named skill's own price, or else that of its agent. */
export function plainPriceOf(
  { skills, priceMicrocredits }: Pick<Route, 'skills' | 'priceMicrocredits'>,
  skillId: string | null,
): bigint {
  return (skillId === null ? null : skills.get(skillId)?.priceMicrocredits) ?? priceMicrocredits;
}

/** Whether an agent may receive the same message twice: as its skill declares, or else as the agent itself does. */
export function isIdempotent({ skills, idempotent }: Route, skillId: string | null): boolean {
  return (skillId === null ? undefined : skills.get(skillId)?.idempotent) ?? idempotent;
}

/** Whether the agent, or one of its instances, has a concurrency limit. */
export function hasSlots({ slotsMax, instances }: Pick<Route, 'slotsMax' | 'instances'>): boolean {
  if (slotsMax !== null) return true;
  for (const instance of instances) if (instance.slotsMax !== null) return true;
  return false;
}
