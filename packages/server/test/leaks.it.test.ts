/**
 * Guarantee: nothing that leaves the platform shows a secret, how it is built, or another tenant's words: no answer, no error, no
 * line of the log, no metric; whatever callers and agents send, and while the database fails.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import {
  agentSecret,
  answers,
  answersError,
  eventually,
  findLeaks,
  forbid,
  http,
  neverShown,
  operatorsOnly,
  script,
  startRawAgent,
  statusTold,
  streams,
  taskTold,
} from '@colloquy/testkit';
import type { OnRequest, Output, RawAgent } from '@colloquy/testkit';
import { adminEndpoints, workEndpoints } from '../src/surfaces/admin/index.ts';
import { cardAt } from './agents-setting.ts';

import { markedMessage, startLeakSetting } from './leaks-setting.ts';
import type { LeakSetting, MarkedTenant } from './leaks-setting.ts';

const agentCredential = `upstream-credential-${randomUUID()}`;
const hostile = `\u001b[31m\r\n{"level":"error","msg":"forged"}\r\n${agentSecret}`;
const working = taskTold('up-1', 'TASK_STATE_WORKING');

/** What broken agents say: each hides a secret where an error message could quote it. */
const brokenAgents: Readonly<Record<string, OnRequest>> = {
  'fails-rpc': answersError,
  'fails-http': (socket) =>
    socket.write(http(`Error: ${hostile}\n    at run (/srv/agent/main.ts:1:1)`, 'text/plain', '500 Oops')),
  'shows-headers': (socket, { rpc, head, headers }) => {
    const message = `${head} ${[...headers].join()}`;
    socket.write(
      http(
        JSON.stringify({ jsonrpc: '2.0', id: rpc.id, error: { code: -32001, message, data: [{ reason: message }] } }),
      ),
    );
  },
  'bad-state': answers({ task: { id: 'up-1', contextId: 'c', status: { state: hostile } } }),
  'bad-keys': answers({ task: { id: 'up-1', [hostile]: 1, status: { state: 'TASK_STATE_COMPLETED', [hostile]: {} } } }),
  'bad-parts': answers({ message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ [hostile]: 1 }, { text: 5 }] } }),
  'no-json': (socket) => socket.write(http(`{"jsonrpc": ${hostile}`)),
  'twice-the-key': (socket) => socket.write(http(`{"${agentSecret}":1,"${agentSecret}":2}`)),
  'no-http': (socket) => socket.write(`${agentSecret}\r\n\r\n`),
  'other-task': streams([working, statusTold(agentSecret, 'TASK_STATE_COMPLETED')]),
  'breaks-off': (socket) => socket.destroy(),
};

