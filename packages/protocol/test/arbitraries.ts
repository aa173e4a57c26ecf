/** Random models in canonical form: no empty optional strings or lists, since the wire reads those as absent. */
import * as fc from 'fast-check';
import type {
  AgentCard,
  Artifact,
  CancelTaskRequest,
  GetTaskRequest,
  JsonObject,
  JsonValue,
  ListTasksRequest,
  ListTasksResponse,
  Message,
  OAuthFlows,
  Part,
  SecurityRequirement,
  SecurityScheme,
  SendMessageRequest,
  SendMessageResponse,
  StreamResponse,
  SubscribeToTaskRequest,
  Task,
  TaskState,
  TaskStatus,
} from '../src/model/index.ts';
import { taskStates } from '../src/model/index.ts';

const optional: { requiredKeys: never[] } = { requiredKeys: [] };

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const id = text;
const texts = fc.array(text, { minLength: 1, maxLength: 3 });
const state: fc.Arbitrary<TaskState> = fc.constantFrom(...taskStates.slice(1));
const timestamp = fc
  .date({ min: new Date('0001-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const int32 = fc.nat({ max: 2_147_483_647 });

const parseJson: (value: string) => JsonValue = JSON.parse;

/** JSON that survives writing and reading: no -0. */
const json: fc.Arbitrary<JsonValue> = fc
  .jsonValue({ maxDepth: 3, stringUnit: 'grapheme' })
  .map((value) => parseJson(JSON.stringify(value)));

const struct: fc.Arbitrary<JsonObject> = fc
  .dictionary(text, json, { maxKeys: 3, noNullPrototype: true })
  .filter((value) => !Object.hasOwn(value, '__proto__'));

const annotations = { metadata: struct, filename: text, mediaType: text };

/** A part of any kind, with any of its annotations. */
export const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ text: fc.string({ unit: 'grapheme' }), ...annotations }, { requiredKeys: ['text'] }),
  fc.record(
    { raw: fc.uint8Array().map((content) => Buffer.from(content).toString('base64')), ...annotations },
    { requiredKeys: ['raw'] },
  ),
  fc.record({ url: text, ...annotations }, { requiredKeys: ['url'] }),
  fc.record({ data: json, ...annotations }, { requiredKeys: ['data'] }),
);

const parts = fc.array(part, { minLength: 1, maxLength: 3 });

/** A message of either role. */
export const message: fc.Arbitrary<Message> = fc.record(
  {
    messageId: id,
    contextId: id,
    taskId: id,
    role: fc.constantFrom('ROLE_USER', 'ROLE_AGENT'),
    parts,
    metadata: struct,
    extensions: texts,
    referenceTaskIds: texts,
  },
  { requiredKeys: ['messageId', 'role', 'parts'] },
);

/** A status in any state. */
export const status: fc.Arbitrary<TaskStatus> = fc.record({ state, message, timestamp }, { requiredKeys: ['state'] });

/** An artifact; ids repeat now and then. */
export const artifact: fc.Arbitrary<Artifact> = fc.record(
  {
    artifactId: fc.constantFrom('a', 'b', 'c'),
    name: text,
    description: text,
    parts,
    metadata: struct,
    extensions: texts,
  },
  { requiredKeys: ['artifactId', 'parts'] },
);

/** A whole task. */
export const task: fc.Arbitrary<Task> = fc.record(
  {
    id,
    contextId: id,
    status,
    artifacts: fc.uniqueArray(artifact, { minLength: 1, maxLength: 3, selector: ({ artifactId }) => artifactId }),
    history: fc.array(message, { minLength: 1, maxLength: 3 }),
    metadata: struct,
  },
  { requiredKeys: ['id', 'status'] },
);

/** Any event of a task's log after the first. */
export const update: fc.Arbitrary<StreamResponse> = fc.oneof(
  fc.record({
    statusUpdate: fc.record(
      { taskId: id, contextId: id, status, metadata: struct },
      { requiredKeys: ['taskId', 'contextId', 'status'] },
    ),
  }),
  fc.record({
    artifactUpdate: fc.record(
      {
        taskId: id,
        contextId: id,
        artifact,
        append: fc.constant(true),
        lastChunk: fc.constant(true),
        metadata: struct,
      },
      { requiredKeys: ['taskId', 'contextId', 'artifact'] },
    ),
  }),
);

/** An answer to SendMessage. */
export const sendMessageResponse: fc.Arbitrary<SendMessageResponse> = fc.oneof(
  fc.record({ task }),
  fc.record({ message }),
);

/** Any item of a stream. */
export const streamResponse: fc.Arbitrary<StreamResponse> = fc.oneof(sendMessageResponse, update);

/** A page of tasks. */
export const listTasksResponse: fc.Arbitrary<ListTasksResponse> = fc.record({
  tasks: fc.array(task, { maxLength: 2 }),
  nextPageToken: fc.oneof(fc.constant(''), text),
  pageSize: int32,
  totalSize: int32,
});

/** A send with any configuration. */
export const sendMessageRequest: fc.Arbitrary<SendMessageRequest> = fc.record(
  {
    routingTag: id,
    message,
    configuration: fc.record(
      {
        acceptedOutputModes: texts,
        taskPushNotificationConfig: fc.record(
          {
            routingTag: id,
            id,
            taskId: id,
            url: text,
            token: text,
            authentication: fc.record({ scheme: text, credentials: text }, { requiredKeys: ['scheme'] }),
          },
          { requiredKeys: ['url'] },
        ),
        historyLength: int32,
        returnImmediately: fc.constant<true>(true),
      },
      optional,
    ),
    metadata: struct,
  },
  { requiredKeys: ['message'] },
);

