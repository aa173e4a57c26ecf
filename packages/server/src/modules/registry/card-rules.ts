import type { AgentCard, AgentInterface } from '@colloquy/protocol';
import { limits } from '../../kernel/limits.ts';
import { cardLimitProblem } from '../limits/index.ts';
import type { Violation } from './registration-rules.ts';

const urlCharsMax = 2048;

/** The violations of a decoded card, field by field. Decoding has checked its shape. */
export function cardViolations(card: AgentCard): Violation[] {
  return [
    ...blankViolations(card),
    ...linkViolations('documentationUrl', card.documentationUrl),
    ...linkViolations('iconUrl', card.iconUrl),
    ...linkViolations('provider.url', card.provider?.url),
    ...card.supportedInterfaces.flatMap(interfaceViolations),
    ...skillViolations(card),
    ...limitViolations(card),
  ];
}

function blankViolations(card: AgentCard): Violation[] {
  const fields = { name: card.name, version: card.version };
  return Object.entries(fields).flatMap(([field, value]) =>
    value.trim() === '' ? [{ field, description: 'must not be blank' }] : [],
  );
}

/** Links are shown to people, so only http and https URLs are accepted. */
function linkViolations(field: string, value: string | undefined): Violation[] {
  if (value === undefined || value === '') return [];
  return isWebUrl(value) ? [] : [{ field, description: 'must be an absolute http or https URL' }];
}

function interfaceViolations(entry: AgentInterface, at: number): Violation[] {
  // A gRPC interface is a bare host:port, and custom bindings define their own addresses.
  const isHttp = entry.protocolBinding === 'JSONRPC' || entry.protocolBinding === 'HTTP+JSON';
  if (!isHttp || isWebUrl(entry.url)) return [];
  return [{ field: `supportedInterfaces[${at}].url`, description: 'must be an absolute http or https URL' }];
}

function skillViolations(card: AgentCard): Violation[] {
  if (card.skills.length > limits.skillsPerCardMax) {
    return [{ field: 'skills', description: `must not be more than ${limits.skillsPerCardMax}` }];
  }
  const seen = new Set<string>();
  return card.skills.flatMap(({ id }, at) => {
    const isRepeated = seen.has(id);
    seen.add(id);
    if (id.length > limits.skillIdCharsMax) {
      return [
        { field: `skills[${at}].id`, description: `must not be longer than ${limits.skillIdCharsMax} characters` },
      ];
    }
    return isRepeated ? [{ field: `skills[${at}].id`, description: 'repeats the id of another skill' }] : [];
  });
}

function limitViolations({ capabilities }: AgentCard): Violation[] {
  const description = cardLimitProblem(capabilities.extensions);
  return description === null ? [] : [{ field: 'capabilities.extensions', description }];
}

function isWebUrl(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && value.length <= urlCharsMax && (url.protocol === 'http:' || url.protocol === 'https:');
}
