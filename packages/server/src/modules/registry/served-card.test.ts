/** Guarantee: a served card names only the platform's addresses, promises only what the platform does, and never reveals the agent's address. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AgentCard } from '@colloquy/protocol';
import type { PublishedCard } from './agent.ts';
import { streamCursorUri } from './own-extensions.ts';
import { serveCard } from './served-card.ts';

const place = { publicUrl: 'https://colloquy.example', tenantSlug: 'acme', agentName: 'echo' };
const secretHost = 'echo.internal.example';

const card: AgentCard = {
  name: 'Echo',
  description: 'Says it again',
  version: '2.1.0',
  supportedInterfaces: [
    { url: `https://${secretHost}:7443/grpc`, protocolBinding: 'GRPC', protocolVersion: '1.0' },
    { url: `https://${secretHost}:7443/a2a`, protocolBinding: 'JSONRPC', protocolVersion: '1.0', routingTag: 'blue' },
  ],
  capabilities: {
    streaming: true,
    pushNotifications: true,
    extendedAgentCard: true,
    extensions: [{ uri: 'https://example.com/extensions/one', required: true }],
  },
  securitySchemes: {
    theirs: {
      oauth2SecurityScheme: { flows: { clientCredentials: { tokenUrl: `https://${secretHost}/token`, scopes: {} } } },
    },
  },
  securityRequirements: [{ schemes: { theirs: { list: ['all'] } } }],
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [
    { id: 'echo', name: 'Echo', description: '', tags: ['test'], securityRequirements: [{ schemes: { theirs: {} } }] },
  ],
  signatures: [{ protected: 'e30', signature: 'c2ln' }],
};

const published: PublishedCard = {
  tenantId: 'tnt_1',
  agentId: 'agt_1',
  extendedSkillIds: [],
  signatures: null,
  card,
  version: 1,
  cardVisibility: 'tenant',
  publishedAt: new Date(1_700_000_000_000),
};

describe('served card', () => {
  it('names the metadata of the authorization server only where it is served over TLS', () => {
    const metadataUrlAt = (publicUrl: string): string | undefined => {
      const scheme = serveCard(published, { ...place, publicUrl }).card.securitySchemes?.oauth2;
      assert.ok(scheme !== undefined && 'oauth2SecurityScheme' in scheme);
      return scheme.oauth2SecurityScheme.oauth2MetadataUrl;
    };
    assert.equal(metadataUrlAt(place.publicUrl), `${place.publicUrl}/.well-known/oauth-authorization-server`);
    assert.equal(metadataUrlAt('http://127.0.0.1:4000'), undefined);
  });

  it('lists every binding and version that the platform serves, 1.0 first', () => {
    const url = 'https://colloquy.example/t/acme/agents/echo';
    assert.deepEqual(serveCard(published, place).card.supportedInterfaces, [
      { url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
      { url, protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
      { url, protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
      { url, protocolBinding: 'HTTP+JSON', protocolVersion: '0.3' },
    ]);
  });

  it('lists the gRPC port with the agent’s routing tag, last of 1.0, only when there is such a port', () => {
    const { supportedInterfaces } = serveCard(published, { ...place, grpcAddress: 'colloquy.example:4802' }).card;
    assert.deepEqual(supportedInterfaces.slice(2, 3), [
      { url: 'colloquy.example:4802', protocolBinding: 'GRPC', routingTag: 'acme/echo', protocolVersion: '1.0' },
    ]);
    assert.equal(serveCard(published, { ...place, grpcAddress: null }).card.supportedInterfaces.length, 4);
  });

  it('keeps the agent’s name, description, version, modes and skills', () => {
    const { card: served } = serveCard(published, place);
    for (const key of ['name', 'description', 'version', 'defaultInputModes', 'defaultOutputModes'] as const) {
      assert.deepEqual(served[key], card[key]);
    }
    assert.deepEqual(served.skills, [{ id: 'echo', name: 'Echo', description: '', tags: ['test'] }]);
  });

  it('promises streaming whatever the agent supports, and only the platform’s other capabilities', () => {
    const without: PublishedCard = { ...published, card: { ...card, capabilities: {} } };
    const off = { pushNotifications: true, extendedAgentCard: true };
    const { extensions = [], ...offered } = serveCard(published, place).card.capabilities;
    assert.deepEqual(offered, { streaming: true, ...off });
    assert.deepEqual(extensions.slice(0, -3), card.capabilities.extensions);
    assert.deepEqual(serveCard(without, place).card.capabilities, {
      streaming: true,
      ...off,
      extensions: extensions.slice(-3),
    });
  });

  it('declares the stream cursor extension once and as optional, even when the agent declares the same URI', () => {
    const claimed = [{ uri: streamCursorUri, description: 'Mine.', required: true }];
    const claiming: PublishedCard = { ...published, card: { ...card, capabilities: { extensions: claimed } } };
    for (const one of [published, claiming]) {
      const declared = serveCard(one, place).card.capabilities.extensions?.filter(({ uri }) => uri === streamCursorUri);
      assert.equal(declared?.length, 1);
      assert.equal(declared[0]?.required, undefined);
      assert.match(declared[0]?.description ?? '', /SubscribeToTask/);
    }
  });

  it('requires the platform’s tokens only', () => {
    const { card: served } = serveCard(published, place);
    assert.deepEqual(Object.keys(served.securitySchemes ?? {}), ['bearer', 'oauth2']);
    assert.match(JSON.stringify(served.securitySchemes), /"tokenUrl":"https:\/\/colloquy\.example\/oauth\/token"/);
  });

  it('contains neither the agent’s own address nor its signatures', () => {
    const text = JSON.stringify(serveCard(published, place));
    assert.doesNotMatch(text, /internal|7443|blue|theirs|signatures|c2ln/);
  });

  it('has an entity tag that changes only with the card', () => {
    const { etag } = serveCard(published, place);
    assert.match(etag, /^"[0-9a-f]{32}"$/);
    assert.equal(serveCard({ ...published, publishedAt: new Date(0), version: 9 }, place).etag, etag);
    assert.notEqual(serveCard({ ...published, card: { ...card, version: '2.1.1' } }, place).etag, etag);
    assert.notEqual(serveCard(published, { ...place, publicUrl: 'https://other.example' }).etag, etag);
  });

  it('is cacheable by shared caches only when the card is public', () => {
    assert.match(serveCard(published, place).cacheControl, /^private, max-age=\d+$/);
    assert.match(serveCard({ ...published, cardVisibility: 'public' }, place).cacheControl, /^public, max-age=\d+$/);
  });
});
