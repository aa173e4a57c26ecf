import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import type {
  AgentHealth,
  InstanceEvent,
  PolicyInForce,
  RegisteredInstance,
} from '../../../modules/instances/index.ts';
import { closed, time } from '../page-schemas.ts';

const region = Type.String({
  minLength: 1,
  maxLength: 63,
  description: 'Lower-case ASCII letters, digits and inner hyphens.',
});
const version = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'Which version of the agent runs there, in your words.',
});
const slotsMax = Type.Integer({ minimum: 1, maximum: 100_000, description: 'Tasks that it works on at once.' });
const weight = Type.Integer({
  minimum: 0,
  maximum: 1_000,
  description: 'Its share of the traffic against the other instances of its agent; 0: none.',
});
const traits = { version: Type.Optional(version), region: Type.Optional(region), slotsMax: Type.Optional(slotsMax) };

const place = {
  url: Type.String({ minLength: 1, maxLength: 2048, description: 'Where it is called; for gRPC `host:port` will do.' }),
  protocolBinding: Type.Optional(
    Type.Enum(['JSONRPC', 'HTTP+JSON', 'GRPC'], { default: 'JSONRPC', description: 'As on a card.' }),
  ),
  protocolVersion: Type.Optional(
    Type.String({ maxLength: 16, default: '1.0', description: 'Of A2A, as on a card: 1.0, 0.3 or 0.1.' }),
  ),
  routingTag: Type.Optional(
    Type.String({ minLength: 1, maxLength: 256, description: 'The `tenant` that it expects in requests.' }),
  ),
};

export const registrationSchema = Type.Object({ ...place, ...traits, weight: Type.Optional(weight) }, closed);

export const servingSchema = Type.Object(
  {
    ...place,
    ...traits,
    leaseMs: Type.Optional(
      Type.Integer({
        minimum: limits.instanceLeaseMsMin,
        maximum: limits.instanceLeaseMsMax,
        default: limits.instanceLeaseMs,
        description: 'How long it counts as there without a heartbeat.',
      }),
    ),
  },
  closed,
);

const orNull = <Schema extends typeof version | typeof slotsMax>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

export const changeSchema = Type.Object(
  { weight: Type.Optional(weight), version: orNull(version), region: orNull(region), slotsMax: orNull(slotsMax) },
  { ...closed, minProperties: 1, description: 'What is left out stays; null takes it away.' },
);

const healthState = Type.Enum(['healthy', 'degraded', 'unhealthy', 'unknown']);
const admissionState = Type.Enum(['active', 'draining', 'quarantined'], {
  description: 'Whether it takes new tasks: only an active one does.',
});
const reportedState = Type.Enum(['healthy', 'degraded', 'unhealthy']);
const words = Type.String({ maxLength: 200, description: 'For people.' });

const dependencySchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64 }),
    state: reportedState,
    reason: Type.Optional(words),
    required: Type.Optional(Type.Boolean({ default: false, description: 'Without it the instance can do nothing.' })),
  },
  closed,
);

export const heartbeatSchema = Type.Object(
  {
    state: Type.Optional(reportedState),
    reason: Type.Optional(words),
    dependencies: Type.Optional(
      Type.Array(dependencySchema, {
        maxItems: limits.instanceDependenciesMax,
        description:
          'What it needs for its work. One that is not well makes it degraded, a required one as unwell as itself.',
      }),
    ),
  },
  { ...closed, description: 'Without a state it says that it is well.' },
);

export const leaseSchema = Type.Object(
  {
    leaseMs: Type.Integer(),
    leaseUntil: time('When it counts as gone without another heartbeat, by the clock of the database.'),
    admission: admissionState,
  },
  closed,
);

const healthSchema = Type.Object(
  {
    state: healthState,
    reason: Type.Optional(
      Type.String({
        description: 'A code such as `probe.no-answer` or `lease.lapsed`, some with words after a colon.',
      }),
    ),
    since: time('Since when it is in this state.'),
  },
  closed,
);

export const instanceSchema = Type.Object(
  {
    instanceId: Type.String(),
    agent: Type.String(),
    url: Type.String(),
    protocolVersion: Type.String(),
    protocolBinding: Type.String(),
    routingTag: Type.Optional(Type.String()),
    source: Type.Enum(['card', 'api', 'self'], {
      description: 'Where it comes from: the card, the admin API, or the instance itself.',
    }),
    registeredBy: Type.Optional(Type.String({ description: 'Id of the principal that placed it.' })),
    ...traits,
    weight,
    admission: Type.Object(
      {
        state: admissionState,
        reason: Type.Optional(Type.String()),
        by: Type.Optional(Type.String({ description: 'Id of the principal that set it.' })),
        since: time('Since when.'),
      },
      closed,
    ),
    health: healthSchema,
    lease: Type.Optional(
      Type.Object(
        {
          leaseMs: Type.Integer(),
          until: time('When it ends without another heartbeat.'),
          heartbeatAt: time('The last heartbeat.'),
          lapsed: Type.Boolean({ description: 'It has ended: the instance gets no new tasks.' }),
        },
        closed,
      ),
    ),
    probe: Type.Object(
      {
        at: Type.Optional(time('The last one.')),
        tookMs: Type.Optional(Type.Integer()),
        nextAt: Type.Optional(time('When the next one is due.')),
      },
      closed,
    ),
    dependencies: Type.Array(dependencySchema),
    createdAt: time('When it was placed first.'),
  },
  closed,
);

