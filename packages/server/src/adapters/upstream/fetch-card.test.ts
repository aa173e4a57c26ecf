/** Guarantee: reading a card from an untrusted address is bounded in bytes and time, goes nowhere else, and carries nothing of ours. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { describe, it } from 'node:test';
import type { AgentCard } from '@colloquy/protocol';
import { selfSigned } from '@colloquy/testkit';
import type { CardSource } from '../../modules/registry/index.ts';
import { createCardSource } from './fetch-card.ts';
import { idOf } from '../../kernel/ids.ts';
import type { CardBounds } from './fetch-card.ts';
import { EgressGuard } from './egress-guard.ts';
import { failuresAtOnce } from './even-failures.ts';
import { cardReadCauses } from '../../kernel/card-read-causes.ts';
import type { CardReadCause } from '../../kernel/card-read-causes.ts';
import { PlatformError } from '../../kernel/errors.ts';

const card = {
  name: 'Echo',
  description: 'Says it again',
  version: '1.0.0',
  supportedInterfaces: [{ url: 'https://agent.example/a2a', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: true },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [],
};
const bounds: CardBounds = { cardBytesMax: 4096, cardFetchMs: 300 };
const wellKnown = '/.well-known/agent-card.json';
const laptop = {
  allowedRanges: ['127.0.0.0/8'],
  allowedHosts: [],
  ownPorts: () => new Set<number>(),
  ownAddresses: () => [],
};

const tenantId = idOf('tnt', '0'.repeat(32));
const guardedBy = (guard: EgressGuard) => ({ forTenant: () => Promise.resolve(guard) });

interface Site extends AsyncDisposable {
  readonly url: string;
  readonly requests: IncomingMessage[];
}

async function serve(answer: RequestListener): Promise<Site> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const reader = { tenantId, isOperator: false };
const sourceWith = (guard: EgressGuard): CardSource =>
  createCardSource({ guards: guardedBy(guard), bounds, failures: failuresAtOnce });
const fetchCard = (url: string): Promise<AgentCard> =>
  sourceWith(new EgressGuard(laptop))
    .fetchCard(url, reader)
    .then((published) => published.card);
const json = (response: ServerResponse, value: unknown): ServerResponse => response.end(JSON.stringify(value));

/** The caller is told the cause and the address, and no message of a library. */
const failureOf =
  (cause: CardReadCause, facts: Readonly<Record<string, string>> = {}) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof PlatformError);
    const { url = '', ...told } = error.details;
    assert.deepEqual([error.code, told], ['registry.card-unreachable', { cause, ...facts }]);
    assert.ok(error.message.includes(`from ${url}: ${cardReadCauses[cause]}`), error.message);
    return true;
  };

