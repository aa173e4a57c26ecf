/**
 * Guarantee: the doctor tells a database that is too old, full or absent from one that a process can run on, in the numbers of the platform, and
 * shows no password.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createPool } from '@colloquy/server/test';
import { createTestDatabase, pretendPostgres } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { checkDatabase } from '../src/doctor/database.ts';
import type { Finding } from '../src/doctor/check.ts';

const check = (url: string): Promise<Finding> =>
  checkDatabase(url, { PATH: process.env['PATH'] ?? '', DATABASE_URL: url });

describe('doctor: database', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database[Symbol.asyncDispose]());

  it('has room for one process, and a version that is supported', async () => {
    const finding = await check(database.adminUrl);
    assert.equal(finding.level, 'ok', finding.found);
    assert.match(finding.found, /is PostgreSQL \d+\.\d+ and takes the 18 connections/);
  });

  it('is full', async () => {
    const login = `few_${Date.now()}`;
    const admin = createPool({ url: database.adminUrl, connectionsMax: 1, applicationName: 'doctor-test' });
    await admin.query(`create role ${login} login password 'secret' connection limit 10`);
    const url = new URL(database.adminUrl);
    url.username = login;
    url.password = 'secret';
    const finding = await check(url.href);
    await admin.query(`drop role ${login}`);
    await admin.end();
    assert.equal(finding.level, 'fail');
    assert.match(finding.found, /refused 8 of 18/);
    assert.match(finding.mend ?? '', /max_connections/);
  });

  it('is too old, and the finding says which version is needed', async () => {
    await using old = await pretendPostgres('14.21');
    const finding = await check(old.url);
    assert.equal(finding.level, 'fail');
    assert.match(finding.found, /is PostgreSQL 14\.21; Colloquy needs 15 or newer/);
    assert.match(finding.mend ?? '', /Upgrade/);
  });

  it('is another program', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const finding = await check(`postgresql://u:secret@127.0.0.1:${(server.address() as AddressInfo).port}/db`);
    server.close();
    assert.equal(finding.level, 'fail');
  });

  it('is not there, and the answer holds no password', async () => {
    const finding = await check('postgresql://u:secret@127.0.0.1:9/db');
    assert.equal(finding.level, 'fail');
    assert.match(finding.found, /ECONNREFUSED/);
    assert.doesNotMatch(JSON.stringify(finding), /secret/);
    assert.equal((await check('mysql://x')).level, 'fail');
  });
});
