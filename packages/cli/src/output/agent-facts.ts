import type { RegisteredAgent } from '@colloquy/sdk/client';
import { creditsText } from './credits.ts';
import { facts } from './table.ts';

/** An agent as people read it. */
export function agentFacts(agent: RegisteredAgent): string {
  return facts([
    ['name', agent.name],
    ['title', `${agent.title} ${agent.version}`],
    ['description', agent.description],
    ['address', agent.url],
    ['skills', agent.skillIds.join(', ')],
    ['streaming', agent.streaming ? 'yes' : 'no'],
    ['price', `${creditsText(agent.priceMicrocredits)} credits`],
    ['idempotent', agent.idempotent ? 'yes' : 'no'],
    ['time for a task', `${agent.taskMsMax / 1_000} s`],
    ['card', `version ${agent.cardVersion}, ${agent.cardVisibility === 'public' ? 'public' : 'for the tenant'}`],
    ['credential', agent.credentialKind],
    ['registered', `${agent.createdAt} by ${agent.registeredBy}`],
  ]);
}
