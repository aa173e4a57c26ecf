/**
 * Words that we used in a sense of our own, and the standard word for each (docs/glossary.md). The patterns match prose
 * and identifiers; an exception names the exact files or the exact text where a word stays, and why.
 */

/** One word that goes away. */
export interface ForbiddenWord {
  readonly name: string;
  /** Global; each match counts once. */
  readonly pattern: RegExp;
  /** What to write. */
  readonly instead: string;
  readonly exceptions?: readonly WordException[];
}

/** Where a word may stay. */
export interface WordException {
  /** The files it is about; all when absent. */
  readonly files?: RegExp;
  /** Global; the text that may stay. Without it the whole file is excepted. */
  readonly text?: RegExp;
  readonly reason: string;
}

const environment = 'environment variables keep their names';
const stored = 'tables, columns, functions and statements keep their names';
const wire = 'API paths, error codes, scopes, operations and audit actions keep their names';

/** All forbidden words. */
export const forbiddenWords: readonly ForbiddenWord[] = [
  {
    name: 'stranger',
    pattern: /stranger/gi,
    instead: 'unauthenticated connection, unauthenticated client',
    exceptions: [{ text: /COLLOQUY_STRANGER_\w+/g, reason: environment }],
  },
  {
    name: 'visit',
    pattern: /(?<!re)visit/gi,
    instead: 'request, request context (RequestContext, GrpcRequestContext, OpenRequests)',
    exceptions: [{ files: /^tools\//, reason: 'the nodes of a syntax tree are visited' }],
  },
  { name: 'sighting', pattern: /sighting/gi, instead: 'observation (CallObservation)' },
  { name: 'set aside', pattern: /\bset(?:s|ting)?(?: \w+){0,3} aside\b|setAside/gi, instead: 'reserve' },
  { name: 'pay back', pattern: /\bpa(?:y|ys|id|ying) ?back\b/gi, instead: 'release, refund' },
  { name: 'whoever', pattern: /whoever/gi, instead: 'name the noun: caller, client, operator, worker, process' },
  { name: 'whom', pattern: /\bwhom\b/gi, instead: 'name the noun: caller, client, operator, worker, process' },
  {
    name: 'nobody',
    pattern: /\bnobody\b|Nobody(?![a-z])/g,
    instead: 'no client, no caller, no process, unauthenticated',
    exceptions: [
      { text: /\bcli_nobody\b|'nobody'(?=;\))/g, reason: 'a made-up id in a test' },
      { text: /\b(?:uid|gid|user|account) nobody\b/g, reason: 'the account of the operating system' },
      { files: /unprivileged-user\.ts$/, reason: 'the account of the operating system' },
    ],
  },
  { name: 'somebody', pattern: /somebody/gi, instead: 'a person, a user, a client, an operator' },
  {
    name: 'look at',
    pattern: /\b[lL]ook(?:s|ed|ing)? at\b|[lL]ook(?:s|ed)?At(?![a-z])/g,
    instead: 'check, read, poll',
  },
  {
    name: 'look',
    pattern:
      /\b(?:a|the|each|every|next|last|first|one|no|another|that|this) looks?\b|\blook(?:s?[A-Z]|s-|\()|#look\b|[a-z]Looks?(?![a-z])/g,
    instead: 'check (periodic), lookup (finding a row), poll, probe',
    exceptions: [{ text: /'[a-z-]*endpoint-looks'/g, reason: stored }],
  },
  {
    name: 'terms',
    pattern: /\bterms\b|\bterms[A-Z]\w*|Terms(?![a-z])/g,
    instead: 'settings (limits, issuers, instances, registration), policy (resilience), cache policy (results)',
    exceptions: [
      { text: /'result terms'/g, reason: 'the hidden old name of a command' },
      { text: /\bin terms of\b/g, reason: 'the idiom' },
      {
        text: /result-terms(?:\.\w+)?|results\.terms-unknown|\b(?:set|unset|list)ResultTerms\b|extension:terms:v1/g,
        reason: wire,
      },
      {
        files: /\/(?:card-diff(?:\.test)?|card-schemas|registry-cards\.it\.test)\.ts$/,
        text: /'terms'/g,
        reason: 'a value of the wire: what changed in a card',
      },
    ],
  },
  {
    name: 'given up',
    pattern: /\b[gG](?:ive|ives|iving|iven|ave) up\b|[gG](?:ive|iven)Up(?![a-z])/g,
    instead: 'dead-lettered, abandoned, expired, canceled: say which',
  },
  { name: 'stand still', pattern: /\bst(?:and|ands|anding|ood) still\b|standstill/gi, instead: 'is suspended' },
  {
    name: 'dispatch',
    pattern: /dispatch/gi,
    instead: 'send, enqueue, claim, queue (TaskQueue)',
    exceptions: [
      {
        text: /[dD]ispatcher|Dispatch(?:Handler|Controller)|[)}] *\.dispatch\(|\.dispatch\(|dispatch interface/g,
        reason: 'names of undici',
      },
      { text: /extension:dispatch:v1/g, reason: wire },
      { text: /'(?:append-dispatched-events|(?:record|write)-dispatched-tasks)'/g, reason: stored },
      { text: /\bredispatch\b/g, reason: 'a setting of HAProxy' },
    ],
  },
  {
    name: 'chain of agents',
    pattern:
      /\b(?:fallback chain|chains? of (?:the |an |its )?agents?|agent['’]s chain)\b|fallbackChain|[aA]gentChain/g,
    instead: 'fallback agents, fallback list',
  },
  {
    name: 'tries',
    pattern:
      /(?<![a-zA-Z])tries(?=[A-Z])|(?<![A-Z])Tries(?![a-z])|\b(?:\d+|the|of|all|many|more|few|two|three|its|no|after|used) tries\b|\btries of\b/g,
    instead: 'attempts, agent attempts (AgentAttempts, countAttempts, agentAttemptsMax)',
  },
  {
    name: 'hint',
    pattern: /(?<![a-z_-])hint(?:s|ed)?(?![a-z_])|Hint/g,
    instead: 'notification (NotificationSender, NotificationListener)',
    exceptions: [
      { text: /Early Hints|token_type_hint/gi, reason: 'names of HTTP and OAuth' },
      { text: /FATAL\|PANIC\|ERROR\|HINT/g, reason: 'a word of the log of PostgreSQL' },
      { text: /hint_(?:routes|access|keys|breakers)/g, reason: stored },
    ],
  },
  { name: 'telling', pattern: /tellings?\b|Telling/gi, instead: 'delivery, notification, deliver, notify' },
  { name: 'wish', pattern: /wish/gi, instead: 'request, preference, requested (RoutingPreference)' },
  {
    name: 'turn',
    pattern: /(?<!no)Turns?(?![a-z])|\bturns(?=[A-Z])|\bin turns?\b|\bt(?:ake|akes|aking|ook|aken) (?:\w+ )?turns?\b/g,
    instead: 'batch, pipeline, schedule (BatchSchedule); a message of a conversation',
    exceptions: [{ text: /\bin turn(?=[,.;])/g, reason: 'the idiom: one after the other' }],
  },
  {
    name: 'stop (suspend)',
    pattern: /[sS]topWatch|[sS]etStop|[lL]iftStop|StopTarget|stopWatching|StopsInForce|set-stop|lift-stop/g,
    instead: 'suspend, suspension (SuspensionTarget, SuspensionWatch, liftSuspension)',
    exceptions: [{ text: /'(?:set|lift|list|find)-stops?(?:-in-force)?'/g, reason: stored }],
  },
  {
    name: 'standing',
    pattern: /(?<!under)Standings?(?![a-z])|\bstandings?(?=[A-Z])|\bstandings\b|\bgood standing\b/g,
    instead: 'status, rights (CallerStatus, CallerStatusWatch, activeClients)',
  },
  {
    name: 'letter',
    pattern: /(?<![dD]ead[ -]?)\bletters?(?=[A-Z])|(?<![dD]ead)Letters?(?![a-z])|\b(?:the|this|that|its) letter\b/g,
    instead: 'dead-lettered task, dead-lettered delivery',
  },
  {
    name: 'kept answers',
    pattern: /\bkept answers?\b|[kK]ept-?Answers?|served again/gi,
    instead: 'cache, cached result',
  },
  { name: 'slot map', pattern: /Slot(?:Map|List)(?![a-z])|slot-(?:map|list)/g, instead: 'EntryMap, entry-list' },
];
