/** Nouns and one-word commands by what people want to do, in the order of the help. `null` stands for the summary of a one-word command. */
export const groups: readonly {
  readonly title: string;
  readonly nouns: Readonly<Record<string, string | null>>;
}[] = [
  {
    title: 'Start',
    nouns: {
      up: null,
      init: 'Create an operator of the platform and show its secret once',
      doctor: null,
      token: null,
      completion: null,
    },
  },
  {
    title: 'Call agents',
    nouns: {
      send: null,
      ask: null,
      task: 'Show, watch or cancel a task',
      'dead-letter': 'List dead-lettered tasks and send their messages again',
      delivery: 'List or replay push notifications and rotate their secrets',
    },
  },
  {
    title: 'Register agents',
    nouns: {
      agent: 'Register, search, update, approve or deregister agents',
      instance: 'Add, list, drain or remove the instances of an agent',
      'card-key': 'Manage the keys whose card signatures the tenant trusts',
      'card-policy': 'Show or set what the tenant requires of agent cards',
      certificate: 'List, check or pin the TLS certificates of agent endpoints',
    },
  },
  {
    title: 'Keep agents healthy',
    nouns: {
      routing: 'Choose how messages are distributed to instances',
      resilience: 'Set timeouts, hedging and fallback agents',
      result: 'Cache results of agents, and purge them',
      sla: 'Set service level objectives and report how they are met',
      stop: 'Suspend an agent, a client or the tenant',
      resume: 'Lift the suspension of an agent, a client or the tenant',
    },
  },
  {
    title: 'Manage access',
    nouns: {
      tenant: 'Create or list tenants (operators)',
      client: 'Create, list or revoke OAuth clients',
      'client-secret': 'Add, list or revoke secrets of a client',
      'client-authority': 'Trust the authorities that issue certificates to clients',
      'api-key': 'Create, list or revoke API keys',
      person: 'Create, list, disable or enable people who sign in',
      grant: 'Assign roles to clients, people and API keys',
      issuer: 'Accept the access tokens of external authorization servers',
    },
  },
  {
    title: 'Credits and limits',
    nouns: {
      credits: 'Show the credit balance of a tenant, or grant credits',
      limit: 'Set rate limits and quotas',
      delegation: 'Show or set how deep delegation chains may be',
    },
  },
  { title: 'Audit', nouns: { audit: 'Search, export, verify, erase or prune audit entries' } },
  {
    title: 'Operate the platform',
    nouns: {
      key: 'List, rotate or drop the keys that sign tokens (operators)',
      secret: 'Show or rotate the key of stored secrets (operators)',
      egress: 'Allow the platform to call private addresses (operators)',
    },
  },
];

/** What can be done with a noun, in one line; empty for an old noun, which no help shows. */
export function nounSummary(noun: string): string {
  return groups.map(({ nouns }) => nouns[noun]).find((summary) => typeof summary === 'string') ?? '';
}