/** A get of any task. */
export const getTaskRequest: fc.Arbitrary<GetTaskRequest> = fc.record(
  { routingTag: id, id, historyLength: int32 },
  { requiredKeys: ['id'] },
);

/** A list with any filters. */
export const listTasksRequest: fc.Arbitrary<ListTasksRequest> = fc.record(
  {
    routingTag: id,
    contextId: id,
    status: state,
    pageSize: fc.integer({ min: 1, max: 100 }),
    pageToken: text,
    historyLength: int32,
    statusTimestampAfter: timestamp,
    includeArtifacts: fc.boolean(),
  },
  optional,
);

/** A cancel of any task. */
export const cancelTaskRequest: fc.Arbitrary<CancelTaskRequest> = fc.record(
  { routingTag: id, id, metadata: struct },
  { requiredKeys: ['id'] },
);

/** A subscription to any task. */
export const subscribeToTaskRequest: fc.Arbitrary<SubscribeToTaskRequest> = fc.record(
  { routingTag: id, id },
  { requiredKeys: ['id'] },
);

const scopes = fc.dictionary(text, text, { maxKeys: 2, noNullPrototype: true });
const someScopes = fc.dictionary(text, text, { minKeys: 1, maxKeys: 2, noNullPrototype: true });

const flows: fc.Arbitrary<OAuthFlows> = fc.oneof(
  fc.record({
    authorizationCode: fc.record(
      { authorizationUrl: text, tokenUrl: text, refreshUrl: text, scopes, pkceRequired: fc.constant(true) },
      { requiredKeys: ['authorizationUrl', 'tokenUrl', 'scopes'] },
    ),
  }),
  fc.record({
    clientCredentials: fc.record(
      { tokenUrl: text, refreshUrl: text, scopes },
      { requiredKeys: ['tokenUrl', 'scopes'] },
    ),
  }),
  fc.record({
    deviceCode: fc.record(
      { deviceAuthorizationUrl: text, tokenUrl: text, refreshUrl: text, scopes },
      { requiredKeys: ['deviceAuthorizationUrl', 'tokenUrl', 'scopes'] },
    ),
  }),
  fc.record({ implicit: fc.record({ authorizationUrl: text, refreshUrl: text, scopes: someScopes }, optional) }),
  fc.record({ password: fc.record({ tokenUrl: text, refreshUrl: text, scopes: someScopes }, optional) }),
);

const securityScheme: fc.Arbitrary<SecurityScheme> = fc.oneof(
  fc.record({
    apiKeySecurityScheme: fc.record(
      { description: text, location: fc.constantFrom('query', 'header', 'cookie'), name: text },
      { requiredKeys: ['location', 'name'] },
    ),
  }),
  fc.record({
    httpAuthSecurityScheme: fc.record(
      { description: text, scheme: text, bearerFormat: text },
      { requiredKeys: ['scheme'] },
    ),
  }),
  fc.record({
    oauth2SecurityScheme: fc.record({ description: text, flows, oauth2MetadataUrl: text }, { requiredKeys: ['flows'] }),
  }),
  fc.record({
    openIdConnectSecurityScheme: fc.record(
      { description: text, openIdConnectUrl: text },
      { requiredKeys: ['openIdConnectUrl'] },
    ),
  }),
  fc.record({ mtlsSecurityScheme: fc.record({ description: text }, optional) }),
);

const securityRequirements: fc.Arbitrary<readonly SecurityRequirement[]> = fc.array(
  fc.record(
    { schemes: fc.dictionary(text, fc.record({ list: texts }, optional), { minKeys: 1, noNullPrototype: true }) },
    optional,
  ),
  { minLength: 1, maxLength: 2 },
);

/** A card with any of its optional parts. */
export const agentCard: fc.Arbitrary<AgentCard> = fc.record(
  {
    name: text,
    description: fc.oneof(fc.constant(''), text),
    supportedInterfaces: fc.array(
      fc.record(
        { url: text, protocolBinding: text, routingTag: id, protocolVersion: text },
        { requiredKeys: ['url', 'protocolBinding', 'protocolVersion'] },
      ),
      { minLength: 1, maxLength: 2 },
    ),
    provider: fc.record({ url: text, organization: text }),
    version: text,
    documentationUrl: fc.oneof(fc.constant(''), text),
    capabilities: fc.record(
      {
        streaming: fc.boolean(),
        pushNotifications: fc.boolean(),
        extensions: fc.array(
          fc.record({ uri: text, description: text, required: fc.constant(true), params: struct }, optional),
          { minLength: 1, maxLength: 2 },
        ),
        extendedAgentCard: fc.boolean(),
      },
      optional,
    ),
    securitySchemes: fc.dictionary(text, securityScheme, { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
    securityRequirements,
    defaultInputModes: fc.oneof(fc.constant([]), texts),
    defaultOutputModes: fc.oneof(fc.constant([]), texts),
    skills: fc.array(
      fc.record(
        {
          id,
          name: text,
          description: text,
          tags: texts,
          examples: texts,
          inputModes: texts,
          outputModes: texts,
          securityRequirements,
        },
        { requiredKeys: ['id', 'name', 'description', 'tags'] },
      ),
      { maxLength: 2 },
    ),
    signatures: fc.array(
      fc.record({ protected: text, signature: text, header: struct }, { requiredKeys: ['protected', 'signature'] }),
      { minLength: 1, maxLength: 2 },
    ),
    iconUrl: text,
  },
  {
    requiredKeys: [
      'name',
      'description',
      'supportedInterfaces',
      'version',
      'capabilities',
      'defaultInputModes',
      'defaultOutputModes',
      'skills',
    ],
  },
);
