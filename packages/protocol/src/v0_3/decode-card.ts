import { decodeObject, isRecord, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type {
  AgentCapabilities,
  AgentCard,
  AgentCardSignature,
  AgentExtension,
  AgentInterface,
  AgentProvider,
  AgentSkill,
  SecurityRequirement,
} from '../model/index.ts';
import { securityFrom } from './decode-security.ts';
import type { CardSecurity } from './decode-security.ts';

/** The version of the interfaces of a card that names none, and of those of 0.2, which have the same wire. */
const cardVersion = '0.3';

/** Whether a parsed card is of 0.3 or 0.2: it has one `url` and none of the interfaces that 1.0 requires. */
export function isCardOf03(card: unknown): boolean {
  return isRecord(card) && typeof card['url'] === 'string' && card['supportedInterfaces'] === undefined;
}

/**
 * Decodes an A2A 0.3 `AgentCard`. Throws {@link DecodeError}. Its `url` becomes the first interface; `signatures` are kept as they
 * are, but stand for the bytes of the original only. `stateTransitionHistory` has no place in the model.
 */
export function decodeAgentCard(value: unknown, limits: DecodeLimits): AgentCard {
  return decodeObject(value, limits, (fields) => {
    const security = securityFrom(fields);
    return present<AgentCard>({
      name: fields.requiredString('name'),
      description: fields.optionalString('description') ?? '',
      supportedInterfaces: interfacesFrom(fields),
      provider: fields.object('provider', providerFrom),
      version: fields.requiredString('version'),
      documentationUrl: fields.presentString('documentationUrl'),
      capabilities: capabilitiesFrom(fields),
      securitySchemes: security.schemes,
      securityRequirements: requirementsFrom(fields, security),
      defaultInputModes: fields.strings('defaultInputModes') ?? [],
      defaultOutputModes: fields.strings('defaultOutputModes') ?? [],
      skills: fields.objects('skills', limits.itemsMax, (skill) => skillFrom(skill, security)) ?? [],
      signatures: fields.objects('signatures', limits.itemsMax, signatureFrom),
      iconUrl: fields.presentString('iconUrl'),
    });
  });
}

function interfacesFrom(fields: Fields): readonly AgentInterface[] {
  const protocolVersion = versionFrom(fields);
  const first = {
    url: fields.requiredString('url'),
    protocolBinding: fields.optionalString('preferredTransport') ?? 'JSONRPC',
    protocolVersion,
  };
  const others = fields.objects('additionalInterfaces', fields.limits.itemsMax, (entry) => ({
    url: entry.requiredString('url'),
    protocolBinding: entry.requiredString('transport'),
    protocolVersion,
  }));
  const isOther = ({ url, protocolBinding }: AgentInterface): boolean =>
    url !== first.url || protocolBinding !== first.protocolBinding;
  return [first, ...(others ?? []).filter(isOther)];
}

function versionFrom(fields: Fields): string {
  const majorMinor = /^(\d+\.\d+)(?:\.|$)/.exec(fields.optionalString('protocolVersion') ?? cardVersion)?.[1];
  return majorMinor === undefined || majorMinor === '0.2' ? cardVersion : majorMinor;
}

function providerFrom(fields: Fields): AgentProvider {
  return { url: fields.requiredString('url'), organization: fields.requiredString('organization') };
}

function capabilitiesFrom(fields: Fields): AgentCapabilities {
  const extendedAgentCard = fields.boolean('supportsAuthenticatedExtendedCard');
  return fields.requiredObject('capabilities', (capabilities) =>
    present<AgentCapabilities>({
      streaming: capabilities.boolean('streaming'),
      pushNotifications: capabilities.boolean('pushNotifications'),
      extensions: capabilities.objects('extensions', capabilities.limits.itemsMax, extensionFrom),
      extendedAgentCard,
    }),
  );
}

function extensionFrom(fields: Fields): AgentExtension {
  return present<AgentExtension>({
    uri: fields.optionalString('uri'),
    description: fields.optionalString('description'),
    required: fields.flag('required'),
    params: fields.struct('params'),
  });
}

function skillFrom(fields: Fields, security: CardSecurity): AgentSkill {
  return present<AgentSkill>({
    id: fields.requiredId('id'),
    name: fields.requiredString('name'),
    description: fields.optionalString('description') ?? '',
    tags: fields.strings('tags') ?? [],
    examples: fields.strings('examples'),
    inputModes: fields.strings('inputModes'),
    outputModes: fields.strings('outputModes'),
    securityRequirements: requirementsFrom(fields, security),
  });
}

function requirementsFrom(fields: Fields, security: CardSecurity): readonly SecurityRequirement[] | undefined {
  const requirements = fields.objects('security', fields.limits.itemsMax, (entry) => entry.ownStringLists());
  return requirements?.flatMap((requirement) => security.alternatives(requirement));
}

function signatureFrom(fields: Fields): AgentCardSignature {
  return present<AgentCardSignature>({
    protected: fields.requiredString('protected'),
    signature: fields.requiredString('signature'),
    header: fields.struct('header'),
  });
}
