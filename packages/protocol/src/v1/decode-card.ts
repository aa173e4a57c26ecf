import { decodeObject, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type {
  AgentCapabilities,
  AgentCard,
  AgentCardSignature,
  AgentExtension,
  AgentInterface,
  AgentProvider,
  AgentSkill,
} from '../model/index.ts';
import { requirementFrom, securitySchemeFrom } from './decode-security.ts';

/**
 * Decodes an A2A 1.0 `AgentCard`. Throws {@link DecodeError}. Required descriptions and lists may be missing: empty
 * is a legal value for them, and ProtoJSON writers (the official SDK among them) leave empty values out.
 */
export function decodeAgentCard(value: unknown, limits: DecodeLimits): AgentCard {
  return decodeObject(value, limits, (fields) =>
    present<AgentCard>({
      name: fields.requiredString('name'),
      description: fields.optionalString('description') ?? '',
      supportedInterfaces: fields.requiredObjects('supportedInterfaces', limits.itemsMax, interfaceFrom),
      provider: fields.object('provider', providerFrom),
      version: fields.requiredString('version'),
      documentationUrl: fields.presentString('documentationUrl'),
      capabilities: fields.requiredObject('capabilities', capabilitiesFrom),
      securitySchemes: fields.objectMap('securitySchemes', securitySchemeFrom),
      securityRequirements: fields.objects('securityRequirements', limits.itemsMax, requirementFrom),
      defaultInputModes: fields.strings('defaultInputModes') ?? [],
      defaultOutputModes: fields.strings('defaultOutputModes') ?? [],
      skills: fields.objects('skills', limits.itemsMax, skillFrom) ?? [],
      signatures: fields.objects('signatures', limits.itemsMax, signatureFrom),
      iconUrl: fields.presentString('iconUrl'),
    }),
  );
}

function interfaceFrom(fields: Fields): AgentInterface {
  return present<AgentInterface>({
    url: fields.requiredString('url'),
    protocolBinding: fields.requiredString('protocolBinding'),
    routingTag: fields.optionalId('tenant'),
    protocolVersion: fields.requiredString('protocolVersion'),
  });
}

function providerFrom(fields: Fields): AgentProvider {
  return {
    url: fields.requiredString('url'),
    organization: fields.requiredString('organization'),
  };
}

function capabilitiesFrom(fields: Fields): AgentCapabilities {
  return present<AgentCapabilities>({
    streaming: fields.boolean('streaming'),
    pushNotifications: fields.boolean('pushNotifications'),
    extensions: fields.objects('extensions', fields.limits.itemsMax, extensionFrom),
    extendedAgentCard: fields.boolean('extendedAgentCard'),
  });
}

function extensionFrom(fields: Fields): AgentExtension {
  return present<AgentExtension>({
    uri: fields.optionalString('uri'),
    description: fields.optionalString('description'),
    required: fields.flag('required'),
    params: fields.struct('params'),
  });
}

function skillFrom(fields: Fields): AgentSkill {
  return present<AgentSkill>({
    id: fields.requiredId('id'),
    name: fields.requiredString('name'),
    description: fields.optionalString('description') ?? '',
    tags: fields.strings('tags') ?? [],
    examples: fields.strings('examples'),
    inputModes: fields.strings('inputModes'),
    outputModes: fields.strings('outputModes'),
    securityRequirements: fields.objects('securityRequirements', fields.limits.itemsMax, requirementFrom),
  });
}

function signatureFrom(fields: Fields): AgentCardSignature {
  return present<AgentCardSignature>({
    protected: fields.requiredString('protected'),
    signature: fields.requiredString('signature'),
    header: fields.struct('header'),
  });
}
