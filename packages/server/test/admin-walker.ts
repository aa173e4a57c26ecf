import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { adminEndpoints } from '../src/surfaces/admin/index.ts';
import type { Actor, AdminSetting } from './admin-setting.ts';

const ajv = new Ajv2020({
  strict: true,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/, uri: /^https?:/, uuid: true },
});

/** Values for the names in a path, and a query with its question mark. */
export type PathFill = Readonly<Record<string, string>>;

/** Calls endpoints of the admin API by their names, holds each answer against its schema, and remembers what was called. */
export class AdminWalker {
  readonly walked = new Set<string>();
  readonly #setting: AdminSetting;
  readonly #tenant: Actor;

  constructor(setting: AdminSetting, tenant: Actor) {
    this.#setting = setting;
    this.#tenant = tenant;
  }

  async use(id: string, fill: PathFill, json?: object, actor = this.#tenant): Promise<Record<string, unknown>> {
    const endpoint = adminEndpoints.find((candidate) => candidate.id === id);
    assert.ok(endpoint !== undefined, id);
    const { query = '', ...names } = fill;
    const filled = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => names[name] ?? this.#tenant.slug);
    const token = await actor.token();
    const answer = await this.#setting.call(endpoint.method, filled + query, {
      token,
      ...(json === undefined ? {} : { json }),
    });
    assert.equal(answer.status, endpoint.status, answer.text);
    const kept = endpoint.isTagged === true ? 'private, no-cache' : 'no-store';
    assert.equal(answer.headers.get('cache-control'), kept);
    assert.match(answer.headers.get('x-request-id') ?? '', /^req_[0-9a-f]{32}$/);
    if (endpoint.answer === null) assert.equal(answer.text, '');
    else {
      const validate = ajv.compile(endpoint.answer);
      assert.ok(validate(answer.body), `${id}: ${ajv.errorsText(validate.errors)}`);
    }
    this.walked.add(id);
    return answer.body;
  }
}

/** The items of an answered page. */
export function itemsOf(page: Record<string, unknown>): Record<string, unknown>[] {
  return page['items'] as Record<string, unknown>[];
}