export const instanceEventSchema = Type.Object(
  {
    eventId: Type.String(),
    kind: Type.Enum(['registered', 'left', 'changed', 'admission', 'health']),
    state: Type.Optional(Type.String({ description: 'The state after it.' })),
    reason: Type.Optional(Type.String()),
    actor: Type.Optional(
      Type.String({ description: 'Id of the principal that did it; absent: the platform found it.' }),
    ),
    occurredAt: time('When.'),
  },
  closed,
);

export const agentHealthSchema = Type.Object(
  {
    state: healthState,
    available: Type.Integer({ description: 'Instances that take new tasks and are not unhealthy.' }),
    instances: Type.Array(
      Type.Object(
        {
          instanceId: Type.String(),
          version: Type.Optional(version),
          region: Type.Optional(region),
          admission: admissionState,
          health: healthSchema,
          dependencies: Type.Array(dependencySchema),
        },
        closed,
      ),
    ),
  },
  closed,
);

const policyFields = {
  kind: Type.Enum(['wire', 'http', 'tcp', 'none'], {
    description:
      '`wire`: the card, or the gRPC health check; `http`: a GET that has to be answered 2xx; `tcp`: a connection.',
  }),
  path: Type.Optional(Type.String({ maxLength: 1024, description: 'Of kind http, below the origin of the instance.' })),
  intervalMs: Type.Integer({ minimum: 1_000, maximum: 3_600_000 }),
  timeoutMs: Type.Integer({ minimum: 50, maximum: 30_000 }),
  unhealthyAfter: Type.Integer({ minimum: 1, maximum: 100, description: 'Failures in a row.' }),
  healthyAfter: Type.Integer({ minimum: 1, maximum: 100, description: 'Successes in a row.' }),
};

export const policySchema = Type.Object(policyFields, closed);
export const policyInForceSchema = Type.Object(
  {
    ...policyFields,
    intervalMs: Type.Integer(),
    own: Type.Boolean({ description: 'Whether it is the agent’s own.' }),
  },
  closed,
);

const given = <Name extends string, Value>(name: Name, value: Value | null): { [Key in Name]?: Value } =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one property of the named name, or none
  (value === null ? {} : { [name]: value }) as { [Key in Name]?: Value };

function dependenciesOf({ dependencies }: RegisteredInstance): Static<typeof dependencySchema>[] {
  return dependencies.map(({ name, state, reason, isRequired }) => ({
    name,
    state,
    ...given('reason', reason),
    required: isRequired,
  }));
}

function healthAnswer({ health }: RegisteredInstance): Static<typeof healthSchema> {
  return { state: health.state, ...given('reason', health.reason), since: health.since.toISOString() };
}

export function instanceAnswer(instance: RegisteredInstance): Static<typeof instanceSchema> {
  const { wire, admission, lease, probe } = instance;
  const [protocolVersion = '', protocolBinding = ''] = wire.split(' ');
  return {
    instanceId: instance.instanceId,
    agent: instance.agentName,
    url: instance.url,
    protocolVersion,
    protocolBinding,
    ...given('routingTag', instance.routingTag),
    source: instance.source,
    ...given('registeredBy', instance.registeredBy),
    ...traitsOf(instance),
    weight: instance.weight,
    admission: {
      state: admission.state,
      ...given('reason', admission.reason),
      ...given('by', admission.by),
      since: admission.since.toISOString(),
    },
    health: healthAnswer(instance),
    ...given('lease', lease === null ? null : leaseShown(lease)),
    probe: {
      ...given('at', probe.at?.toISOString() ?? null),
      ...given('tookMs', probe.tookMs),
      ...given('nextAt', probe.nextAt?.toISOString() ?? null),
    },
    dependencies: dependenciesOf(instance),
    createdAt: instance.createdAt.toISOString(),
  };
}

function traitsOf({ version: named, region: where, slotsMax: slots }: RegisteredInstance) {
  return { ...given('version', named), ...given('region', where), ...given('slotsMax', slots) };
}

function leaseShown({ leaseMs, until, heartbeatAt, isLapsed }: NonNullable<RegisteredInstance['lease']>) {
  return { leaseMs, until: until.toISOString(), heartbeatAt: heartbeatAt.toISOString(), lapsed: isLapsed };
}

export function eventAnswer(event: InstanceEvent): Static<typeof instanceEventSchema> {
  return {
    eventId: event.eventId,
    kind: event.kind,
    ...given('state', event.state),
    ...given('reason', event.reason),
    ...given('actor', event.actorId),
    occurredAt: event.occurredAt.toISOString(),
  };
}

export function agentHealthAnswer({ state, available, instances }: AgentHealth): Static<typeof agentHealthSchema> {
  return {
    state,
    available,
    instances: instances.map((instance) => ({
      instanceId: instance.instanceId,
      ...given('version', instance.version),
      ...given('region', instance.region),
      admission: instance.lease?.isLapsed === true ? 'draining' : instance.admission.state,
      health: healthAnswer(instance),
      dependencies: dependenciesOf(instance),
    })),
  };
}

export function policyAnswer({ policy, isOwn }: PolicyInForce): Static<typeof policyInForceSchema> {
  const { path, ...rest } = policy;
  return { ...rest, ...given('path', path), own: isOwn };
}
