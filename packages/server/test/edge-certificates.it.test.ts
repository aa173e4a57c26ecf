/**
 * Guarantee: the operator of a tenant sees the certificates at the endpoints of its agents before callers meet them; an agent whose keys are
 * pinned is sent nothing when its endpoint shows another key, and the platform reports it.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ColloquyError } from '@colloquy/sdk/client';
import type { AgentCertificate, ColloquyClient } from '@colloquy/sdk/client';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { limits } from '../src/kernel/limits.ts';
import { createTestAuthority, eventually, hostileCard, selfSigned, startTestPlatform } from '@colloquy/testkit';
import type { TestAuthority, TestCertificate, TestPlatform } from '@colloquy/testkit';

interface TlsAgent {
  readonly url: string;
  readonly heard: string[];
  /** How many connections have come. */
  readonly shown: () => number;
  readonly server: Server;
}

const wire = { wire: '1.0 JSONRPC', streaming: false } as const;

describe('the certificates of agents', () => {
  const common = getCACertificates('default');
  let authority: TestAuthority;
  let first: TestCertificate;
  let platform: TestPlatform;
  let client: ColloquyClient;
  let database: DatabasePool;
  const agents: TlsAgent[] = [];

  before(async () => {
    authority = await createTestAuthority();
    first = await authority.issue({ ips: ['127.0.0.1'] });
    setDefaultCACertificates([...common, authority.certificate]);
    platform = await startTestPlatform();
    ({ client } = await platform.createTenant('acme'));
    const { adminUrl: url } = platform.database;
    database = createPool({ url, connectionsMax: 1, applicationName: 'edge-certificates' });
  });
  after(async () => {
    await database.end();
    for (const { server } of agents) {
      server.closeAllConnections();
      server.close();
    }
    await platform[Symbol.asyncDispose]();
    setDefaultCACertificates(common);
  });

  /** Where an agent listens behind TLS and completes every task. */
  const listen = async ({ certificate, key }: TestCertificate): Promise<TlsAgent> => {
    const heard: string[] = [];
    const server = createServer({ cert: certificate, key }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = String(Buffer.concat(chunks));
        heard.push(text);
        const { id } = JSON.parse(text) as { id: unknown };
        const task = { id: 'up-1', contextId: 'c-1', status: { state: 'TASK_STATE_COMPLETED' } };
        response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify({ jsonrpc: '2.0', id, result: { task } }));
      });
    });
    let shown = 0;
    server.on('connection', () => (shown += 1));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    const agent = { url, heard, server, shown: () => shown };
    agents.push(agent);
    return agent;
  };
  const register = async (name: string, certificate: TestCertificate): Promise<TlsAgent> => {
    const agent = await listen(certificate);
    await client.admin.registerAgent({ body: { name, card: hostileCard(wire, agent.url) } });
    return agent;
  };
  const send = async (name: string) => {
    const answer = await client.agent(name).send('hello');
    assert.ok('task' in answer);
    return answer.task;
  };

  const statesAt = async ({ opsUrl }: TestPlatform): Promise<readonly string[]> => {
    const text = await (await fetch(`${opsUrl}/metrics`)).text();
    return Array.from(text.matchAll(/^colloquy_endpoint_certificates\{state="(\w+)"\} (\d+)$/gm), ([, state, n]) =>
      [state, n].join(' '),
    );
  };

  const looked: readonly (readonly [
    name: string,
    certificate: () => Promise<TestCertificate>,
    problem: RegExp | null,
  ])[] = [
    ['good', () => Promise.resolve(first), null],
    ['self-signed', () => selfSigned({ ips: ['127.0.0.1'] }), /^DEPTH_ZERO_SELF_SIGNED_CERT$/],
    ['ended', () => authority.issue({ ips: ['127.0.0.1'], notAfter: new Date('2021-01-01') }), /^CERT_HAS_EXPIRED$/],
    ['of-another', async () => (await createTestAuthority('Another')).issue({ ips: ['127.0.0.1'] }), /^UNABLE_TO_/],
    ['misnamed', () => authority.issue({ dns: ['elsewhere.example'] }), /^ERR_TLS_CERT_ALTNAME_INVALID$/],
  ];
  it('are checked on request, and their faults are shown', async () => {
    for (const [name, make, problem] of looked) {
      const certificate = await make();
      await register(name, certificate);
      const { seen } = await client.admin.checkCertificate({ agent: name });
      assert.equal(seen?.keyPin, certificate.pin, name);
      if (problem === null) assert.equal(seen.problem, undefined, name);
      else assert.match(seen.problem ?? '', problem, name);
    }
    const listed = await client.admin.listCertificates();
    assert.deepEqual(
      listed.items.map(({ agent, seen }: AgentCertificate) => [agent, seen?.problem === undefined]),
      looked
        .toSorted(([one], [other]) => one.localeCompare(other))
        .map(([name, , problem]) => [name, problem === null]),
    );
    assert.deepEqual(
      agents.flatMap(({ heard }) => heard),
      [],
      'nothing was sent to anybody',
    );
    await assert.rejects(client.admin.checkCertificate({ agent: 'missing' }), isError('registry.agent-unknown'));
  });

  it('are checked periodically, by one worker each, and their faults are shown in the list and in the metrics', async () => {
    await using other = await startTestPlatform({
      database: platform.database,
      env: { COLLOQUY_PUBLIC_URL: platform.url },
    });
    const soon = new Date(Date.now() + limits.certificateWarningMs / 2);
    const ending = await register('ending', await authority.issue({ ips: ['127.0.0.1'], notAfter: soon }));
    const seenOf = async (name: string) => {
      const { items } = await client.admin.listCertificates({ limit: 100 });
      return items.find(({ agent }: AgentCertificate) => agent === name)?.seen;
    };
    const seen = await eventually('a periodic check', () => seenOf('ending'), 15_000);
    assert.deepEqual([seen.warning, seen.problem], ['ends-soon', undefined]);
    assert.equal((await seenOf('ended'))?.warning, 'ended');
    assert.equal((await seenOf('good'))?.warning, undefined);
    for (const one of [platform, other])
      await eventually(
        'the counts of every worker',
        async () => (await statesAt(one)).join() === 'refused 3,ended 1,ending 1,fine 1',
        15_000,
      );
    assert.equal(ending.shown(), 1, 'one of the two has looked');
    await client.admin.deregisterAgent({ agent: 'ending' });
    await eventually('it counts no more', async () => (await statesAt(platform)).includes('ending 0'), 15_000);
    assert.equal(ending.shown(), 1);
    assert.deepEqual(ending.heard, []);
  });

  it('are not checked where the platform may not call, and an endpoint without TLS has none', async () => {
    const card = hostileCard(wire, 'http://127.0.0.1:9999/');
    await client.admin.registerAgent({ body: { name: 'plain', card } });
    await assert.rejects(client.admin.checkCertificate({ agent: 'plain' }), isError('registry.endpoint-plain'));
    await assert.rejects(
      client.admin.pinKeys({ agent: 'plain', body: { keys: [first.pin] } }),
      isError('registry.endpoint-plain'),
    );
    const { server } = await register('gone', first);
    server.close();
    await assert.rejects(client.admin.checkCertificate({ agent: 'gone' }), isError('registry.endpoint-unreachable'));
  });

  it('have to show a pinned key: another one is told nothing, and the task says why it failed', async () => {
    const agent = await register('pinned', first);
    const other = await authority.issue({ ips: ['127.0.0.1'] });
    assert.equal((await send('pinned')).status.state, 'TASK_STATE_COMPLETED');
    const heard = agent.heard.length;
    await client.admin.pinKeys({ agent: 'pinned', body: { keys: [other.pin] } });
    await eventually('every process obeys', async () => (await send('pinned')).status.state === 'TASK_STATE_FAILED');
    const after = agent.heard.length;
    const failed = await send('pinned');
    assert.equal(failed.status.state, 'TASK_STATE_FAILED');
    assert.match(JSON.stringify(failed), /upstream\.key-refused/);
    assert.equal(agent.heard.length, after);
    await client.admin.pinKeys({ agent: 'pinned', body: { keys: [other.pin, first.pin] } });
    await eventually(
      'one of two is enough',
      async () => (await send('pinned')).status.state === 'TASK_STATE_COMPLETED',
    );
    await client.admin.pinKeys({ agent: 'pinned', body: { keys: [] } });
    assert.ok(agent.heard.length > heard);
    const { items } = await client.admin.listAuditEntries({ resource: 'agents/pinned' });
    assert.equal(items.filter(({ action }) => action === 'agent.keys-pinned').length, 3);
    for (const wrong of ['short', `${first.pin.slice(0, 43)}!`, first.pin.replaceAll('+', '-').slice(1) + '_']) {
      await assert.rejects(
        client.admin.pinKeys({ agent: 'pinned', body: { keys: [wrong] } }),
        isError('request.invalid'),
      );
    }
  });

  const isCheckOver = async (agent: string): Promise<boolean> => {
    const { rows } = await database.query(
      `select from colloquy.endpoint_looks l join colloquy.agents a using (tenant_id, agent_id)
       where a.name = $1 and l.failures = 1 and l.next_look_at > colloquy.now_utc() + interval '10 minutes'`,
      [agent],
    );
    return rows.length > 0;
  };

  it('are seen at every place that an agent runs at, and each is told of for as long as an instance is there', async () => {
    const { admin } = client;
    const soon = new Date(Date.now() + limits.certificateWarningMs / 2);
    const home = await register('spread', first);
    const ending = await listen(await authority.issue({ ips: ['127.0.0.1'], notAfter: soon }));
    const unknown = await listen(await selfSigned({ ips: ['127.0.0.1'] }));
    const away = await listen(first);
    away.server.close();
    await admin.registerInstance({ agent: 'spread', body: { url: `${home.url}canary` } });
    const { instanceId } = await admin.registerInstance({ agent: 'spread', body: { url: ending.url } });
    await admin.registerInstance({ agent: 'spread', body: { url: unknown.url } });
    const originOf = ({ url }: TlsAgent): string => new URL(url).origin;
    const spread = async () =>
      (await admin.listCertificates({ limit: 100 })).items.filter(({ agent }: AgentCertificate) => agent === 'spread');
    const isEachSeen = async () => {
      const rows = await spread();
      return rows.length === 3 && rows.every(({ seen }: AgentCertificate) => seen !== undefined) ? rows : undefined;
    };
    const rows = await eventually('periodic checks', isEachSeen, 15_000);
    assert.deepEqual(
      rows.map((row: AgentCertificate) => [row.origin, row.instances.length, row.seen?.warning, row.seen?.problem]),
      [
        [originOf(home), 2, undefined, undefined],
        [originOf(ending), 1, 'ends-soon', undefined],
        [originOf(unknown), 1, undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
      ],
    );
    await eventually('it is counted', async () => (await statesAt(platform)).includes('ending 1'), 15_000);

    await admin.registerInstance({ agent: 'spread', body: { url: away.url } });
    const told = await admin.checkCertificate({ agent: 'spread' });
    assert.deepEqual(
      told.endpoints.map(({ origin, seen, failure }) => [origin, seen === undefined, failure]),
      [
        ...[home, ending, unknown].map((agent) => [originOf(agent), false, undefined]),
        [originOf(away), true, 'registry.endpoint-unreachable'],
      ],
    );
    assert.deepEqual([told.origin, told.seen?.keyPin], [originOf(home), first.pin]);
    // The last caller made a check due, which counts at every endpoint.
    await eventually('that check is over', () => isCheckOver('spread'), 30_000);
    const [homeShown, endingShown] = [home.shown(), ending.shown()];
    const one = await admin.checkCertificate({ agent: 'spread', origin: originOf(ending) });
    assert.deepEqual([one.origin, one.instances, one.endpoints.length], [originOf(ending), [instanceId], 1]);
    assert.deepEqual([home.shown(), ending.shown()], [homeShown, endingShown + 1], 'the others were left alone');
    const only = (origin: string) => admin.checkCertificate({ agent: 'spread', origin });
    await assert.rejects(only(originOf(away)), isError('registry.endpoint-unreachable'));
    await assert.rejects(only('https://elsewhere.example'), isError('request.invalid'));

    const pinned = await admin.pinKeys({ agent: 'spread', body: { keys: [first.pin] } });
    assert.deepEqual(
      pinned.endpoints.map(({ seen }) => seen?.pinned),
      [true, false, false, undefined],
    );
    await admin.removeInstance({ agent: 'spread', instance: instanceId });
    assert.deepEqual(
      (await spread()).map(({ origin, seen }: AgentCertificate) => [origin, seen?.pinned]),
      [
        [originOf(home), true],
        [originOf(unknown), false],
        [originOf(away), undefined],
      ],
    );
    await assert.rejects(only(originOf(ending)), isError('request.invalid'));
    await eventually('it counts no more', async () => (await statesAt(platform)).includes('ending 0'), 15_000);
    assert.deepEqual([...home.heard, ...ending.heard, ...unknown.heard], [], 'nothing was sent to anybody');
  });

  it('are listed page by page, each endpoint once', async () => {
    const { admin } = client;
    const placeOf = ({ agent, origin }: AgentCertificate): string => `${agent} ${origin}`;
    const { items } = await admin.listCertificates({ limit: 100 });
    const walked: string[] = [];
    let after: string | undefined;
    do {
      const page = await admin.listCertificates({ limit: 1, ...(after === undefined ? {} : { after }) });
      walked.push(...page.items.map(placeOf));
      after = page.next;
    } while (after !== undefined && walked.length <= items.length);
    assert.deepEqual(walked, items.map(placeOf));
    const behind = await admin.listCertificates({ limit: 1, after: 'self-signed' });
    assert.equal(behind.items[0]?.agent, 'spread', 'a name alone is all that the agent has');
    for (const wrong of ['Not a name', 'spread/', 'spread/ins_1', 'spread/x/y'])
      await assert.rejects(admin.listCertificates({ after: wrong }), isError('request.invalid'));
  });

  it('belong to their tenant as its agents do', async () => {
    const other = await platform.createTenant('other');
    assert.deepEqual((await other.client.admin.listCertificates()).items, []);
    for (const agent of ['good', 'spread'])
      await assert.rejects(other.client.admin.checkCertificate({ agent }), isError('registry.agent-unknown'));
    await assert.rejects(
      other.client.admin.pinKeys({ agent: 'good', body: { keys: [] } }),
      isError('registry.agent-unknown'),
    );
    await assert.rejects(other.client.admin.forTenant('acme').listCertificates(), isError('tenancy.tenant-unknown'));
    await assert.rejects(
      client.admin.listListenerCertificates().then(({ items }) => items),
      ColloquyError,
    );
    assert.deepEqual(
      (await platform.operator.admin.listListenerCertificates()).items,
      [],
      'this platform listens without TLS',
    );
  });
});

const isError = (code: string) => (error: unknown) => {
  assert.ok(error instanceof ColloquyError, String(error));
  assert.equal(error.code, code);
  return true;
};
