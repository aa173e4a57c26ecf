/** How binding a sentence of the specification is (RFC 2119). */
export type Level = 'must' | 'should';

/** A protocol binding, as cards name it. */
export type BindingName = 'JSONRPC' | 'HTTP+JSON' | 'GRPC';

/** Why nothing here can prove a requirement. */
export type Exemption =
  /** It binds who calls the gateway, or who receives its webhooks. */
  | 'caller'
  /** It binds the conduct of an agent, which the gateway only passes on. */
  | 'agent'
  /** It binds the authors of the specification, an extension or generated forms of the schema. */
  | 'author'
  /** It binds custom protocol bindings; the gateway has none. */
  | 'custom-binding'
  /** It is met or missed by how the platform is deployed: TLS ends in front of it or at its own port. */
  | 'deployment'
  /** It asks for a document, an organisation or a law, none of which crosses the wire. */
  | 'paper'
  /** It binds the inside of a program; its effects do not reach the wire. */
  | 'inward';

/** One thing that A2A 1.0.1 demands, in our words. */
export interface Requirement {
  readonly id: string;
  /** Number of the section it stands in. */
  readonly section: string;
  readonly level: Level;
  readonly says: string;
  /** The bindings it is judged on; `once` when no binding takes part, as with cards and calls to agents. */
  readonly on: 'every' | 'once' | readonly BindingName[];
  /** How many MUST, SHOULD and SHALL of the section it stands for. 0: a table or the schema says it without such a word. */
  readonly keywords: number;
  readonly exempt?: { readonly because: Exemption; readonly reason: string };
}

type Row = Omit<Requirement, 'id' | 'section'>;
type Scope = Partial<Pick<Requirement, 'on' | 'keywords' | 'exempt'>>;

const row = (level: Level, says: string, scope: Scope): Row => ({ level, says, on: 'every', keywords: 1, ...scope });

export const must = (says: string, scope: Scope = {}): Row => row('must', says, scope);
export const should = (says: string, scope: Scope = {}): Row => row('should', says, scope);

/** What the schema or a table says, without one of the words that this list counts. */
export const stated = (says: string, scope: Scope = {}): Row => row('must', says, { keywords: 0, ...scope });

export const once: Scope = { on: 'once' };
export const overHttp: Scope = { on: ['JSONRPC', 'HTTP+JSON'] };
export const jsonRpcOnly: Scope = { on: ['JSONRPC'] };
export const restOnly: Scope = { on: ['HTTP+JSON'] };
export const grpcOnly: Scope = { on: ['GRPC'] };

export const exempt = (because: Exemption, reason: string): Scope => ({ on: 'once', exempt: { because, reason } });

/** The requirements of one section, by id. */
export const section = (number: string, rows: Readonly<Record<string, Row>>): readonly Requirement[] =>
  Object.entries(rows).map(([id, rest]) => ({ id, section: number, ...rest }));