describe('fetching a card', () => {
  it('keeps the document as it was published, with what it does not know, for its signatures', async () => {
    const published = { ...card, futureField: { a: [1] } };
    await using site = await serve((_request, response) => json(response, published));
    const { document } = await sourceWith(new EgressGuard(laptop)).fetchCard(`${site.url}/card`, reader);
    assert.deepEqual(document, published);
  });

  it('reads the address as given, with no credential and no compression', async () => {
    await using site = await serve((_request, response) => json(response, card));
    const given = ['/cards/echo.json?v=1', `${wellKnown}?agent=echo`, '/?agent=echo'];
    for (const target of given) assert.deepEqual(await fetchCard(site.url + target), card);
    assert.deepEqual(
      site.requests.map((request) => [request.method, request.url]),
      given.map((target) => ['GET', target]),
    );
    const [request] = site.requests;
    assert.equal(request?.headers.authorization, undefined);
    assert.equal(request?.headers['accept-encoding'], 'identity');
  });

  it('tries the well-known path only for an address without a path', async () => {
    await using site = await serve((request, response) =>
      request.url === wellKnown ? json(response, card) : response.writeHead(404).end(),
    );
    assert.deepEqual(await fetchCard(site.url), card);
    await assert.rejects(fetchCard(`${site.url}/elsewhere`), { code: 'registry.card-unreachable' });
    assert.deepEqual(
      site.requests.map((request) => request.url),
      ['/', wellKnown, '/elsewhere'],
    );
  });

  it('tries the path from before 0.3 only when there is no card at the current one', async () => {
    const earlier = { name: 'Old', url: 'https://agent.example/', version: '1', capabilities: {}, skills: [] };
    const place = '/.well-known/agent.json';
    await using site = await serve((request, response) =>
      request.url === place ? json(response, earlier) : response.writeHead(404).end(),
    );
    for (const url of [site.url, site.url + wellKnown]) {
      const { supportedInterfaces } = await fetchCard(url);
      assert.deepEqual(supportedInterfaces, [
        { url: 'https://agent.example/', protocolBinding: 'JSONRPC', protocolVersion: '0.1' },
      ]);
    }
    assert.deepEqual(
      site.requests.map((request) => request.url),
      ['/', wellKnown, place, wellKnown, place],
    );
    await using failing = await serve((_request, response) => response.writeHead(503).end());
    await assert.rejects(fetchCard(failing.url), failureOf('http-status', { status: '503' }));
    await using empty = await serve((_request, response) => response.writeHead(404).end());
    await assert.rejects(fetchCard(empty.url), failureOf('http-status', { status: '404' }));
    assert.equal([...failing.requests, ...empty.requests].length, 5);
  });

  it('follows no redirect', async () => {
    await using canary = await serve((_request, response) => json(response, card));
    for (const status of [301, 302, 303, 307, 308]) {
      await using site = await serve((_request, response) =>
        response.writeHead(status, { location: `${canary.url}/card` }).end(),
      );
      await assert.rejects(fetchCard(`${site.url}/card`), failureOf('redirect', { status: String(status) }));
    }
    assert.equal(canary.requests.length, 0);
  });

  const bad: Readonly<Record<string, [RequestListener, CardReadCause | 'card-invalid']>> = {
    'a longer card than accepted': [
      (_request, response) => json(response, { ...card, description: 'x'.repeat(5000) }),
      'too-large',
    ],
    'an endless answer': [
      (_request, response) => {
        const pump = (): boolean => response.write('x'.repeat(1024)) && setImmediate(pump) !== undefined;
        response.on('drain', pump);
        pump();
      },
      'too-large',
    ],
    'a site that never answers': [() => undefined, 'timeout'],
    'a site that stops in the middle': [(_request, response) => void response.write('{'), 'timeout'],
    'a broken connection': [(request) => void request.socket.destroy(), 'connection-failed'],
    'an error': [(_request, response) => response.writeHead(500).end(), 'http-status'],
    'a web page': [(_request, response) => response.end('<html>'), 'not-json'],
    'another document': [(_request, response) => json(response, []), 'not-a-card'],
    'another API': [(_request, response) => json(response, { name: 'elsewhere', version: 7 }), 'not-a-card'],
    'a card with a NUL': [(_request, response) => json(response, { ...card, name: 'a\0' }), 'not-json'],
    'a card without an interface': [
      (_request, response) => json(response, { ...card, supportedInterfaces: [] }),
      'card-invalid',
    ],
  };

  for (const [what, [answer, fault]] of Object.entries(bad)) {
    it(`refuses ${what}`, async () => {
      await using site = await serve(answer);
      const details = { url: `${site.url}/card` };
      const facts = fault === 'http-status' ? { status: '500' } : {};
      const expected = fault === 'card-invalid' ? { code: 'registry.card-invalid', details } : failureOf(fault, facts);
      await assert.rejects(fetchCard(`${site.url}/card`), expected);
      assert.equal(site.requests.length, 1);
    });
  }

  it('names every wrong field', async () => {
    await using site = await serve((_request, response) => json(response, { ...card, name: 7, version: undefined }));
    await assert.rejects(fetchCard(`${site.url}/card`), (error: { violations: { field: string }[] }) => {
      assert.deepEqual(
        error.violations.map((violation) => violation.field),
        ['name', 'version'],
      );
      return true;
    });
  });

  it('asks nothing of an address that is refused', async () => {
    await using site = await serve((_request, response) => json(response, card));
    const closed = new EgressGuard({ ...laptop, allowedRanges: [] });
    await assert.rejects(sourceWith(closed).fetchCard(site.url, reader), {
      code: 'egress.refused',
    });
    const rebound = new EgressGuard({ ...laptop, allowedRanges: [] }, (_host, done) =>
      done(null, [{ address: '127.0.0.1', family: 4 }]),
    );
    const named = site.url.replace('http://127.0.0.1', 'https://agent.example');
    await assert.rejects(sourceWith(rebound).fetchCard(named, reader), failureOf('host-unusable'));
    assert.equal(site.requests.length, 0);
  });

  it('tells operators, and a tenant to which the name was opened, whether the name exists or is forbidden', async () => {
    const leadsTo: Readonly<Record<string, string>> = {
      'private.example': '10.0.0.1',
      'opened.example': '169.254.169.254',
    };
    const policy = { ...laptop, allowedRanges: [], allowedHosts: ['opened.example', 'missing.example'] };
    const source = sourceWith(
      new EgressGuard(policy, (host, done) => {
        const address = leadsTo[host];
        if (address !== undefined) return done(null, [{ address, family: 4 }]);
        done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }), []);
      }),
    );
    const operator = { ...reader, isOperator: true };
    const causes = [
      ['private.example', operator, 'address-forbidden'],
      ['unknown.example', operator, 'host-unknown'],
      ['opened.example', reader, 'address-forbidden'],
      ['missing.example', reader, 'host-unknown'],
      ['private.example', reader, 'host-unusable'],
      ['unknown.example', reader, 'host-unusable'],
    ] as const;
    for (const [host, by, cause] of causes)
      await assert.rejects(source.fetchCard(`https://${host}/card`, by), failureOf(cause), `${host} ${cause}`);
  });

  it('reports the address as unreachable when there is no answer', async () => {
    const site = await serve(() => undefined);
    await site[Symbol.asyncDispose]();
    await assert.rejects(fetchCard(`${site.url}/card?token=secret`), failureOf('connection-refused'));
  });

  it('says that a certificate is not trusted, and by which rule', async () => {
    const { key, certificate: cert } = await selfSigned();
    const server = createTlsServer({ key, cert });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const failed = failureOf('tls-failed', { reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    await assert.rejects(fetchCard(`https://127.0.0.1:${address.port}/card`), failed);
    await new Promise((resolve) => server.close(resolve));
  });

  it('names the fields that a document lacks to be a card, and no key of the document', async () => {
    await using site = await serve((_request, response) =>
      json(response, { status: 'ok', skills: [{ secret: 1 }], securitySchemes: { confidential: 7 } }),
    );
    await assert.rejects(fetchCard(`${site.url}/health`), (error: unknown) => {
      assert.ok(error instanceof PlatformError);
      const { cause } = error.details;
      assert.equal(cause, 'not-a-card');
      const named = error.violations.map(({ field }) => field);
      assert.ok(named.includes('name') && named.includes('version'), named.join());
      assert.ok(!/secret|confidential/.test(JSON.stringify([error.message, error.details, error.violations])));
      return true;
    });
  });
});
