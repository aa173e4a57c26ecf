import type { Agent } from '@colloquy/sdk/client';
import { signatureText } from './card-text.ts';
import { creditsText } from './credits.ts';
import type { Output } from './output.ts';
import { facts } from './table.ts';

function optionalFacts(agent: Agent): (readonly [string, string])[] {
  const { department, owner, costCenter, slotsMax, regions, documentationUrl } = agent;
  const given: readonly (readonly [string, string | undefined])[] = [
    ['department', department],
    ['owner', owner],
    ['cost centre', costCenter],
    ['tasks at a time', slotsMax?.toString()],
    ['regions', regions.length === 0 ? undefined : regions.join(', ')],
    ['documentation', documentationUrl],
  ];
  return given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

function healthText(health: Agent['health']): string {
  return health === 'unknown' ? 'unknown (no recent call or check)' : health;
}

/** An agent as people read it. */
export function agentFacts(agent: Agent, { typed }: Pick<Output, 'typed'>): string {
  return facts([
    ['name', agent.name],
    ['title', `${agent.title} ${agent.version}`],
    ['description', agent.description],
    ['address', agent.url],
    ['skills', agent.skillIds.join(', ')],
    ['tier', agent.tier],
    ['status', agent.status],
    ['health', healthText(agent.health)],
    ...optionalFacts(agent),
    ['streaming', agent.streaming ? 'yes' : 'no'],
    ['price', `${creditsText(agent.priceMicrocredits)} credits`],
    ['idempotent', agent.idempotent ? 'yes' : 'no'],
    ['time for a task', `${agent.taskMsMax / 1_000} s`],
    ['card', `version ${agent.cardVersion}, ${agent.cardVisibility === 'public' ? 'public' : 'for the tenant'}`],
    ['signature', signatureText(agent.cardSignature)],
    ...(agent.pendingCardVersion === undefined
      ? []
      : [
          [
            'pending',
            typed(`card version ${agent.pendingCardVersion}; see "colloquy agent diff ${agent.name}"`),
          ] as const,
        ]),
    ...(agent.extendedSkillIds.length === 0 ? [] : [['withheld', agent.extendedSkillIds.join(', ')] as const]),
    ['credential', agent.credentialKind],
    ['registered', `${agent.createdAt} by ${agent.registeredBy}`],
  ]);
}
