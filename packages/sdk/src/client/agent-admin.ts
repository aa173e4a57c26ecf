import type { AgentCard, JsonObject } from '@colloquy/protocol';
import { page, registeredAgent } from './admin-answers.ts';
import type { Page, RegisteredAgent } from './admin-answers.ts';
import type { AdminCall } from './admin-call.ts';
import { listing, making, reading, removing } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { anything, boolean, list, object, optional, string, wholeNumber } from './answer-shape.ts';

/** An agent to register, by its card's address or by the card itself. */
export interface AgentRegistration {
  /** Part of its public address; unique in the tenant. */
  readonly name: string;
  readonly cardUrl?: string;
  readonly card?: AgentCard;
  /** Price of one completed task. */
  readonly priceMicrocredits?: number;
  /** Whether sending one messageId twice does the work once; lets the platform resend after a crash. */
  readonly idempotent?: boolean;
  readonly taskMsMax?: number;
  /** Who may read the card without a token: nobody (`tenant`) or everybody (`public`). */
  readonly cardVisibility?: 'tenant' | 'public';
  /** Whether this agent's cards need a signature by a trusted key; otherwise as the tenant's card policy says. */
  readonly cardSignatures?: 'accept' | 'require';
  /** Whether changed cards wait for approval; otherwise as the tenant's card policy says. */
  readonly cardApproval?: 'signed' | 'always' | 'never';
  /** Skills that only the extended card shows, and only to callers who may send. */
  readonly extendedSkillIds?: readonly string[];
  /** What the platform shows to the agent. Never given out again. */
  readonly credential?: { readonly kind: 'bearer' | 'api-key'; readonly value: string; readonly header?: string };
}

/** What agents are to be like, all of it at once. */
export interface AgentSearch {
  /** Words of its name, card and skills: "quoted phrases", or, -not; the best come first. */
  readonly text?: string;
  /** How its name begins. */
  readonly name?: string;
  /** The id of one of its skills. */
  readonly skill?: string;
  /** A tag of one of its skills, in any case. */
  readonly tag?: string;
  /** The id or a tag of a skill, a capability that its card declares, or the URI of an extension. */
  readonly capability?: string;
  readonly department?: string;
  readonly tier?: 'gold' | 'silver' | 'bronze';
  readonly region?: string;
  readonly status?: 'active' | 'maintenance' | 'deprecated';
  /** The best health of its instances that take new tasks. */
  readonly health?: 'healthy' | 'degraded' | 'unknown' | 'unhealthy';
}

/** A skill of an agent with what is promised of it. */
export interface AgentSkill {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Whether sending one messageId twice does the work once. */
  readonly idempotent: boolean;
  readonly priceMicrocredits: number;
  /** How long a task usually takes. */
  readonly estimatedMs?: number | undefined;
  /** How long a result may be used again; absent: its results are not kept. */
  readonly cacheTtlMs?: number | undefined;
  /** JSON Schema 2020-12; absent: any input. */
  readonly inputSchema?: JsonObject | undefined;
  /** JSON Schema 2020-12; absent: any output. */
  readonly outputSchema?: JsonObject | undefined;
}

/** The agents of a tenant, by their names. Failures are {@link ColloquyError}s. */
export interface AgentAdmin {
  register(agent: AgentRegistration): Promise<RegisteredAgent>;
  list(page?: PageRequest): Promise<Page<RegisteredAgent>>;
  /** In the order of their names, or with `text` the best first. */
  search(wanted: AgentSearch, page?: PageRequest): Promise<Page<RegisteredAgent>>;
  get(name: string): Promise<RegisteredAgent>;
  /** The skills of an agent with their schemas, prices and promises. */
  skills(name: string): Promise<readonly AgentSkill[]>;
  deregister(name: string): Promise<void>;
}

const agentSkill = object<AgentSkill>({
  id: string,
  name: string,
  description: string,
  tags: list(string),
  idempotent: boolean,
  priceMicrocredits: wholeNumber,
  estimatedMs: optional(wholeNumber),
  cacheTtlMs: optional(wholeNumber),
  inputSchema: optional(jsonObject),
  outputSchema: optional(jsonObject),
});
const skillList = object<{ readonly items: readonly AgentSkill[] }>({ items: list(agentSkill) });
const nothing = (): void => undefined;

/** The part of the admin client that is about agents, below the path of a tenant. */
export function agentAdmin(call: AdminCall, base: string): AgentAdmin {
  const path = `${base}/agents`;
  const one = (name: string): string => `${path}/${encodeURIComponent(name)}`;
  return {
    register: (body) => call({ ...making(path, body), read: registeredAgent }),
    list: (request = {}) => call({ ...listing(path, request), read: page(registeredAgent) }),
    search: (wanted, request = {}) =>
      call({ ...listing(`${base}/agent-search`, { ...wanted, ...request }), read: page(registeredAgent) }),
    get: (name) => call({ ...reading(one(name)), read: registeredAgent }),
    skills: async (name) => (await call({ ...reading(`${one(name)}/skills`), read: skillList })).items,
    deregister: (name) => call({ ...removing(one(name)), read: nothing }),
  };
}

/** A schema is shown as it is. */
function jsonObject(value: unknown, at: string): JsonObject {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was parsed from JSON and has named members is one
  return object<object>({})(value, at) && (anything(value, at) as JsonObject);
}