describe('what leaves the platform', () => {
  let setting: LeakSetting;
  let echo: AgentServer;
  let a: MarkedTenant;
  let b: MarkedTenant;
  const raw: RawAgent[] = [];

  before(async () => {
    setting = await startLeakSetting();
    echo = await serveAgent({
      card: { name: 'Echo', description: 'Says it again.', skills: [] },
      async handle(message, task) {
        if (text(message).startsWith('ask')) return task.requireInput(`Which ${text(message)}?`);
        await task.artifact({ id: 'echo', name: text(message), parts: text(message) });
        return text(message).startsWith('fail') ? task.fail(text(message)) : task.complete(text(message));
      },
    });
    [a, b] = [await setting.newTenant('first', 'qzxalpha'), await setting.newTenant('second', 'qzxbeta')];
    for (const marked of [a, b]) await registerEcho(marked);
    for (const [name, act] of Object.entries(brokenAgents)) await registerBroken(a, name, act);
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    await echo.close({ graceMs: 0 });
    for (const agent of raw) await agent[Symbol.asyncDispose]();
  });

  async function registerEcho({ tenant, marker }: MarkedTenant): Promise<void> {
    const card = { ...cardAt(echo.url, true), name: `Echo ${marker}`, description: marker };
    const skills = [{ id: marker, name: marker, description: marker, tags: [marker] }];
    const credential = { kind: 'bearer', value: agentCredential } as const;
    await tenant.client.admin.registerAgent({ body: { name: 'helper', card: { ...card, skills }, credential } });
    await tenant.client.admin.createClient({ body: { name: `${marker}-reader`, scopes: ['a2a:read'] } });
  }

  async function registerBroken({ tenant }: MarkedTenant, name: string, act: OnRequest): Promise<void> {
    const agent = await startRawAgent(script({ SendMessage: act, SendStreamingMessage: act }));
    raw.push(agent);
    const card = cardAt(agent.url, name === 'other-task');
    const credential = { kind: 'api-key', value: agentCredential } as const;
    await tenant.client.admin.registerAgent({ body: { name, card, credential, taskMsMax: 5_000 } });
  }

  /** A task of the tenant, as JSON-RPC answers it. */
  async function send(
    marked: MarkedTenant,
    words: string,
    over: object = {},
    { agent = 'helper', configuration = {} }: { agent?: string; configuration?: object } = {},
  ): Promise<string> {
    const body = {
      jsonrpc: '2.0',
      id: marked.marker,
      method: 'SendMessage',
      params: { ...markedMessage(marked.marker, words, over), configuration },
    };
    const answer = await marked.call('POST', marked.address.replace('helper', agent), { json: body });
    return /tsk_[0-9a-f]{32}/.exec(answer)?.[0] ?? '';
  }

  /** Every A2A operation on both bindings, for this task at this address. */
  async function callEverything(
    caller: MarkedTenant,
    address: string,
    taskId: string,
    token?: string | null,
  ): Promise<void> {
    const { marker } = caller;
    const as = token === undefined ? {} : { token };
    const rpc = {
      SendMessage: markedMessage(marker, 'say'),
      SendStreamingMessage: markedMessage(marker, 'say'),
      GetTask: { id: taskId },
      ListTasks: {},
      CancelTask: { id: taskId },
      SubscribeToTask: { id: taskId },
      GetExtendedAgentCard: {},
    };
    for (const [method, params] of Object.entries(rpc)) {
      await caller.call('POST', address, { ...as, json: { jsonrpc: '2.0', id: 1, method, params } });
    }
    await caller.call('POST', `${address}/message:send`, { ...as, json: markedMessage(marker, 'say', { taskId }) });
    await caller.call('POST', `${address}/message:stream`, { ...as, json: markedMessage(marker, 'say') });
    for (const path of ['', `/${taskId}`, '?contextId=qzxalpha-context', `/${taskId}/pushNotificationConfigs`]) {
      await caller.call('GET', `${address}/tasks${path}`, as);
    }
    const headers = { 'last-event-id': '0', 'a2a-extensions': 'urn:colloquy:extension:stream-cursor:v1' };
    await caller.call('POST', `${address}/tasks/${taskId}:subscribe`, { ...as, headers });
    await caller.call('POST', `${address}/tasks/${taskId}:cancel`, { ...as, json: {} });
    await caller.call('GET', `${address}/.well-known/agent-card.json`, as);
  }

  /** Every endpoint of the admin API and for calls of skills, for this tenant and what belongs to it. */
  async function callAdmin(
    caller: MarkedTenant,
    owner: MarkedTenant,
    taskId: string,
    token?: string | null,
  ): Promise<void> {
    const bodies: Readonly<Record<string, object>> = {
      createTenant: { slug: owner.tenant.slug, name: caller.marker },
      createClient: { name: `${caller.marker}-reader`, scopes: ['a2a:read', 'platform:operate'] },
      grantCredits: { amountMicrocredits: 5 },
      registerAgent: { name: 'helper', card: cardAt(echo.url, true) },
      callSkill: { inputs: { words: caller.marker } },
    };
    for (const { id, method, path } of [...adminEndpoints, ...workEndpoints]) {
      const [tenant, agent, client] = [owner.tenant.slug, 'no-such-agent', owner.tenant.clientId];
      const isOwn = owner === caller && method === 'DELETE';
      const filled = path
        .replace('{tenant}', tenant)
        .replace('{agent}', isOwn ? agent : 'helper')
        .replace('{client}', isOwn ? 'cli_0' : client)
        .replace('{skill}', caller.marker)
        .replace('{task}', taskId);
      await caller.call(method, `/api/v1${filled}`, {
        ...(token === undefined ? {} : { token }),
        ...(bodies[id] === undefined ? {} : { json: bodies[id] }),
      });
    }
  }

  async function askForTokens(caller: MarkedTenant, secrets: readonly string[]): Promise<void> {
    for (const secret of secrets) {
      for (const clientId of [caller.tenant.clientId, a.tenant.clientId, secret]) {
        const authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
        const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
        await caller.call('POST', '/oauth/token', { token: null, headers, body: 'grant_type=client_credentials' });
      }
    }
    const body = `grant_type=${agentSecret}&client_id=${a.tenant.clientId}&client_secret=${b.tenant.clientSecret}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await caller.call('POST', '/oauth/token', { token: null, headers, body });
  }

  async function sendNonsense(caller: MarkedTenant, secret: string): Promise<void> {
    const address = caller.address;
    const bodies = [
      '{',
      '[]',
      `{"${caller.marker}":"${secret}","${caller.marker}":1}`,
      '[['.repeat(200),
      `{"jsonrpc":"2.0","id":1,"method":"${secret}"}`,
      '\u0000',
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'SendMessage',
        params: { message: { role: secret, parts: [{ [secret]: 1 }], messageId: hostile } },
      }),
    ];
    for (const body of bodies) {
      await caller.call('POST', address, { body });
      await caller.call('POST', `${address}/message:send`, { body });
      await caller.call('POST', `/api/v1/tenants/${caller.tenant.slug}/agents`, { body });
    }
    const paths = [
      '/nothing',
      `/t/${secret}/agents/x`,
      `${address}/tasks/..%2f..%2fetc`,
      `${address}?access_token=${secret}`,
      `/api/v1/tenants/${caller.tenant.slug}/audit?after=${secret}`,
      `/api/v1/tenants/${caller.tenant.slug}/agents?limit=x'--`,
      `/%ff`,
      `${address}/tasks?pageToken=${secret}`,
    ];
    for (const path of paths) await caller.call('GET', path);
    await caller.call('GET', address, {
      headers: { 'x-request-id': "x'; drop table--", 'a2a-version': secret, 'idempotency-key': ' ' },
    });
  }

  /** Everything that both tenants do, well and badly. */
  async function live(): Promise<void> {
    const taskOfA = await send(a, 'hello');
    const waiting = await send(a, 'ask');
    await send(a, 'fail');
    for (const name of Object.keys(brokenAgents)) await send(a, 'please', {}, { agent: name });
    await callEverything(a, a.address, waiting);
    await callAdmin(a, a, taskOfA);

    const taskOfB = await send(b, 'hello');
    const [tokenOfA, tokenOfB] = [await a.tenant.client.token(), await b.tenant.client.token()];
    const wrongTokens = [
      null,
      'x',
      `${tokenOfA.slice(0, -8)}AAAAAAAA`,
      a.tenant.clientSecret,
      tokenOfB.split('.').slice(0, 2).join('.'),
    ];
    for (const task of [taskOfA, waiting, taskOfB]) {
      await callEverything(b, a.address, task);
      await callEverything(b, b.address, task);
      await callAdmin(b, a, task);
    }
    for (const token of wrongTokens) {
      await callEverything(b, a.address, waiting, token);
      await callAdmin(b, a, waiting, token);
    }
    await callAdmin(b, b, taskOfB);
    await askForTokens(b, [b.tenant.clientSecret, 'wrong', tokenOfB, hostile]);
    for (const secret of [a.tenant.clientSecret, tokenOfB, agentSecret])
      await sendNonsense(b, encodeURIComponent(secret));
  }

  async function without(table: string, use: () => Promise<void>): Promise<void> {
    await setting.administer(`alter table colloquy.${table} rename to ${table}_away`);
    try {
      await use();
    } finally {
      await setting.administer(`alter table colloquy.${table}_away rename to ${table}`);
    }
  }

  async function liveWhileTheDatabaseFails(): Promise<void> {
    const taskOfB = await send(b, 'before');
    const waiting = await send(a, 'ask before');
    const use = async (): Promise<void> => {
      await Promise.all([
        send(a, 'during'),
        send(b, 'during'),
        callEverything(b, b.address, taskOfB),
        callEverything(b, a.address, waiting),
        callAdmin(b, b, taskOfB),
        askForTokens(b, ['wrong', b.tenant.clientSecret]),
      ]);
    };
    for (const table of ['tasks', 'agents', 'wallets', 'oauth_clients']) await without(table, use);
    // Then a task can be recorded and not be ended, so a client that waits for its end waits.
    await without('audit_entries', async () => {
      await Promise.all([a, b].map((one) => send(one, 'during', {}, { configuration: { returnImmediately: true } })));
      await callAdmin(b, b, taskOfB);
      await askForTokens(b, ['wrong', b.tenant.clientSecret]);
    });
    setting.proxy.goAway();
    await use();
    setting.proxy.comeBack();
    await eventually('the platform works again', async () => (await send(b, 'after')) !== '');
  }

  const secretsOfAll = (): readonly string[] => [
    agentCredential,
    'hunter2',
    'agent-internal-host',
    new URL(setting.database.adminUrl).password,
    ...[a, b].map(({ tenant }) => tenant.clientSecret),
  ];

  async function leaks(): Promise<readonly string[]> {
    const everybody = { ...neverShown, ...forbid('a secret', secretsOfAll()) };
    const operations = await setting.operations();
    const ofTenants = forbid('words of a tenant', [a.marker, b.marker]);
    const shown = operations.filter(({ where }) => where !== 'the log');
    return [
      ...findLeaks([...a.answers, ...b.answers, ...operations], everybody),
      ...findLeaks([...a.answers, ...b.answers, ...shown], operatorsOnly),
      ...findLeaks(b.answers, forbid('words of A', [a.marker])),
      ...findLeaks(a.answers, forbid('words of B', [b.marker])),
      ...findLeaks(operations, ofTenants),
    ];
  }

  it('shows nothing while callers and agents do what they like', async () => {
    await live();
    assert.deepEqual(await leaks(), []);
    assert.ok(b.answers.length > 200, `${b.answers.length} answers`);
    const statuses = new Set(b.answers.map(({ where }) => where.slice(-3)));
    for (const status of ['200', '400', '401', '403', '404']) assert.ok(statuses.has(status), status);
  });

  it('shows nothing while the database fails', async () => {
    const before = b.answers.length;
    await liveWhileTheDatabaseFails();
    assert.deepEqual(await leaks(), []);
    const statuses = new Set(b.answers.slice(before).map(({ where }) => where.slice(-3)));
    for (const status of ['500', '503']) assert.ok(statuses.has(status), `${status} of ${[...statuses].join()}`);
  });

  it('is one record a line, whatever was in it', async () => {
    const control = /\p{Cc}/u;
    for (const line of setting.platform.logLines) {
      assert.doesNotMatch(line, control);
      const { level, msg } = JSON.parse(line) as { level: string; msg: string };
      assert.notEqual(msg, 'forged', level);
    }
  });

  it('has metrics that name no tenant, no task and no address', async () => {
    const operations = await setting.operations();
    const metrics = operations.filter(({ where }) => where.endsWith('/metrics'));
    assert.match(metrics[0]?.text ?? '', /colloquy_errors_total\{code="task\.unknown",surface="a2a"\} [1-9]/);
    const ids = {
      'an id': /\b(?:tsk|tnt|agt|cli|req|nod|ctx)_\w/,
      'an address': /127\.0\.0\.1|localhost|\/t\/|https?:/,
    };
    assert.deepEqual(findLeaks(metrics, ids), []);
  });

  it('would be caught: the same eyes see what is planted', async () => {
    const planted: readonly Output[] = [
      `{"detail":"${await a.tenant.client.token()}"}`,
      `{"detail":"${a.tenant.clientSecret}"}`,
      'Authorization: Bearer abcdefghijklmnop.qrst',
      'Authorization: Basic cmVzb3VyY2VfbWV0YWRhdGE=',
      'www-authenticate: Bearer resource_metadataabcdefgh',
      setting.database.adminUrl,
      '{"causes":["error: insert into colloquy.tasks (tenant_id) values ($1)"]}',
      '{"causes":["error: duplicate key value violates unique constraint \\"tasks_pkey\\""]}',
      '{"stack":"Error: x\\n    at run (main.ts:1:2)"}',
      '{"place":"file:///srv/colloquy/main.ts"}',
      '{"crv":"P-256","d":"abcdefghijklmnopqrstuvwxyz"}',
    ].map((line) => ({ where: 'a plant', text: line }));
    for (const plant of planted) {
      assert.notDeepEqual(findLeaks([plant], { ...neverShown, ...operatorsOnly }), [], plant.text);
    }
    for (const secret of secretsOfAll()) {
      assert.notEqual(secret, '');
      const plant = { where: 'a plant', text: `{"detail":"x${secret.toUpperCase()}y"}` };
      assert.equal(findLeaks([plant], forbid('a secret', secretsOfAll())).length, 1);
    }

    // An agent that both tenants use and that mixes up its callers.
    const mixer = await startRawAgent(
      script({
        SendMessage: answers(
          taskTold('up-9', 'TASK_STATE_COMPLETED', {
            metadata: { last: a.marker },
            artifacts: [{ artifactId: 'm', parts: [{ text: a.marker }] }],
          }),
        ),
      }),
    );
    raw.push(mixer);
    await b.tenant.client.admin.registerAgent({ body: { name: 'mixer', card: cardAt(mixer.url, false) } });
    await send(b, 'whatever', {}, { agent: 'mixer' });
    const found = await leaks();
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', /words of A .* in POST \/t\/second\/agents\/mixer/);
  });
});
