/** Guarantee: the doctor tells a database that is full or absent from one that has room, and asks for no password. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { describe, it } from 'node:test';
import { checkDatabase } from './database.ts';

/** AuthenticationSASL and `too many clients already`, as PostgreSQL sends them. */
const askForPassword = Buffer.from([0x52, 0, 0, 0, 0x08, 0, 0, 0, 0x0a]);
const tooMany = Buffer.from('E\0\0\0\x37SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0', 'latin1');

/** A server that answers each connection's first message. */
async function answering(answers: (connection: number) => Buffer): Promise<{ url: string; server: Server }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    const answer = answers(connections);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `postgresql://u:secret@127.0.0.1:${(server.address() as AddressInfo).port}/db`, server };
}

describe('doctor: database', () => {
  it('has room for one process', async () => {
    const { url, server } = await answering(() => askForPassword);
    assert.equal((await checkDatabase(url)).level, 'ok');
    server.close();
  });

  it('is full', async () => {
    const { url, server } = await answering((connection) => (connection > 10 ? tooMany : askForPassword));
    const finding = await checkDatabase(url);
    assert.equal(finding.level, 'fail');
    assert.match(finding.found, /refused 4 of 14/);
    assert.match(finding.mend ?? '', /max_connections/);
    server.close();
  });

  it('is something else', async () => {
    const { url, server } = await answering(() => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    assert.equal((await checkDatabase(url)).level, 'warn');
    server.close();
  });

  it('is not there, and the answer holds no password', async () => {
    const finding = await checkDatabase('postgresql://u:secret@127.0.0.1:9/db');
    assert.equal(finding.level, 'fail');
    assert.doesNotMatch(JSON.stringify(finding), /secret/);
    assert.equal((await checkDatabase('mysql://x')).level, 'fail');
  });
});
