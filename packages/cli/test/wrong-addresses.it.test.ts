/**
 * Guarantee: registering an agent by a wrong address says what happened, at which address, and what to do; an update by such an address fails
 * as soon as a registration, and nothing is registered.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { selfSigned } from '@colloquy/testkit';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting, Shell } from './command-setting.ts';

interface Cause {
  readonly cause: string;
  readonly url: string;
  readonly said: RegExp;
  readonly remedy: RegExp;
}

/** The card of an agent at `url`. */
const cardAt = (url: string): string =>
  JSON.stringify({
    name: 'Echo',
    description: 'Says it again.',
    version: '1',
    supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
    capabilities: {},
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [{ id: 'echo', name: 'Echo', description: 'Says it again.', tags: [] }],
  });

describe('a wrong address of an agent', { concurrency: true }, () => {
  let setting: CommandSetting;
  let acme: Shell;
  const servers: Server[] = [];

  before(async () => {
    setting = await startCommandSetting();
    ({ acme } = setting);
  });
  after(async () => {
    for (const server of servers) server.close();
    await setting[Symbol.asyncDispose]();
  });

  async function serve(answer: RequestListener): Promise<string> {
    return `http://127.0.0.1:${await portOf(createServer(answer))}`;
  }
  async function portOf(server: Server): Promise<number> {
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    return address.port;
  }
  async function closedPort(): Promise<number> {
    const server = createServer();
    const port = await portOf(server);
    await new Promise((resolve) => server.close(resolve));
    return port;
  }

  /** What `agent register` says of the address, to people and to programs. */
  async function registering(address: string, { cause, url, said, remedy }: Cause): Promise<void> {
    const name = `of-${cause}`;
    const refused = await acme.run('agent', 'register', name, address);
    assert.equal(refused.status, 9, refused.stderr);
    const [sentence = ''] = refused.stderr.split('\n');
    assert.ok(sentence.startsWith(`error: No agent card could be read from ${url}: `), refused.stderr);
    assert.match(sentence, said);
    assert.match(refused.stderr, remedy);
    const { stdout } = await acme.run('agent', 'register', name, address, '--json');
    const { error } = JSON.parse(stdout) as { error: { code: string; details: Record<string, string> } };
    assert.deepEqual(
      [error.code, error.details['cause'], error.details['url']],
      ['registry.card-unreachable', cause, url],
    );
    assert.equal((await acme.run('agent', 'show', name)).status, 5, 'nothing is registered');
  }

  it('says "connection refused" when the agent is not started', async () => {
    const address = `http://127.0.0.1:${await closedPort()}`;
    const url = `${address}/.well-known/agent-card.json`;
    const remedy = /what to do: Start the agent, or correct the port/;
    await registering(address, { cause: 'connection-refused', url, said: /connection was refused/, remedy });
  });

  it('says that the host name is not known, or may not be called, and never which of the two', async () => {
    const url = 'http://no-such-host.invalid/.well-known/agent-card.json';
    const said = /the host name does not exist, or leads to an address that the platform may not call\.$/;
    await registering('http://no-such-host.invalid', {
      cause: 'host-unusable',
      url,
      said,
      remedy: /what to do: Check the spelling of the host/,
    });
  });

  it('says to an operator which of the two it is', async () => {
    const { code, said } = await setting.operator.refused(
      9,
      'agent',
      'register',
      'nowhere',
      'http://no-such-host.invalid',
    );
    assert.equal(code, 'registry.card-unreachable');
    assert.match(
      said,
      /the host name does not exist, or no name server answered\.\n {2}what to do: Check the spelling/,
    );
  });

  it('says "404" and which path has the card', async () => {
    const site = await serve((_request, response) => response.writeHead(404).end());
    const remedy = /agent-card\.json\. It must answer 200/;
    await registering(`${site}/a2a`, { cause: 'http-status', url: `${site}/a2a`, said: /\(HTTP 404\)/, remedy });
  });

  it('says that a web page is not JSON', async () => {
    const site = await serve((_request, response) => response.end('<html>'));
    const remedy = /Give the address of the card itself/;
    await registering(`${site}/docs`, { cause: 'not-json', url: `${site}/docs`, said: /is not JSON/, remedy });
  });

  it('says which fields another JSON document lacks to be a card', async () => {
    const site = await serve((_request, response) => response.end('{"status":"ok"}'));
    const remedy = /\n {2}name: is required\n[^]*Give the address of the card itself/;
    await registering(`${site}/health`, {
      cause: 'not-a-card',
      url: `${site}/health`,
      said: /not an agent card/,
      remedy,
    });
  });

  it('says that the certificate is not trusted', async () => {
    const { certificate, key } = await selfSigned({ ips: ['127.0.0.1'] });
    const site = `https://127.0.0.1:${await portOf(createTlsServer({ cert: certificate, key }))}`;
    const said = /TLS handshake failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)/;
    await registering(`${site}/card`, {
      cause: 'tls-failed',
      url: `${site}/card`,
      said,
      remedy: /a certificate for this host/,
    });
  });

  it('says which address to register when the card says 127.0.0.1 and the command localhost', async () => {
    let card = '';
    const site = await serve((_request, response) => response.end(card));
    card = cardAt(site);
    const address = site.replace('127.0.0.1', 'localhost');
    const { said } = await acme.refused(3, 'agent', 'register', 'loopback', address);
    assert.ok(said.includes(`leads to ${site}, but the card was read from ${address}`), said);
    assert.ok(said.includes(`register the agent by its address at ${site}`), said);
    assert.match(await acme.told('agent', 'register', 'loopback', site), /Registered loopback/);
  });

  it('is asked once by an update, as by a registration', async () => {
    let isDead = false;
    let requests = 0;
    const site = await serve((_request, response) => {
      requests += 1;
      if (isDead) response.destroy();
      else response.end(cardAt(site));
    });
    await acme.told('agent', 'register', 'mortal', site);
    isDead = true;
    requests = 0;
    const updated = await acme.run('agent', 'update', 'mortal');
    assert.match(
      updated.stderr,
      /from http:\/\/127\.0\.0\.1:\d+\/.* closed without an HTTP answer\.\n +what to do: Check that/,
    );
    const ofUpdate = requests;
    requests = 0;
    await acme.run('agent', 'register', 'mortal-too', site);
    assert.deepEqual([ofUpdate, requests], [1, 1]);
    await acme.told('agent', 'show', 'mortal');
  });
});
