/** Guarantee: an agent is called by the best wire that both sides speak; the same card always gives the same wire. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AgentInterface } from '@colloquy/protocol';
import { chooseInterface } from './agent-wire.ts';
import type { ChosenInterface } from './agent-wire.ts';

function offer(...entries: readonly Partial<AgentInterface>[]): ChosenInterface | null {
  return chooseInterface({
    name: 'Echo',
    description: '',
    version: '1',
    supportedInterfaces: entries.map((entry) => ({
      url: 'https://agent.example/a2a',
      protocolBinding: 'JSONRPC',
      protocolVersion: '1.0',
      ...entry,
    })),
    capabilities: {},
    defaultInputModes: [],
    defaultOutputModes: [],
    skills: [],
  });
}

describe('choice of an interface', () => {
  it('takes the first supported interface, in the agent’s order', () => {
    const chosen = offer(
      { protocolBinding: 'https://bindings.example/custom' },
      { url: 'https://b/', protocolBinding: 'HTTP+JSON', routingTag: 'blue' },
      { url: 'https://c/' },
    );
    assert.deepEqual(chosen, { url: 'https://b/', wire: '1.0 HTTP+JSON', routingTag: 'blue' });
  });

  it('ignores only the patch number of a version', () => {
    assert.equal(offer({ protocolVersion: '1.0.1' })?.wire, '1.0 JSONRPC');
    for (const protocolVersion of ['1', '1.1', '10.0', '1.0-beta', 'v1.0', '1.0.1.2', '']) {
      assert.equal(offer({ protocolVersion }), null, protocolVersion);
    }
  });

  it('prefers a newer version, whatever the order, and takes an older one when there is no newer', () => {
    const [jsonRpc, rest] = [{ protocolBinding: 'JSONRPC' }, { protocolBinding: 'HTTP+JSON' }];
    const old = { protocolVersion: '0.1' };
    const later = { protocolVersion: '0.3.0' };
    assert.equal(offer(old, { ...later, ...rest }, later, rest)?.wire, '1.0 HTTP+JSON');
    assert.equal(offer(old, { ...later, ...rest }, { ...later, ...jsonRpc })?.wire, '0.3 HTTP+JSON');
    assert.equal(offer(old, { protocolVersion: '0.2.5' })?.wire, '0.3 JSONRPC');
    assert.equal(offer({ ...old, ...rest }, old)?.wire, '0.1 JSONRPC');
  });

  it('finds no interface on a card with unknown bindings only', () => {
    assert.equal(
      offer({ protocolBinding: 'jsonrpc' }, { protocolBinding: 'http+json' }, { protocolBinding: '' }),
      null,
    );
  });
});

describe('the address of a gRPC interface', () => {
  const urlOf = (url: string): string | undefined => offer({ protocolBinding: 'GRPC', url })?.url;

  it('is a bare host and port, with TLS except for IP addresses and local names', () => {
    assert.equal(urlOf('agent.example:50051'), 'https://agent.example:50051');
    assert.equal(urlOf('agent.example:443'), 'https://agent.example');
    assert.equal(urlOf('localhost:443'), 'https://localhost');
    for (const local of ['localhost:50051', '127.0.0.1:50051', '[::1]:50051', 'echo:50051', 'echo.svc.local:50051']) {
      assert.equal(urlOf(local), `http://${local}`);
    }
  });

  it('may select TLS or plain text by a scheme', () => {
    assert.equal(urlOf('http://agent.example:50051'), 'http://agent.example:50051');
    assert.equal(urlOf('grpc://agent.example:50051'), 'http://agent.example:50051');
    assert.equal(urlOf('https://localhost:50051/'), 'https://localhost:50051');
    assert.equal(urlOf('GRPCS://localhost:50051'), 'https://localhost:50051');
  });

  it('is invalid with a path, a user, another scheme or no port, and then another interface is chosen', () => {
    for (const url of ['agent.example', 'agent.example:99999', 'https://agent.example/a2a', 'user@agent.example:1']) {
      assert.equal(urlOf(url), undefined, url);
    }
    for (const url of ['dns:///agent.example:443', 'unix:///tmp/agent', 'agent.example:443#a', '', ':443', 'a b:443']) {
      assert.equal(urlOf(url), undefined, url);
    }
    const chosen = offer({ protocolBinding: 'GRPC', url: 'agent.example' }, { url: 'https://agent.example/a2a' });
    assert.equal(chosen?.wire, '1.0 JSONRPC');
  });
});
