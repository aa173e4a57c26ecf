import { echoWord } from '../../load/request-template.ts';
import { createSeededRandom } from '../seeded-random.ts';

/** The agents of the run. An agent that is not idempotent does its work again each time it hears a message. */
export const agents = {
  echo: { streaming: false, idempotent: true, priceMicrocredits: 1_000 },
  steps: { streaming: true, idempotent: true, priceMicrocredits: 700 },
  once: { streaming: false, idempotent: false, priceMicrocredits: 300 },
  'steps-once': { streaming: true, idempotent: false, priceMicrocredits: 500 },
} as const satisfies Record<string, AgentTraits>;

export type AgentName = keyof typeof agents;

interface AgentTraits {
  readonly streaming: boolean;
  readonly idempotent: boolean;
  readonly priceMicrocredits: number;
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
  if (!agents[agent].streaming) {
    return { pieces: [echoWord + messageId], pauseMs: random.between(5, agent === 'once' ? 250 : 80) };
  }
  const pieces = Array.from({ length: random.between(5, 25) }, (_, index) => `${messageId}#${index} `);
  return { pieces, pauseMs: random.between(10, 80) };
}

/** The text of the artifact once the work is done. */
export const resultFor = (agent: AgentName, messageId: string): string => workFor(agent, messageId).pieces.join('');
