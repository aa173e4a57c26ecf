/** Guarantee: the demo works from nothing and again on what it left behind, and says in its last line whether all was right. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const demo = fileURLToPath(new URL('demo.ts', import.meta.url));

function runDemo(dataDir: string) {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, COLLOQUY_DATA_DIR: dataDir, COLLOQUY_HTTP_PORT: '0', COLLOQUY_OPS_PORT: '0' };
  const argv = ['--conditions=source', demo, '--once', '--quick'];
  const { status, stdout } = spawnSync(process.execPath, argv, { env, encoding: 'utf8', timeout: 120_000 });
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  return { status, stdout, report: JSON.parse(last) as Record<string, unknown> };
}

describe('demo', () => {
  it('starts from nothing, starts again on its data, and finds everything as it should be', () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'colloquy-demo-'));
    try {
      for (const start of ['first', 'second']) {
        const { status, stdout, report } = runDemo(dataDir);
        assert.deepEqual([report['suite'], report['ok'], report['failed']], ['demo', true, []], `${start}:\n${stdout}`);
        assert.equal(status, 0);
        assert.ok(Number(report['checked']) > 40);
        assert.ok(Number(report['firstTaskMs']) < 60_000);
        // oxlint-disable-next-line no-control-regex -- looking for colours
        assert.doesNotMatch(stdout, /\u001b/, 'no colours without a terminal');
      }
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it('says why it failed, in a sentence and in its last line', () => {
    const { status, stdout, report } = runDemo(demo);
    assert.equal(status, 1);
    assert.equal(report['ok'], false);
    assert.match(stdout, /The demo failed: .*could not start|EEXIST/s);
    assert.doesNotMatch(stdout, /^\s+at /m, 'no stack');
  });
});
