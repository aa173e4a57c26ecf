import { echoWord } from '@colloquy/bench/load/request-template';
import { createSeededRandom } from '../../seeded-random.ts';

/** The agents of the run. An agent that is not idempotent does its work again each time it hears a message. */
export const agents = {
  echo: { streaming: false, idempotent: true, priceMicrocredits: 1_000, pauseMs: [5, 80] },
  steps: { streaming: true, idempotent: true, priceMicrocredits: 700, pieces: [5, 25], pauseMs: [10, 80] },
  once: { streaming: false, idempotent: false, priceMicrocredits: 300, pauseMs: [5, 250] },
  'steps-once': { streaming: true, idempotent: false, priceMicrocredits: 500, pieces: [5, 25], pauseMs: [10, 80] },
  /** Slow speakers, for streams that live long. */
  drip: { streaming: true, idempotent: true, priceMicrocredits: 400, pieces: [6, 12], pauseMs: [800, 1200] },
  trickle: { streaming: true, idempotent: true, priceMicrocredits: 600, pieces: [6, 12], pauseMs: [2500, 3500] },
  /** Works on so many messages at a time and no more; each process of the platform has to keep to that together with the others. */
  slotted: { streaming: false, idempotent: true, priceMicrocredits: 250, pauseMs: [20, 60], slotsMax: 10 },
} as const satisfies Record<string, AgentTraits>;

export type AgentName = keyof typeof agents;

interface AgentTraits {
  readonly streaming: boolean;
  readonly idempotent: boolean;
  readonly priceMicrocredits: number;
  /** Least and most pieces of a streamed result. An agent that does not stream says one. */
  readonly pieces?: readonly [number, number];
  /** Least and most time before each piece. */
  readonly pauseMs: readonly [number, number];
  /** Messages that it works on at a time; left out: as many as there are. Who has it notes when it begins and ends each. */
  readonly slotsMax?: number;
}

/** Messages that the agent works on at a time, as it is registered; null for as many as there are. */
export function slotsOf(agent: AgentName): number | null {
  const traits: AgentTraits = agents[agent];
  return traits.slotsMax ?? null;
}

export const isAgentName = (name: string): name is AgentName => Object.hasOwn(agents, name);

/** What an agent does with one message. Follows from the message alone, so that a checker knows the right result. */
export interface Work {
  /** Pieces of the one artifact, in order. */
  readonly pieces: readonly string[];
  /** Time before each piece. */
  readonly pauseMs: number;
}

/** A message's id doubles as its text. */
export function workFor(agent: AgentName, messageId: string): Work {
  const random = createSeededRandom(`${agent} ${messageId}`);
  const traits: AgentTraits = agents[agent];
  if (traits.pieces === undefined)
    return { pieces: [echoWord + messageId], pauseMs: random.between(...traits.pauseMs) };
  const pieces = Array.from({ length: random.between(...traits.pieces) }, (_, index) => `${messageId}#${index} `);
  return { pieces, pauseMs: random.between(...traits.pauseMs) };
}

/** The text of the artifact once the work is done. */
export const resultFor = (agent: AgentName, messageId: string): string => workFor(agent, messageId).pieces.join('');
