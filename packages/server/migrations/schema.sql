-- Made from the catalogue of a migrated database; COLLOQUY_UPDATE_GOLDEN=1 writes it anew. Not a migration.
-- colloquy_owner
create domain colloquy.audit_outcome as text CHECK ((VALUE = ANY (ARRAY['succeeded'::text, 'failed'::text, 'refused'::text])));
-- colloquy_owner
create domain colloquy.breaker_cause as text CHECK ((VALUE = ANY (ARRAY['fault'::text, 'credential'::text])));
-- colloquy_owner
create domain colloquy.ledger_kind as text CHECK ((VALUE = ANY (ARRAY['grant'::text, 'reserve'::text, 'settle'::text, 'release'::text, 'expire'::text, 'charge'::text, 'overage'::text, 'repay'::text, 'lapse'::text, 'transfer-out'::text, 'transfer-in'::text]))) NOT VALID;
-- colloquy_owner
create domain colloquy.limit_subject as text CHECK ((VALUE = ANY (ARRAY['tenant'::text, 'client'::text, 'agent'::text])));
-- colloquy_owner
create domain colloquy.quota_period as text CHECK ((VALUE = ANY (ARRAY['day'::text, 'month'::text])));
-- colloquy_owner
create domain colloquy.result_sharing as text CHECK ((VALUE = ANY (ARRAY['caller'::text, 'tenant'::text])));
-- colloquy_owner
create domain colloquy.task_event_kind as text CHECK ((VALUE = ANY (ARRAY['task'::text, 'turn'::text, 'status'::text, 'artifact'::text, 'reply'::text])));
-- colloquy_owner
create domain colloquy.task_event_seq as integer CHECK ((VALUE >= 1));
-- colloquy_owner
create domain colloquy.task_state as text CHECK ((VALUE = ANY (ARRAY['submitted'::text, 'working'::text, 'input-required'::text, 'auth-required'::text, 'completed'::text, 'failed'::text, 'canceled'::text, 'rejected'::text])));


-- colloquy_owner
create table colloquy.agent_card_versions (
  tenant_id uuid not null,
  agent_id uuid not null,
  version integer not null,
  card jsonb not null,
  card_url text,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  document text,
  signature_state text not null,
  signature_kid text,
  status text not null default 'approved'::text,
  proposed_by text,
  decided_by text,
  decided_at timestamp with time zone,
  profile jsonb
);

-- colloquy_owner
create table colloquy.agent_facets (
  tenant_id uuid not null,
  facet text not null,
  value text not null,
  agent_name text not null
);

-- colloquy_owner
create table colloquy.agent_instances (
  tenant_id uuid not null,
  instance_id uuid not null,
  agent_id uuid not null,
  url text not null,
  binding text not null,
  protocol_version text not null,
  routing_tag text,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  source text not null default 'card'::text,
  registered_by text,
  version text,
  weight integer not null default 100,
  region text,
  slots_max integer,
  admission text not null default 'active'::text,
  admission_reason text,
  admission_by text,
  admission_at timestamp with time zone not null default colloquy.now_utc(),
  health text not null default 'unknown'::text,
  health_reason text,
  health_at timestamp with time zone not null default colloquy.now_utc(),
  left_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.agent_routing (
  tenant_id uuid not null,
  agent_id uuid not null,
  policy jsonb not null,
  changed_by text not null,
  changed_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.agent_texts (
  tenant_id uuid not null,
  agent_name text not null,
  words tsvector not null
);

-- colloquy_owner
create table colloquy.agents (
  tenant_id uuid not null,
  agent_id uuid not null,
  name text not null,
  card_version integer not null,
  card_visibility text not null,
  price_microcredits bigint not null,
  idempotent boolean not null,
  task_ms_max integer not null,
  credential_kind text not null,
  credential_header text,
  credential_sealed bytea,
  credential_origin text,
  registered_by text not null,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  deregistered_at timestamp with time zone,
  signature_policy text,
  approval_policy text,
  extended_skill_ids text[] not null default '{}'::text[],
  pinned_keys text[] not null default '{}'::text[],
  department text,
  owner text,
  cost_center text,
  tier text not null default 'silver'::text,
  slots_max integer,
  regions text[] not null default '{}'::text[],
  scopes text[] not null default '{}'::text[],
  status text not null default 'active'::text,
  documentation_url text,
  card_title text not null default ''::text,
  card_description text not null default ''::text,
  card_release text not null default ''::text,
  card_streaming boolean not null default false,
  card_skill_ids text[] not null default '{}'::text[],
  card_signature_state text not null default 'unsigned'::text,
  card_signature_kid text,
  pending_card_version integer,
  price jsonb
);

-- colloquy_owner
create table colloquy.api_keys (
  tenant_id uuid not null,
  key_id text not null,
  principal_id text not null,
  name text not null,
  secret_hash bytea not null,
  scopes text[] not null,
  agent_names text[],
  created_by text not null,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  expires_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  department text,
  cost_center text
);

-- colloquy_owner
create table colloquy.audit_chain (
  tenant_id uuid not null,
  seq bigint not null,
  entry_id uuid not null,
  occurred_at timestamp with time zone not null,
  actor_id text not null,
  resource text not null,
  hash bytea not null,
  digests jsonb,
  sealed_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.audit_chains (
  tenant_id uuid not null,
  last_seq bigint not null,
  head bytea not null,
  peaks bytea not null,
  checkpoint_seq bigint not null default 0,
  checkpointed_at timestamp with time zone,
  pruned_seq bigint not null default 0
) with (fillfactor=50);

-- colloquy_owner
create table colloquy.audit_checkpoints (
  tenant_id uuid not null,
  size bigint not null,
  line text not null,
  created_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.audit_entries (
  tenant_id uuid not null,
  entry_id uuid not null,
  occurred_at timestamp with time zone not null default colloquy.now_utc(),
  actor_id text not null,
  action text not null,
  outcome colloquy.audit_outcome not null,
  resource text not null,
  request_id text not null,
  facts jsonb not null,
  written_in xid8 not null default pg_current_xact_id()
);

-- colloquy_owner
create table colloquy.audit_nodes (
  tenant_id uuid not null,
  level smallint not null,
  position bigint not null,
  hash bytea not null
);

-- colloquy_owner
create table colloquy.audit_retentions (
  tenant_id uuid not null,
  keep_days integer not null,
  set_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.audit_sealer (
  only_row boolean not null default true,
  holder_id uuid,
  term bigint not null default 0,
  held_until timestamp with time zone not null default '-infinity'::timestamp with time zone,
  place_in xid8 not null default '0'::xid8,
  place_entry uuid not null default '00000000-0000-0000-0000-000000000000'::uuid,
  cluster_id bigint not null default 0
) with (fillfactor=50);

-- colloquy_owner
create table colloquy.audit_subjects (
  tenant_id uuid not null,
  subject_id text not null,
  key_sealed bytea,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  erased_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.budgets (
  tenant_id uuid not null,
  name text not null,
  budget_id uuid not null,
  scope text not null,
  subject text not null,
  limit_microcredits bigint not null,
  period text not null,
  mode text not null,
  alert_percents integer[] not null,
  burn_rate_factor double precision,
  changed_by text not null,
  changed_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.card_policies (
  tenant_id uuid not null,
  signatures text not null,
  approval text not null,
  changed_by text not null,
  changed_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.client_authorities (
  tenant_id uuid not null,
  authority_id uuid not null,
  name text not null,
  certificate text not null,
  thumbprint text not null,
  subject text not null,
  expires_at timestamp with time zone not null,
  added_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.credit_alerts (
  tenant_id uuid not null,
  alert_id uuid not null,
  kind text not null,
  budget_name text,
  facts jsonb not null,
  raised_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.credit_checkpoints (
  tenant_id uuid not null,
  until timestamp with time zone not null,
  totals jsonb not null
);

-- colloquy_owner
create table colloquy.credit_grants (
  tenant_id uuid not null,
  grant_id uuid not null,
  amount_microcredits bigint not null,
  left_microcredits bigint not null,
  expires_at timestamp with time zone not null,
  lapsed_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.credit_reconciliations (
  tenant_id uuid not null,
  checked_at timestamp with time zone not null,
  drifts jsonb not null,
  drift_microcredits numeric not null default 0
);

-- colloquy_owner
create table colloquy.credit_settings (
  tenant_id uuid not null,
  overage_policy text not null default 'cap'::text,
  overage_max_microcredits bigint not null default 0,
  unknown_price_microcredits bigint not null default 1000000,
  low_credit_microcredits bigint,
  changed_by text not null,
  changed_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.delegation_budgets (
  tenant_id uuid not null,
  task_id uuid not null,
  budget_microcredits bigint not null,
  left_microcredits bigint not null,
  budget_id uuid,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  sampled_at timestamp with time zone,
  sampled_left bigint
);

-- colloquy_owner
create table colloquy.delegation_rules (
  tenant_id uuid not null,
  depth_max smallint not null,
  set_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.deliveries (
  tenant_id uuid not null,
  task_id uuid not null,
  subscription_id uuid not null,
  seq integer not null,
  delivery_id uuid not null,
  state text not null,
  attempts integer not null,
  last_status integer,
  last_reason text,
  first_attempt_at timestamp with time zone not null default colloquy.now_utc(),
  last_attempt_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.egress_allowances (
  tenant_id uuid not null,
  target text not null,
  kind text not null,
  allowed_by text not null,
  created_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.endpoint_certificates (
  tenant_id uuid not null,
  agent_id uuid not null,
  origin text not null,
  subject text not null,
  issuer text not null,
  not_before timestamp with time zone not null,
  not_after timestamp with time zone not null,
  key_pin text not null,
  problem text,
  checked_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.endpoint_looks (
  tenant_id uuid not null,
  agent_id uuid not null,
  next_look_at timestamp with time zone not null default colloquy.now_utc(),
  failures integer not null default 0,
  added_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.event_dead_letters (
  tenant_id uuid not null,
  sink_name text not null,
  seq bigint not null,
  event_id uuid not null,
  type text not null,
  subject text not null,
  occurred_at timestamp with time zone not null,
  data jsonb not null,
  attempts integer not null,
  last_status integer,
  last_reason text not null,
  dead_at timestamp with time zone not null default colloquy.now_utc(),
  is_replaying boolean not null default false
);

-- colloquy_owner
create table colloquy.event_outbox (
  tenant_id uuid not null,
  seq bigint not null,
  event_id uuid not null,
  type text not null,
  subject text not null,
  occurred_at timestamp with time zone not null,
  data jsonb not null,
  created_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.event_sinks (
  tenant_id uuid not null,
  name text not null,
  sink_id uuid not null,
  url text not null,
  origin text not null,
  types text[] not null,
  secret_generation integer not null default 0,
  former_secret_until timestamp with time zone,
  sent_seq bigint not null,
  attempts integer not null default 0,
  has_replays boolean not null default false,
  missed bigint not null default 0,
  gone_at timestamp with time zone,
  last_status integer,
  last_reason text,
  last_attempt_at timestamp with time zone,
  delivered_at timestamp with time zone,
  due_at timestamp with time zone not null default colloquy.now_utc(),
  lease_id uuid,
  lease_node_id uuid,
  lease_until timestamp with time zone,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  changed_by text not null,
  changed_at timestamp with time zone not null default colloquy.now_utc()
) with (fillfactor=70);

-- colloquy_owner
create table colloquy.event_streams (
  tenant_id uuid not null,
  last_seq bigint not null default 0
) with (fillfactor=50);

-- colloquy_owner
create table colloquy.external_issuers (
  tenant_id uuid not null,
  issuer_id text not null,
  name text not null,
  issuer text not null,
  audience text not null,
  algorithms text[] not null,
  token_type text not null,
  subject_claim text not null,
  scopes_claim text not null,
  scope_map jsonb not null,
  added_by text not null,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  removed_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.grants (
  tenant_id uuid not null,
  grant_id uuid not null,
  principal_id text not null,
  role text not null,
  agent_name text,
  skill_id text,
  granted_by text not null,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  removed_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.idempotency_keys (
  tenant_id uuid not null,
  key_hash uuid not null,
  fingerprint uuid not null,
  task_id uuid not null,
  created_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.instance_breakers (
  tenant_id uuid not null,
  instance_id uuid not null,
  cause colloquy.breaker_cause not null,
  failures integer not null,
  failed_at timestamp with time zone not null,
  openings integer not null,
  open_until timestamp with time zone,
  probe_until timestamp with time zone
);

-- colloquy_owner
create table colloquy.instance_certificates (
  tenant_id uuid not null,
  instance_id uuid not null,
  is_first boolean not null,
  origin text not null,
  subject text not null,
  issuer text not null,
  not_before timestamp with time zone not null,
  not_after timestamp with time zone not null,
  key_pin text not null,
  problem text,
  checked_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.instance_events (
  tenant_id uuid not null,
  instance_id uuid not null,
  event_id uuid not null,
  kind text not null,
  state text,
  reason text,
  actor_id text,
  occurred_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.instance_health (
  tenant_id uuid not null,
  instance_id uuid not null,
  revision integer not null default 0,
  probe_state text not null default 'unknown'::text,
  probe_reason text,
  probe_failures integer not null default 0,
  probe_successes integer not null default 0,
  probe_ms integer,
  probed_at timestamp with time zone,
  report_state text,
  report_reason text,
  reported_at timestamp with time zone,
  dependencies jsonb,
  outlier_reason text,
  outlier_until timestamp with time zone,
  outlier_count integer not null default 0,
  used_at timestamp with time zone,
  next_probe_at timestamp with time zone default colloquy.now_utc()
) with (fillfactor=50);

-- colloquy_owner
create table colloquy.instance_leases (
  tenant_id uuid not null,
  instance_id uuid not null,
  lease_ms integer not null,
  lease_until timestamp with time zone not null,
  heartbeat_at timestamp with time zone not null default colloquy.now_utc(),
  is_lapsed boolean not null default false
) with (fillfactor=50);

-- colloquy_owner
create table colloquy.key_encryption_keys (
  kek_id text not null,
  check_wrapped bytea not null,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  retired_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.ledger_entries (
  tenant_id uuid not null,
  reservation_id uuid not null,
  kind colloquy.ledger_kind not null,
  amount_microcredits bigint not null,
  created_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.limits (
  tenant_id uuid not null,
  subject_kind colloquy.limit_subject not null,
  subject_id text not null,
  requests_per_second double precision,
  burst_requests integer,
  sends_per_day bigint,
  sends_per_month bigint,
  changed_by text not null,
  changed_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.nodes (
  node_id uuid not null,
  host_name text not null,
  started_at timestamp with time zone not null default colloquy.now_utc(),
  heartbeat_at timestamp with time zone not null default colloquy.now_utc(),
  dead_at timestamp with time zone,
  retired boolean not null default false,
  address text
) with (fillfactor=30);

-- colloquy_owner
create table colloquy.oauth_client_secrets (
  tenant_id uuid not null,
  client_id text not null,
  secret_id uuid not null,
  secret_hash bytea not null,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.oauth_clients (
  tenant_id uuid not null,
  client_id text not null,
  name text not null,
  kind text not null,
  scopes text[] not null,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  revoked_at timestamp with time zone,
  auth_method text not null default 'client_secret_basic'::text,
  token_binding text not null default 'none'::text,
  jwks jsonb,
  subject_kind text,
  subject_value text,
  department text,
  cost_center text
);

-- colloquy_owner
create table colloquy.oidc_records (
  model text not null,
  record_id text not null,
  payload jsonb not null,
  grant_id text,
  expires_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.password_links (
  tenant_id uuid not null,
  person_id text not null,
  secret_hash bytea not null,
  expires_at timestamp with time zone not null
);

-- colloquy_owner
create table colloquy.people (
  tenant_id uuid not null,
  person_id text not null,
  login_name text not null,
  password_hash text,
  scopes text[] not null,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  disabled_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.platform_keys (
  key_id uuid not null,
  purpose text not null,
  kek_id text not null,
  wrapped bytea not null,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  retired_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.price_overrides (
  tenant_id uuid not null,
  agent_name text not null,
  skill_id text not null,
  effective_from timestamp with time zone not null,
  price jsonb not null,
  changed_by text not null,
  changed_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.probe_policies (
  tenant_id uuid not null,
  agent_id uuid not null,
  kind text not null,
  path text,
  interval_ms integer not null,
  timeout_ms integer not null,
  unhealthy_after integer not null,
  healthy_after integer not null
);

-- colloquy_owner
create table colloquy.push_subscriptions (
  tenant_id uuid not null,
  task_id uuid not null,
  subscription_id uuid not null,
  config_id text not null,
  url text not null,
  origin text not null,
  protocol_version text not null,
  token_sealed bytea,
  credentials_scheme text,
  credentials_sealed bytea,
  created_by text not null,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  sent_seq integer not null,
  verified_at timestamp with time zone,
  is_failing boolean not null default false,
  ended text,
  has_replays boolean not null default false,
  is_active boolean not null,
  due_at timestamp with time zone not null default colloquy.now_utc(),
  lease_id uuid,
  lease_node_id uuid,
  lease_until timestamp with time zone,
  secret_generation integer not null default 0,
  former_secret_until timestamp with time zone
) with (fillfactor=70);

-- colloquy_owner
create table colloquy.quota_counts (
  tenant_id uuid not null,
  subject_kind colloquy.limit_subject not null,
  subject_id text not null,
  period colloquy.quota_period not null,
  begins_on date not null,
  sends bigint not null
);

-- colloquy_owner
create table colloquy.rate_buckets (
  bucket_key uuid not null,
  tokens double precision not null,
  filled_at timestamp with time zone not null,
  full_at timestamp with time zone not null
) with (fillfactor=70);

-- colloquy_owner
create table colloquy.resilience_policies (
  tenant_id uuid not null,
  agent_name text not null,
  skill_id text not null,
  first_answer_ms integer,
  task_ms integer,
  calls_max integer,
  queue_ms_max integer,
  hedge_ms integer,
  fallback text[],
  fallback_on text[],
  partial_results text,
  changed_by text not null,
  changed_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.result_terms (
  tenant_id uuid not null,
  agent_name text not null,
  skill_id text not null,
  shared_by colloquy.result_sharing,
  hit_price_percent smallint,
  stale_ms bigint,
  is_on boolean,
  purges integer not null default 0,
  changed_by text not null,
  changed_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.revocations (
  tenant_id uuid not null,
  subject text not null,
  revoked_at timestamp with time zone not null default colloquy.now_utc(),
  expires_at timestamp with time zone not null
);

-- colloquy_admin
create table schema_migrations (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now()
);

-- colloquy_owner
create table colloquy.secret_rotations (
  rotation_id uuid not null,
  asked_by text not null,
  asked_at timestamp with time zone not null default colloquy.now_utc(),
  renews_data_keys boolean not null,
  stage text not null default 'keys'::text,
  stage_began_at timestamp with time zone not null default colloquy.now_utc(),
  after_slug text not null default ''::text,
  resealed bigint not null default 0,
  unreadable bigint not null default 0,
  claimed_until timestamp with time zone,
  finished_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.served_card_signatures (
  tenant_id uuid not null,
  agent_id uuid not null,
  digest uuid not null,
  signatures jsonb not null,
  signed_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.sign_in_clients (
  tenant_id uuid not null,
  client_id text not null,
  redirect_uris text[] not null,
  is_public boolean not null
);

-- colloquy_owner
create table colloquy.sign_in_failures (
  subject bytea not null,
  failures integer not null,
  failed_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.signing_keys (
  kid text not null,
  algorithm text not null,
  public_jwk jsonb not null,
  private_jwk_sealed bytea not null,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  retired_at timestamp with time zone,
  dropped_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.skill_results (
  tenant_id uuid not null,
  place integer not null,
  key_hash uuid not null,
  agent_name text not null,
  skill_id text not null,
  result text,
  stored_at timestamp with time zone,
  fresh_until timestamp with time zone,
  stale_until timestamp with time zone,
  claimed_by uuid,
  claimed_until timestamp with time zone
) with (fillfactor=70);

-- colloquy_owner
create table colloquy.skills (
  tenant_id uuid not null,
  agent_id uuid not null,
  skill_id text not null,
  position integer not null,
  name text not null,
  description text not null,
  tags text[] not null,
  idempotent boolean,
  estimated_ms bigint,
  cache_ttl_ms bigint,
  price_microcredits bigint,
  input_schema jsonb,
  output_schema jsonb,
  words tsvector not null default ''::tsvector,
  price jsonb
);

-- colloquy_owner
create table colloquy.sla_counts (
  tenant_id uuid not null,
  hour timestamp with time zone not null,
  agent_name text not null,
  tier text not null,
  availability_ppm integer not null,
  latency_ms integer not null,
  latency_ppm integer not null,
  ended integer not null,
  excused integer not null,
  served integer not null,
  failed integer not null,
  late integer not null
) with (fillfactor=70);

-- colloquy_owner
create table colloquy.sla_objectives (
  tenant_id uuid not null,
  kind text not null,
  subject text not null,
  holds_from timestamp with time zone not null,
  availability_ppm integer,
  latency_ms integer,
  latency_ppm integer,
  changed_by text not null,
  changed_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.sla_places (
  tenant_id uuid not null,
  counted_seq bigint not null default 0,
  counted_at timestamp with time zone not null default colloquy.now_utc()
) with (fillfactor=50);

-- colloquy_owner
create table colloquy.slots (
  tenant_id uuid not null,
  key_id uuid not null,
  agent_id uuid not null,
  slots_max integer,
  in_use integer not null default 0,
  queued integer not null default 0
) with (fillfactor=20);

-- colloquy_owner
create table colloquy.spent_proofs (
  digest bytea not null,
  expires_at timestamp with time zone not null
);

-- colloquy_owner
create table colloquy.stops (
  tenant_id uuid not null,
  stop_id uuid not null default gen_random_uuid(),
  kind text not null,
  name text not null,
  reason text not null,
  stopped_by text not null,
  stopped_at timestamp with time zone not null default colloquy.now_utc(),
  resumed_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.task_aliases (
  tenant_id uuid not null,
  alias_hash uuid not null,
  task_id uuid not null,
  created_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.task_events (
  tenant_id uuid not null,
  task_id uuid not null,
  seq colloquy.task_event_seq not null,
  kind colloquy.task_event_kind not null,
  payload text not null,
  occurred_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.task_tries (
  tenant_id uuid not null,
  task_id uuid not null,
  try integer not null,
  kind text not null,
  agent_id uuid not null,
  agent_name text not null,
  instance_id uuid not null,
  cause text,
  begun_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.tasks (
  tenant_id uuid not null,
  task_id uuid not null,
  context_id text not null,
  agent_id uuid not null,
  instance_id uuid not null,
  owner_id text not null,
  request_id text not null,
  state colloquy.task_state not null,
  status_at timestamp with time zone not null,
  last_seq integer not null,
  node_id uuid,
  attempt integer not null,
  upstream_task_id text,
  reserved_microcredits bigint not null,
  cancel_requested_at timestamp with time zone,
  decision jsonb not null,
  send_options text,
  error_code text,
  created_at timestamp with time zone not null,
  waiting_since timestamp with time zone,
  takeovers integer not null default 0,
  next_look_at timestamp with time zone,
  chain jsonb,
  budget_ids uuid[],
  queue_rank timestamp with time zone,
  queue_delay_ms integer,
  queued_at timestamp with time zone,
  deadline_at timestamp with time zone,
  slot_keys uuid[],
  tries smallint,
  dead_at timestamp with time zone,
  served_by uuid,
  is_context_unmapped boolean not null default true,
  usage jsonb
) with (fillfactor=70);

-- colloquy_owner
create table colloquy.tenant_keys (
  tenant_id uuid not null,
  key_id uuid not null,
  kek_id text not null,
  wrapped bytea not null,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  retired_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.tenants (
  tenant_id uuid not null,
  slug text not null,
  name text not null,
  created_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.token_issuers (
  issuer text not null,
  started_at timestamp with time zone not null default colloquy.now_utc()
);

-- colloquy_owner
create table colloquy.trusted_card_keys (
  tenant_id uuid not null,
  kid text not null,
  name text not null,
  algorithms text[] not null,
  public_jwk jsonb not null,
  added_by text not null,
  created_at timestamp with time zone not null default colloquy.now_utc(),
  revoked_by text,
  revoked_at timestamp with time zone
);

-- colloquy_owner
create table colloquy.unmapped_contexts (
  tenant_id uuid not null,
  owner_id text not null,
  context_id text not null
);

-- colloquy_owner
create table colloquy.usage_hours (
  tenant_id uuid not null,
  hour timestamp with time zone not null,
  group_id uuid not null,
  agent_name text not null,
  skill_id text not null,
  department text not null,
  cost_center text not null,
  client_id text not null,
  calls bigint not null,
  completed bigint not null,
  cached bigint not null,
  failed bigint not null,
  canceled bigint not null,
  rejected bigint not null,
  settled_microcredits bigint not null,
  charged_microcredits bigint not null,
  overage_microcredits bigint not null,
  items numeric not null default 0,
  worked_ms bigint not null default 0,
  units jsonb not null default '{}'::jsonb
);

-- colloquy_owner
create table colloquy.usage_places (
  tenant_id uuid not null,
  counted_seq bigint not null default 0,
  counted_at timestamp with time zone not null default colloquy.now_utc()
) with (fillfactor=50);

-- colloquy_owner
create table colloquy.wallets (
  tenant_id uuid not null,
  granted_microcredits bigint not null default 0,
  available_microcredits bigint not null default 0,
  reserved_microcredits bigint not null default 0,
  used_microcredits bigint not null default 0,
  expired_microcredits bigint not null default 0,
  overage_microcredits bigint not null default 0,
  checked_available_microcredits bigint not null default 0,
  budgets_version uuid
) with (fillfactor=20);

alter table colloquy.agent_card_versions add constraint agent_card_versions_signature_state_check CHECK ((signature_state = ANY (ARRAY['unsigned'::text, 'verified'::text, 'untrusted-key'::text])));
alter table colloquy.agent_card_versions add constraint agent_card_versions_status_check CHECK ((status = ANY (ARRAY['approved'::text, 'pending'::text, 'rejected'::text, 'superseded'::text])));
alter table colloquy.agent_card_versions add constraint agent_card_versions_version_check CHECK ((version >= 1));
alter table colloquy.agent_card_versions add constraint agent_card_versions_tenant_id_agent_id_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES colloquy.agents(tenant_id, agent_id);
alter table colloquy.agent_card_versions add constraint agent_card_versions_pkey PRIMARY KEY (tenant_id, agent_id, version);
alter table colloquy.agent_facets add constraint agent_facets_facet_check CHECK ((facet = ANY (ARRAY['skill'::text, 'tag'::text, 'capability'::text, 'department'::text, 'tier'::text, 'region'::text, 'status'::text, 'member'::text])));
alter table colloquy.agent_facets add constraint agent_facets_pkey PRIMARY KEY (tenant_id, facet, value, agent_name);
alter table colloquy.agent_instances add constraint agent_instances_admission_by_check CHECK ((char_length(admission_by) <= 300));
alter table colloquy.agent_instances add constraint agent_instances_admission_check CHECK ((admission = ANY (ARRAY['active'::text, 'draining'::text, 'quarantined'::text])));
alter table colloquy.agent_instances add constraint agent_instances_admission_reason_check CHECK (((char_length(admission_reason) >= 1) AND (char_length(admission_reason) <= 500)));
alter table colloquy.agent_instances add constraint agent_instances_binding_check CHECK ((binding = ANY (ARRAY['JSONRPC'::text, 'HTTP+JSON'::text, 'GRPC'::text])));
alter table colloquy.agent_instances add constraint agent_instances_health_check CHECK ((health = ANY (ARRAY['healthy'::text, 'degraded'::text, 'unhealthy'::text, 'unknown'::text])));
alter table colloquy.agent_instances add constraint agent_instances_health_reason_check CHECK (((char_length(health_reason) >= 1) AND (char_length(health_reason) <= 200)));
alter table colloquy.agent_instances add constraint agent_instances_region_check CHECK ((region ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text));
alter table colloquy.agent_instances add constraint agent_instances_registered_by_check CHECK ((char_length(registered_by) <= 300));
alter table colloquy.agent_instances add constraint agent_instances_slots_max_check CHECK (((slots_max >= 1) AND (slots_max <= 100000)));
alter table colloquy.agent_instances add constraint agent_instances_source_check CHECK ((source = ANY (ARRAY['card'::text, 'api'::text, 'self'::text])));
alter table colloquy.agent_instances add constraint agent_instances_url_check CHECK ((char_length(url) <= 2048));
alter table colloquy.agent_instances add constraint agent_instances_version_check CHECK (((char_length(version) >= 1) AND (char_length(version) <= 64)));
alter table colloquy.agent_instances add constraint agent_instances_weight_check CHECK (((weight >= 0) AND (weight <= 1000)));
alter table colloquy.agent_instances add constraint agent_instances_tenant_id_agent_id_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES colloquy.agents(tenant_id, agent_id);
alter table colloquy.agent_instances add constraint agent_instances_pkey PRIMARY KEY (tenant_id, instance_id);
alter table colloquy.agent_routing add constraint agent_routing_changed_by_check CHECK ((char_length(changed_by) <= 300));
alter table colloquy.agent_routing add constraint agent_routing_policy_check CHECK (((jsonb_typeof(policy) = 'object'::text) AND (char_length((policy)::text) <= 32768)));
alter table colloquy.agent_routing add constraint agent_routing_tenant_id_agent_id_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES colloquy.agents(tenant_id, agent_id);
alter table colloquy.agent_routing add constraint agent_routing_pkey PRIMARY KEY (tenant_id, agent_id);
alter table colloquy.agent_texts add constraint agent_texts_pkey PRIMARY KEY (tenant_id, agent_name);
alter table colloquy.agents add constraint agents_approval_policy_check CHECK ((approval_policy = ANY (ARRAY['signed'::text, 'always'::text, 'never'::text])));
alter table colloquy.agents add constraint agents_card_signature_state_check CHECK ((card_signature_state = ANY (ARRAY['unsigned'::text, 'verified'::text, 'untrusted-key'::text])));
alter table colloquy.agents add constraint agents_card_version_check CHECK ((card_version >= 1));
alter table colloquy.agents add constraint agents_card_visibility_check CHECK ((card_visibility = ANY (ARRAY['tenant'::text, 'public'::text])));
alter table colloquy.agents add constraint agents_cost_center_check CHECK ((char_length(cost_center) <= 200));
alter table colloquy.agents add constraint agents_credential_kind_check CHECK ((credential_kind = ANY (ARRAY['none'::text, 'bearer'::text, 'api-key'::text])));
alter table colloquy.agents add constraint agents_department_check CHECK ((char_length(department) <= 200));
alter table colloquy.agents add constraint agents_documentation_url_check CHECK ((char_length(documentation_url) <= 2048));
alter table colloquy.agents add constraint agents_extended_skill_ids_check CHECK ((cardinality(extended_skill_ids) <= 256));
alter table colloquy.agents add constraint agents_name_check CHECK ((name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text));
alter table colloquy.agents add constraint agents_owner_check CHECK ((char_length(owner) <= 200));
alter table colloquy.agents add constraint agents_pinned_keys_check CHECK ((cardinality(pinned_keys) <= 8));
alter table colloquy.agents add constraint agents_price_microcredits_check CHECK (((price_microcredits >= 0) AND (price_microcredits <= '9000000000000000'::bigint)));
alter table colloquy.agents add constraint agents_regions_check CHECK ((cardinality(regions) <= 64));
alter table colloquy.agents add constraint agents_scopes_check CHECK ((cardinality(scopes) <= 64));
alter table colloquy.agents add constraint agents_signature_policy_check CHECK ((signature_policy = ANY (ARRAY['accept'::text, 'require'::text])));
alter table colloquy.agents add constraint agents_slots_max_check CHECK (((slots_max >= 1) AND (slots_max <= 100000)));
alter table colloquy.agents add constraint agents_status_check CHECK ((status = ANY (ARRAY['active'::text, 'maintenance'::text, 'deprecated'::text])));
alter table colloquy.agents add constraint agents_task_ms_max_check CHECK (((task_ms_max >= 100) AND (task_ms_max <= 86400000)));
alter table colloquy.agents add constraint agents_tier_check CHECK ((tier = ANY (ARRAY['gold'::text, 'silver'::text, 'bronze'::text])));
alter table colloquy.agents add constraint agents_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.agents add constraint agents_pkey PRIMARY KEY (tenant_id, agent_id);
alter table colloquy.api_keys add constraint api_keys_agent_names_check CHECK (((cardinality(agent_names) >= 1) AND (cardinality(agent_names) <= 50)));
alter table colloquy.api_keys add constraint api_keys_cost_center_check CHECK (((char_length(cost_center) >= 1) AND (char_length(cost_center) <= 200)));
alter table colloquy.api_keys add constraint api_keys_department_check CHECK (((char_length(department) >= 1) AND (char_length(department) <= 200)));
alter table colloquy.api_keys add constraint api_keys_key_id_check CHECK ((key_id ~ '^apk_[0-9a-f]{32}$'::text));
alter table colloquy.api_keys add constraint api_keys_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)));
alter table colloquy.api_keys add constraint api_keys_principal_id_check CHECK ((principal_id ~ '^apk_[0-9a-f]{32}$'::text));
alter table colloquy.api_keys add constraint api_keys_scopes_check CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 32)));
alter table colloquy.api_keys add constraint api_keys_secret_hash_check CHECK ((octet_length(secret_hash) = 32));
alter table colloquy.api_keys add constraint api_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.api_keys add constraint api_keys_pkey PRIMARY KEY (tenant_id, key_id);
alter table colloquy.audit_chain add constraint audit_chain_hash_check CHECK ((length(hash) = 32));
alter table colloquy.audit_chain add constraint audit_chain_seq_check CHECK ((seq >= 1));
alter table colloquy.audit_chain add constraint audit_chain_pkey PRIMARY KEY (tenant_id, seq);
alter table colloquy.audit_chain add constraint audit_chain_entry_id_tenant_id_key UNIQUE (entry_id, tenant_id);
alter table colloquy.audit_chains add constraint audit_chains_check CHECK (((pruned_seq >= 0) AND (pruned_seq <= checkpoint_seq)));
alter table colloquy.audit_chains add constraint audit_chains_head_check CHECK ((length(head) = 32));
alter table colloquy.audit_chains add constraint audit_chains_last_seq_check CHECK ((last_seq >= 1));
alter table colloquy.audit_chains add constraint audit_chains_peaks_check CHECK (((length(peaks) % 32) = 0));
alter table colloquy.audit_chains add constraint audit_chains_pkey PRIMARY KEY (tenant_id);
alter table colloquy.audit_checkpoints add constraint audit_checkpoints_line_check CHECK ((char_length(line) <= 2048));
alter table colloquy.audit_checkpoints add constraint audit_checkpoints_size_check CHECK ((size >= 1));
alter table colloquy.audit_checkpoints add constraint audit_checkpoints_pkey PRIMARY KEY (tenant_id, size);
alter table colloquy.audit_entries add constraint audit_entries_pkey PRIMARY KEY (tenant_id, entry_id);
alter table colloquy.audit_nodes add constraint audit_nodes_hash_check CHECK ((length(hash) = 32));
alter table colloquy.audit_nodes add constraint audit_nodes_level_check CHECK (((level > 0) AND (((level)::integer % 8) = 0)));
alter table colloquy.audit_nodes add constraint audit_nodes_position_check CHECK (("position" >= 0));
alter table colloquy.audit_nodes add constraint audit_nodes_pkey PRIMARY KEY (tenant_id, level, "position");
alter table colloquy.audit_retentions add constraint audit_retentions_keep_days_check CHECK (((keep_days >= 30) AND (keep_days <= 3650)));
alter table colloquy.audit_retentions add constraint audit_retentions_pkey PRIMARY KEY (tenant_id);
alter table colloquy.audit_sealer add constraint audit_sealer_only_row_check CHECK (only_row);
alter table colloquy.audit_sealer add constraint audit_sealer_pkey PRIMARY KEY (only_row);
alter table colloquy.audit_subjects add constraint audit_subjects_check CHECK (((key_sealed IS NULL) = (erased_at IS NOT NULL)));
alter table colloquy.audit_subjects add constraint audit_subjects_subject_id_check CHECK (((char_length(subject_id) >= 1) AND (char_length(subject_id) <= 300)));
alter table colloquy.audit_subjects add constraint audit_subjects_pkey PRIMARY KEY (tenant_id, subject_id);
alter table colloquy.budgets add constraint budgets_alert_percents_check CHECK ((cardinality(alert_percents) <= 10));
alter table colloquy.budgets add constraint budgets_burn_rate CHECK (((burn_rate_factor IS NULL) OR (((burn_rate_factor >= (1)::double precision) AND (burn_rate_factor <= (1000)::double precision)) AND (period <> 'total'::text))));
alter table colloquy.budgets add constraint budgets_check CHECK (((char_length(subject) <= 300) AND ((scope = 'tenant'::text) = (subject = ''::text))));
alter table colloquy.budgets add constraint budgets_limit_microcredits_check CHECK (((limit_microcredits >= 0) AND (limit_microcredits <= '9000000000000000'::bigint)));
alter table colloquy.budgets add constraint budgets_mode_check CHECK ((mode = ANY (ARRAY['hard'::text, 'soft'::text])));
alter table colloquy.budgets add constraint budgets_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 63)));
alter table colloquy.budgets add constraint budgets_period_check CHECK ((period = ANY (ARRAY['day'::text, 'month'::text, 'total'::text])));
alter table colloquy.budgets add constraint budgets_scope_check CHECK ((scope = ANY (ARRAY['tenant'::text, 'agent'::text, 'skill'::text, 'client'::text, 'department'::text, 'cost-center'::text])));
alter table colloquy.budgets add constraint budgets_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.budgets add constraint budgets_pkey PRIMARY KEY (tenant_id, name);
alter table colloquy.card_policies add constraint card_policies_approval_check CHECK ((approval = ANY (ARRAY['signed'::text, 'always'::text, 'never'::text])));
alter table colloquy.card_policies add constraint card_policies_signatures_check CHECK ((signatures = ANY (ARRAY['accept'::text, 'require'::text])));
alter table colloquy.card_policies add constraint card_policies_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.card_policies add constraint card_policies_pkey PRIMARY KEY (tenant_id);
alter table colloquy.client_authorities add constraint client_authorities_certificate_check CHECK ((char_length(certificate) <= 16384));
alter table colloquy.client_authorities add constraint client_authorities_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)));
alter table colloquy.client_authorities add constraint client_authorities_thumbprint_check CHECK ((thumbprint ~ '^[A-Za-z0-9_-]{43}$'::text));
alter table colloquy.client_authorities add constraint client_authorities_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.client_authorities add constraint client_authorities_pkey PRIMARY KEY (tenant_id, authority_id);
alter table colloquy.client_authorities add constraint client_authorities_tenant_id_thumbprint_key UNIQUE (tenant_id, thumbprint);
alter table colloquy.credit_alerts add constraint credit_alerts_kind_check CHECK ((kind = ANY (ARRAY['budget-threshold'::text, 'burn-rate'::text, 'low-credit'::text, 'drift'::text])));
alter table colloquy.credit_alerts add constraint credit_alerts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.credit_alerts add constraint credit_alerts_pkey PRIMARY KEY (tenant_id, alert_id);
alter table colloquy.credit_checkpoints add constraint credit_checkpoints_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.credit_checkpoints add constraint credit_checkpoints_pkey PRIMARY KEY (tenant_id, until);
alter table colloquy.credit_grants add constraint credit_grants_amount_microcredits_check CHECK ((amount_microcredits > 0));
alter table colloquy.credit_grants add constraint credit_grants_check CHECK (((left_microcredits >= 0) AND (left_microcredits <= amount_microcredits)));
alter table colloquy.credit_grants add constraint credit_grants_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.credit_grants add constraint credit_grants_pkey PRIMARY KEY (tenant_id, grant_id);
alter table colloquy.credit_reconciliations add constraint credit_reconciliations_drift_microcredits_check CHECK ((drift_microcredits >= (0)::numeric));
alter table colloquy.credit_reconciliations add constraint credit_reconciliations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.credit_reconciliations add constraint credit_reconciliations_pkey PRIMARY KEY (tenant_id);
alter table colloquy.credit_settings add constraint credit_settings_low_credit_microcredits_check CHECK (((low_credit_microcredits >= 1) AND (low_credit_microcredits <= '9000000000000000'::bigint)));
alter table colloquy.credit_settings add constraint credit_settings_overage_max_microcredits_check CHECK (((overage_max_microcredits >= 0) AND (overage_max_microcredits <= '9000000000000000'::bigint)));
alter table colloquy.credit_settings add constraint credit_settings_overage_policy_check CHECK ((overage_policy = ANY (ARRAY['cap'::text, 'debit'::text])));
alter table colloquy.credit_settings add constraint credit_settings_unknown_price_microcredits_check CHECK (((unknown_price_microcredits >= 1) AND (unknown_price_microcredits <= '9000000000000000'::bigint)));
alter table colloquy.credit_settings add constraint credit_settings_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.credit_settings add constraint credit_settings_pkey PRIMARY KEY (tenant_id);
alter table colloquy.delegation_budgets add constraint delegation_budgets_budget_microcredits_check CHECK ((budget_microcredits >= 0));
alter table colloquy.delegation_budgets add constraint delegation_budgets_check CHECK ((left_microcredits <= budget_microcredits)) NOT VALID;
alter table colloquy.delegation_budgets add constraint delegation_budgets_pkey PRIMARY KEY (tenant_id, task_id);
alter table colloquy.delegation_rules add constraint delegation_rules_depth_max_check CHECK (((depth_max >= 1) AND (depth_max <= 4)));
alter table colloquy.delegation_rules add constraint delegation_rules_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.delegation_rules add constraint delegation_rules_pkey PRIMARY KEY (tenant_id);
alter table colloquy.deliveries add constraint deliveries_attempts_check CHECK ((attempts >= 0));
alter table colloquy.deliveries add constraint deliveries_seq_check CHECK ((seq >= 1));
alter table colloquy.deliveries add constraint deliveries_state_check CHECK ((state = ANY (ARRAY['retrying'::text, 'delivered'::text, 'dead'::text, 'replaying'::text])));
alter table colloquy.deliveries add constraint deliveries_tenant_id_task_id_subscription_id_fkey FOREIGN KEY (tenant_id, task_id, subscription_id) REFERENCES colloquy.push_subscriptions(tenant_id, task_id, subscription_id) ON DELETE CASCADE;
alter table colloquy.deliveries add constraint deliveries_pkey PRIMARY KEY (tenant_id, task_id, subscription_id, seq);
alter table colloquy.egress_allowances add constraint egress_allowances_kind_check CHECK ((kind = ANY (ARRAY['range'::text, 'host'::text])));
alter table colloquy.egress_allowances add constraint egress_allowances_target_check CHECK (((char_length(target) >= 1) AND (char_length(target) <= 255)));
alter table colloquy.egress_allowances add constraint egress_allowances_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.egress_allowances add constraint egress_allowances_pkey PRIMARY KEY (tenant_id, target);
alter table colloquy.endpoint_certificates add constraint endpoint_certificates_issuer_check CHECK ((char_length(issuer) <= 1024));
alter table colloquy.endpoint_certificates add constraint endpoint_certificates_key_pin_check CHECK ((char_length(key_pin) = 44));
alter table colloquy.endpoint_certificates add constraint endpoint_certificates_origin_check CHECK ((char_length(origin) <= 512));
alter table colloquy.endpoint_certificates add constraint endpoint_certificates_problem_check CHECK ((char_length(problem) <= 64));
alter table colloquy.endpoint_certificates add constraint endpoint_certificates_subject_check CHECK ((char_length(subject) <= 1024));
alter table colloquy.endpoint_certificates add constraint endpoint_certificates_tenant_id_agent_id_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES colloquy.agents(tenant_id, agent_id);
alter table colloquy.endpoint_certificates add constraint endpoint_certificates_pkey PRIMARY KEY (tenant_id, agent_id);
alter table colloquy.endpoint_looks add constraint endpoint_looks_failures_check CHECK (((failures >= 0) AND (failures <= 1000000)));
alter table colloquy.endpoint_looks add constraint endpoint_looks_tenant_id_agent_id_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES colloquy.agents(tenant_id, agent_id);
alter table colloquy.endpoint_looks add constraint endpoint_looks_pkey PRIMARY KEY (tenant_id, agent_id);
alter table colloquy.event_dead_letters add constraint event_dead_letters_attempts_check CHECK ((attempts >= 1));
alter table colloquy.event_dead_letters add constraint event_dead_letters_tenant_id_sink_name_fkey FOREIGN KEY (tenant_id, sink_name) REFERENCES colloquy.event_sinks(tenant_id, name) ON DELETE CASCADE;
alter table colloquy.event_dead_letters add constraint event_dead_letters_pkey PRIMARY KEY (tenant_id, sink_name, seq);
alter table colloquy.event_outbox add constraint event_outbox_data_check CHECK ((octet_length((data)::text) <= 65536));
alter table colloquy.event_outbox add constraint event_outbox_seq_check CHECK ((seq >= 1));
alter table colloquy.event_outbox add constraint event_outbox_subject_check CHECK (((char_length(subject) >= 1) AND (char_length(subject) <= 512)));
alter table colloquy.event_outbox add constraint event_outbox_type_check CHECK ((type ~ '^[a-z0-9.-]{1,128}$'::text));
alter table colloquy.event_outbox add constraint event_outbox_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.event_outbox add constraint event_outbox_pkey PRIMARY KEY (tenant_id, seq);
alter table colloquy.event_sinks add constraint event_sinks_attempts_check CHECK ((attempts >= 0));
alter table colloquy.event_sinks add constraint event_sinks_missed_check CHECK ((missed >= 0));
alter table colloquy.event_sinks add constraint event_sinks_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 63)));
alter table colloquy.event_sinks add constraint event_sinks_origin_check CHECK ((char_length(origin) <= 2048));
alter table colloquy.event_sinks add constraint event_sinks_secret_generation_check CHECK ((secret_generation >= 0));
alter table colloquy.event_sinks add constraint event_sinks_sent_seq_check CHECK ((sent_seq >= 0));
alter table colloquy.event_sinks add constraint event_sinks_types_check CHECK (((cardinality(types) >= 1) AND (cardinality(types) <= 16)));
alter table colloquy.event_sinks add constraint event_sinks_url_check CHECK ((char_length(url) <= 2048));
alter table colloquy.event_sinks add constraint event_sinks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.event_sinks add constraint event_sinks_pkey PRIMARY KEY (tenant_id, name);
alter table colloquy.event_streams add constraint event_streams_last_seq_check CHECK ((last_seq >= 0));
alter table colloquy.event_streams add constraint event_streams_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.event_streams add constraint event_streams_pkey PRIMARY KEY (tenant_id);
alter table colloquy.external_issuers add constraint external_issuers_algorithms_check CHECK (((algorithms <@ ARRAY['RS256'::text, 'PS256'::text, 'ES256'::text, 'EdDSA'::text]) AND ((cardinality(algorithms) >= 1) AND (cardinality(algorithms) <= 4))));
alter table colloquy.external_issuers add constraint external_issuers_audience_check CHECK (((audience ~ '^[!-~]+$'::text) AND (char_length(audience) <= 500)));
alter table colloquy.external_issuers add constraint external_issuers_issuer_check CHECK (((issuer ~ '^https?://[!-~]+$'::text) AND (char_length(issuer) <= 500)));
alter table colloquy.external_issuers add constraint external_issuers_issuer_id_check CHECK ((issuer_id ~ '^iss_[0-9a-f]{32}$'::text));
alter table colloquy.external_issuers add constraint external_issuers_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)));
alter table colloquy.external_issuers add constraint external_issuers_scope_map_check CHECK ((jsonb_typeof(scope_map) = 'object'::text));
alter table colloquy.external_issuers add constraint external_issuers_scopes_claim_check CHECK (((char_length(scopes_claim) >= 1) AND (char_length(scopes_claim) <= 200)));
alter table colloquy.external_issuers add constraint external_issuers_subject_claim_check CHECK (((char_length(subject_claim) >= 1) AND (char_length(subject_claim) <= 200)));
alter table colloquy.external_issuers add constraint external_issuers_token_type_check CHECK ((token_type = ANY (ARRAY['at+jwt'::text, 'jwt'::text])));
alter table colloquy.external_issuers add constraint external_issuers_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.external_issuers add constraint external_issuers_pkey PRIMARY KEY (tenant_id, issuer_id);
alter table colloquy.grants add constraint grants_agent_name_check CHECK ((agent_name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text));
alter table colloquy.grants add constraint grants_check CHECK (((skill_id IS NULL) OR ((agent_name IS NOT NULL) AND ((char_length(skill_id) >= 1) AND (char_length(skill_id) <= 256)))));
alter table colloquy.grants add constraint grants_principal_id_check CHECK (((char_length(principal_id) >= 1) AND (char_length(principal_id) <= 200)));
alter table colloquy.grants add constraint grants_role_check CHECK ((role = ANY (ARRAY['tenant-admin'::text, 'developer'::text, 'auditor'::text, 'caller'::text, 'agent'::text, 'host'::text])));
alter table colloquy.grants add constraint grants_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.grants add constraint grants_pkey PRIMARY KEY (tenant_id, grant_id);
alter table colloquy.idempotency_keys add constraint idempotency_keys_pkey PRIMARY KEY (tenant_id, key_hash);
alter table colloquy.instance_breakers add constraint instance_breakers_failures_check CHECK ((failures >= 0));
alter table colloquy.instance_breakers add constraint instance_breakers_openings_check CHECK ((openings >= 0));
alter table colloquy.instance_breakers add constraint instance_breakers_tenant_id_instance_id_fkey FOREIGN KEY (tenant_id, instance_id) REFERENCES colloquy.agent_instances(tenant_id, instance_id) ON DELETE CASCADE;
alter table colloquy.instance_breakers add constraint instance_breakers_pkey PRIMARY KEY (tenant_id, instance_id);
alter table colloquy.instance_certificates add constraint instance_certificates_issuer_check CHECK ((char_length(issuer) <= 1024));
alter table colloquy.instance_certificates add constraint instance_certificates_key_pin_check CHECK ((char_length(key_pin) = 44));
alter table colloquy.instance_certificates add constraint instance_certificates_origin_check CHECK ((char_length(origin) <= 2048));
alter table colloquy.instance_certificates add constraint instance_certificates_problem_check CHECK ((char_length(problem) <= 64));
alter table colloquy.instance_certificates add constraint instance_certificates_subject_check CHECK ((char_length(subject) <= 1024));
alter table colloquy.instance_certificates add constraint instance_certificates_tenant_id_instance_id_fkey FOREIGN KEY (tenant_id, instance_id) REFERENCES colloquy.agent_instances(tenant_id, instance_id) ON DELETE CASCADE;
alter table colloquy.instance_certificates add constraint instance_certificates_pkey PRIMARY KEY (tenant_id, instance_id);
alter table colloquy.instance_events add constraint instance_events_actor_id_check CHECK ((char_length(actor_id) <= 300));
alter table colloquy.instance_events add constraint instance_events_kind_check CHECK ((kind = ANY (ARRAY['registered'::text, 'left'::text, 'changed'::text, 'admission'::text, 'health'::text])));
alter table colloquy.instance_events add constraint instance_events_reason_check CHECK ((char_length(reason) <= 500));
alter table colloquy.instance_events add constraint instance_events_state_check CHECK ((char_length(state) <= 20));
alter table colloquy.instance_events add constraint instance_events_tenant_id_instance_id_fkey FOREIGN KEY (tenant_id, instance_id) REFERENCES colloquy.agent_instances(tenant_id, instance_id) ON DELETE CASCADE;
alter table colloquy.instance_events add constraint instance_events_pkey PRIMARY KEY (tenant_id, instance_id, event_id);
alter table colloquy.instance_health add constraint instance_health_outlier_count_check CHECK ((outlier_count >= 0));
alter table colloquy.instance_health add constraint instance_health_outlier_reason_check CHECK (((char_length(outlier_reason) >= 1) AND (char_length(outlier_reason) <= 100)));
alter table colloquy.instance_health add constraint instance_health_probe_failures_check CHECK ((probe_failures >= 0));
alter table colloquy.instance_health add constraint instance_health_probe_ms_check CHECK ((probe_ms >= 0));
alter table colloquy.instance_health add constraint instance_health_probe_reason_check CHECK (((char_length(probe_reason) >= 1) AND (char_length(probe_reason) <= 200)));
alter table colloquy.instance_health add constraint instance_health_probe_state_check CHECK ((probe_state = ANY (ARRAY['healthy'::text, 'degraded'::text, 'unhealthy'::text, 'unknown'::text])));
alter table colloquy.instance_health add constraint instance_health_probe_successes_check CHECK ((probe_successes >= 0));
alter table colloquy.instance_health add constraint instance_health_report_reason_check CHECK (((char_length(report_reason) >= 1) AND (char_length(report_reason) <= 200)));
alter table colloquy.instance_health add constraint instance_health_report_state_check CHECK ((report_state = ANY (ARRAY['healthy'::text, 'degraded'::text, 'unhealthy'::text])));
alter table colloquy.instance_health add constraint instance_health_revision_check CHECK ((revision >= 0));
alter table colloquy.instance_health add constraint instance_health_tenant_id_instance_id_fkey FOREIGN KEY (tenant_id, instance_id) REFERENCES colloquy.agent_instances(tenant_id, instance_id) ON DELETE CASCADE;
alter table colloquy.instance_health add constraint instance_health_pkey PRIMARY KEY (tenant_id, instance_id);
alter table colloquy.instance_leases add constraint instance_leases_lease_ms_check CHECK (((lease_ms >= 1000) AND (lease_ms <= 3600000)));
alter table colloquy.instance_leases add constraint instance_leases_tenant_id_instance_id_fkey FOREIGN KEY (tenant_id, instance_id) REFERENCES colloquy.agent_instances(tenant_id, instance_id) ON DELETE CASCADE;
alter table colloquy.instance_leases add constraint instance_leases_pkey PRIMARY KEY (tenant_id, instance_id);
alter table colloquy.key_encryption_keys add constraint key_encryption_keys_check_wrapped_check CHECK ((octet_length(check_wrapped) <= 4096));
alter table colloquy.key_encryption_keys add constraint key_encryption_keys_kek_id_check CHECK (((char_length(kek_id) >= 1) AND (char_length(kek_id) <= 256)));
alter table colloquy.key_encryption_keys add constraint key_encryption_keys_pkey PRIMARY KEY (kek_id);
alter table colloquy.ledger_entries add constraint ledger_entries_amount_microcredits_check CHECK ((amount_microcredits > 0));
alter table colloquy.ledger_entries add constraint ledger_entries_pkey PRIMARY KEY (tenant_id, reservation_id, kind);
alter table colloquy.limits add constraint limits_burst_requests_check CHECK (((burst_requests >= 1) AND (burst_requests <= 1000000)));
alter table colloquy.limits add constraint limits_check CHECK (((char_length(subject_id) <= 200) AND (((subject_kind)::text = 'tenant'::text) = (subject_id = ''::text))));
alter table colloquy.limits add constraint limits_check1 CHECK ((num_nonnulls(requests_per_second, burst_requests, sends_per_day, sends_per_month) > 0));
alter table colloquy.limits add constraint limits_requests_per_second_check CHECK (((requests_per_second >= (0.001)::double precision) AND (requests_per_second <= (1000000)::double precision)));
alter table colloquy.limits add constraint limits_sends_per_day_check CHECK (((sends_per_day >= 0) AND (sends_per_day <= '1000000000000'::bigint)));
alter table colloquy.limits add constraint limits_sends_per_month_check CHECK (((sends_per_month >= 0) AND (sends_per_month <= '1000000000000'::bigint)));
alter table colloquy.limits add constraint limits_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.limits add constraint limits_pkey PRIMARY KEY (tenant_id, subject_kind, subject_id);
alter table colloquy.nodes add constraint nodes_pkey PRIMARY KEY (node_id);
alter table colloquy.oauth_client_secrets add constraint oauth_client_secrets_secret_hash_check CHECK ((octet_length(secret_hash) = 32));
alter table colloquy.oauth_client_secrets add constraint oauth_client_secrets_tenant_id_client_id_fkey FOREIGN KEY (tenant_id, client_id) REFERENCES colloquy.oauth_clients(tenant_id, client_id);
alter table colloquy.oauth_client_secrets add constraint oauth_client_secrets_pkey PRIMARY KEY (tenant_id, client_id, secret_id);
alter table colloquy.oauth_clients add constraint oauth_clients_auth_method_check CHECK ((auth_method = ANY (ARRAY['client_secret_basic'::text, 'client_secret_post'::text, 'private_key_jwt'::text, 'tls_client_auth'::text, 'self_signed_tls_client_auth'::text])));
alter table colloquy.oauth_clients add constraint oauth_clients_client_id_check CHECK ((client_id ~ '^cli_[0-9a-f]{32}$'::text));
alter table colloquy.oauth_clients add constraint oauth_clients_cost_center_check CHECK (((char_length(cost_center) >= 1) AND (char_length(cost_center) <= 200)));
alter table colloquy.oauth_clients add constraint oauth_clients_department_check CHECK (((char_length(department) >= 1) AND (char_length(department) <= 200)));
alter table colloquy.oauth_clients add constraint oauth_clients_jwks_check CHECK (((jwks IS NULL) OR (octet_length((jwks)::text) <= 131072)));
alter table colloquy.oauth_clients add constraint oauth_clients_kind_check CHECK ((kind = ANY (ARRAY['oauth-client'::text, 'operator'::text])));
alter table colloquy.oauth_clients add constraint oauth_clients_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)));
alter table colloquy.oauth_clients add constraint oauth_clients_proof CHECK ((((jwks IS NOT NULL) = (auth_method = ANY (ARRAY['private_key_jwt'::text, 'self_signed_tls_client_auth'::text]))) AND ((subject_kind IS NOT NULL) = (auth_method = 'tls_client_auth'::text)) AND ((subject_value IS NOT NULL) = (auth_method = 'tls_client_auth'::text))));
alter table colloquy.oauth_clients add constraint oauth_clients_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['dn'::text, 'dns'::text, 'uri'::text, 'ip'::text, 'email'::text])));
alter table colloquy.oauth_clients add constraint oauth_clients_subject_value_check CHECK (((char_length(subject_value) >= 1) AND (char_length(subject_value) <= 1000)));
alter table colloquy.oauth_clients add constraint oauth_clients_token_binding_check CHECK ((token_binding = ANY (ARRAY['none'::text, 'dpop'::text, 'certificate'::text])));
alter table colloquy.oauth_clients add constraint oauth_clients_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.oauth_clients add constraint oauth_clients_pkey PRIMARY KEY (tenant_id, client_id);
alter table colloquy.oauth_clients add constraint oauth_clients_tenant_id_name_key UNIQUE (tenant_id, name);
alter table colloquy.oidc_records add constraint oidc_records_pkey PRIMARY KEY (model, record_id);
alter table colloquy.password_links add constraint password_links_secret_hash_check CHECK ((octet_length(secret_hash) = 32));
alter table colloquy.password_links add constraint password_links_tenant_id_person_id_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES colloquy.people(tenant_id, person_id);
alter table colloquy.password_links add constraint password_links_pkey PRIMARY KEY (tenant_id, person_id);
alter table colloquy.people add constraint people_login_name_check CHECK ((login_name ~ '^[a-z0-9]([a-z0-9._@+-]{0,98}[a-z0-9])?$'::text));
alter table colloquy.people add constraint people_password_hash_check CHECK (((password_hash ~~ '$argon2id$%'::text) AND (char_length(password_hash) <= 200)));
alter table colloquy.people add constraint people_person_id_check CHECK ((person_id ~ '^per_[0-9a-f]{32}$'::text));
alter table colloquy.people add constraint people_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.people add constraint people_pkey PRIMARY KEY (tenant_id, person_id);
alter table colloquy.people add constraint people_tenant_id_login_name_key UNIQUE (tenant_id, login_name);
alter table colloquy.platform_keys add constraint platform_keys_purpose_check CHECK ((purpose = ANY (ARRAY['sealing'::text, 'root'::text])));
alter table colloquy.platform_keys add constraint platform_keys_wrapped_check CHECK ((octet_length(wrapped) <= 4096));
alter table colloquy.platform_keys add constraint platform_keys_kek_id_fkey FOREIGN KEY (kek_id) REFERENCES colloquy.key_encryption_keys(kek_id);
alter table colloquy.platform_keys add constraint platform_keys_pkey PRIMARY KEY (key_id);
alter table colloquy.price_overrides add constraint price_overrides_agent_name_check CHECK ((char_length(agent_name) <= 63));
alter table colloquy.price_overrides add constraint price_overrides_price_check CHECK ((jsonb_typeof(price) = 'object'::text));
alter table colloquy.price_overrides add constraint price_overrides_skill_id_check CHECK ((char_length(skill_id) <= 200));
alter table colloquy.price_overrides add constraint price_overrides_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.price_overrides add constraint price_overrides_pkey PRIMARY KEY (tenant_id, agent_name, skill_id, effective_from);
alter table colloquy.probe_policies add constraint probe_policies_healthy_after_check CHECK (((healthy_after >= 1) AND (healthy_after <= 100)));
alter table colloquy.probe_policies add constraint probe_policies_interval_ms_check CHECK (((interval_ms >= 1000) AND (interval_ms <= 3600000)));
alter table colloquy.probe_policies add constraint probe_policies_kind_check CHECK ((kind = ANY (ARRAY['wire'::text, 'http'::text, 'tcp'::text, 'none'::text])));
alter table colloquy.probe_policies add constraint probe_policies_path_check CHECK (((path ~ '^/[!-~]*$'::text) AND (char_length(path) <= 1024)));
alter table colloquy.probe_policies add constraint probe_policies_timeout_ms_check CHECK (((timeout_ms >= 50) AND (timeout_ms <= 30000)));
alter table colloquy.probe_policies add constraint probe_policies_unhealthy_after_check CHECK (((unhealthy_after >= 1) AND (unhealthy_after <= 100)));
alter table colloquy.probe_policies add constraint probe_policies_tenant_id_agent_id_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES colloquy.agents(tenant_id, agent_id);
alter table colloquy.probe_policies add constraint probe_policies_pkey PRIMARY KEY (tenant_id, agent_id);
alter table colloquy.push_subscriptions add constraint push_subscriptions_check CHECK ((is_active = ((ended IS NULL) OR has_replays)));
alter table colloquy.push_subscriptions add constraint push_subscriptions_config_id_check CHECK (((char_length(config_id) >= 1) AND (char_length(config_id) <= 256)));
alter table colloquy.push_subscriptions add constraint push_subscriptions_ended_check CHECK ((ended = ANY (ARRAY['done'::text, 'gone'::text])));
alter table colloquy.push_subscriptions add constraint push_subscriptions_origin_check CHECK ((char_length(origin) <= 2048));
alter table colloquy.push_subscriptions add constraint push_subscriptions_secret_generation_check CHECK ((secret_generation >= 0));
alter table colloquy.push_subscriptions add constraint push_subscriptions_sent_seq_check CHECK ((sent_seq >= 0));
alter table colloquy.push_subscriptions add constraint push_subscriptions_url_check CHECK ((char_length(url) <= 2048));
alter table colloquy.push_subscriptions add constraint push_subscriptions_tenant_id_task_id_fkey FOREIGN KEY (tenant_id, task_id) REFERENCES colloquy.tasks(tenant_id, task_id);
alter table colloquy.push_subscriptions add constraint push_subscriptions_pkey PRIMARY KEY (tenant_id, task_id, subscription_id);
alter table colloquy.quota_counts add constraint quota_counts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.quota_counts add constraint quota_counts_pkey PRIMARY KEY (tenant_id, subject_kind, subject_id, period, begins_on);
alter table colloquy.rate_buckets add constraint rate_buckets_pkey PRIMARY KEY (bucket_key);
alter table colloquy.resilience_policies add constraint resilience_policies_agent_name_check CHECK (((char_length(agent_name) >= 1) AND (char_length(agent_name) <= 63)));
alter table colloquy.resilience_policies add constraint resilience_policies_calls_max_check CHECK (((calls_max >= 1) AND (calls_max <= 100000)));
alter table colloquy.resilience_policies add constraint resilience_policies_fallback_check CHECK ((cardinality(fallback) <= 8));
alter table colloquy.resilience_policies add constraint resilience_policies_fallback_on_check CHECK ((fallback_on <@ '{unavailable,failed}'::text[]));
alter table colloquy.resilience_policies add constraint resilience_policies_first_answer_ms_check CHECK (((first_answer_ms >= 10) AND (first_answer_ms <= 86400000)));
alter table colloquy.resilience_policies add constraint resilience_policies_hedge_ms_check CHECK (((hedge_ms >= 1) AND (hedge_ms <= 86400000)));
alter table colloquy.resilience_policies add constraint resilience_policies_partial_results_check CHECK ((partial_results = ANY (ARRAY['stop'::text, 'go-on'::text])));
alter table colloquy.resilience_policies add constraint resilience_policies_queue_ms_max_check CHECK (((queue_ms_max >= 0) AND (queue_ms_max <= 86400000)));
alter table colloquy.resilience_policies add constraint resilience_policies_skill_id_check CHECK ((char_length(skill_id) <= 256));
alter table colloquy.resilience_policies add constraint resilience_policies_task_ms_check CHECK (((task_ms >= 10) AND (task_ms <= 86400000)));
alter table colloquy.resilience_policies add constraint resilience_policies_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.resilience_policies add constraint resilience_policies_pkey PRIMARY KEY (tenant_id, agent_name, skill_id);
alter table colloquy.result_terms add constraint result_terms_agent_name_check CHECK ((char_length(agent_name) <= 63));
alter table colloquy.result_terms add constraint result_terms_check CHECK ((num_nulls(shared_by, hit_price_percent, stale_ms, is_on) = ANY (ARRAY[0, 4])));
alter table colloquy.result_terms add constraint result_terms_hit_price_percent_check CHECK (((hit_price_percent >= 0) AND (hit_price_percent <= 100)));
alter table colloquy.result_terms add constraint result_terms_purges_check CHECK ((purges >= 0));
alter table colloquy.result_terms add constraint result_terms_skill_id_check CHECK ((char_length(skill_id) <= 200));
alter table colloquy.result_terms add constraint result_terms_stale_ms_check CHECK (((stale_ms >= 0) AND (stale_ms <= 604800000)));
alter table colloquy.result_terms add constraint result_terms_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.result_terms add constraint result_terms_pkey PRIMARY KEY (tenant_id, agent_name, skill_id);
alter table colloquy.revocations add constraint revocations_subject_check CHECK (((char_length(subject) >= 1) AND (char_length(subject) <= 200)));
alter table colloquy.revocations add constraint revocations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.revocations add constraint revocations_pkey PRIMARY KEY (tenant_id, subject);
alter table schema_migrations add constraint schema_migrations_pkey PRIMARY KEY (name);
alter table colloquy.secret_rotations add constraint secret_rotations_stage_check CHECK ((stage = ANY (ARRAY['keys'::text, 'secrets'::text])));
alter table colloquy.secret_rotations add constraint secret_rotations_pkey PRIMARY KEY (rotation_id);
alter table colloquy.served_card_signatures add constraint served_card_signatures_tenant_id_agent_id_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES colloquy.agents(tenant_id, agent_id);
alter table colloquy.served_card_signatures add constraint served_card_signatures_pkey PRIMARY KEY (tenant_id, agent_id);
alter table colloquy.sign_in_clients add constraint sign_in_clients_redirect_uris_check CHECK (((cardinality(redirect_uris) >= 1) AND (cardinality(redirect_uris) <= 10)));
alter table colloquy.sign_in_clients add constraint sign_in_clients_tenant_id_client_id_fkey FOREIGN KEY (tenant_id, client_id) REFERENCES colloquy.oauth_clients(tenant_id, client_id);
alter table colloquy.sign_in_clients add constraint sign_in_clients_pkey PRIMARY KEY (tenant_id, client_id);
alter table colloquy.sign_in_failures add constraint sign_in_failures_failures_check CHECK ((failures > 0));
alter table colloquy.sign_in_failures add constraint sign_in_failures_subject_check CHECK ((octet_length(subject) = 32));
alter table colloquy.sign_in_failures add constraint sign_in_failures_pkey PRIMARY KEY (subject);
alter table colloquy.signing_keys add constraint signing_keys_algorithm_check CHECK ((algorithm = 'ES256'::text));
alter table colloquy.signing_keys add constraint signing_keys_pkey PRIMARY KEY (kid);
alter table colloquy.skill_results add constraint skill_results_check CHECK ((num_nulls(result, stored_at, fresh_until, stale_until) = ANY (ARRAY[0, 4])));
alter table colloquy.skill_results add constraint skill_results_check1 CHECK (((claimed_by IS NULL) = (claimed_until IS NULL)));
alter table colloquy.skill_results add constraint skill_results_place_check CHECK ((place >= 0));
alter table colloquy.skill_results add constraint skill_results_result_check CHECK ((char_length(result) <= 131072));
alter table colloquy.skill_results add constraint skill_results_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.skill_results add constraint skill_results_pkey PRIMARY KEY (tenant_id, place);
alter table colloquy.skills add constraint skills_tenant_id_agent_id_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES colloquy.agents(tenant_id, agent_id);
alter table colloquy.skills add constraint skills_pkey PRIMARY KEY (tenant_id, agent_id, skill_id);
alter table colloquy.sla_counts add constraint sla_counts_check CHECK (((excused >= 0) AND (excused <= ended)));
alter table colloquy.sla_counts add constraint sla_counts_check1 CHECK (((served >= 0) AND (served <= (ended - excused))));
alter table colloquy.sla_counts add constraint sla_counts_check2 CHECK (((failed >= 0) AND (failed <= (ended - excused))));
alter table colloquy.sla_counts add constraint sla_counts_check3 CHECK (((late >= 0) AND (late <= ((ended - excused) - failed))));
alter table colloquy.sla_counts add constraint sla_counts_ended_check CHECK ((ended > 0));
alter table colloquy.sla_counts add constraint sla_counts_pkey PRIMARY KEY (tenant_id, hour, agent_name, tier);
alter table colloquy.sla_objectives add constraint sla_objectives_availability_ppm_check CHECK (((availability_ppm >= 10000) AND (availability_ppm <= 1000000)));
alter table colloquy.sla_objectives add constraint sla_objectives_check CHECK ((num_nulls(availability_ppm, latency_ms, latency_ppm) = ANY (ARRAY[0, 3])));
alter table colloquy.sla_objectives add constraint sla_objectives_kind_check CHECK ((kind = ANY (ARRAY['tier'::text, 'agent'::text])));
alter table colloquy.sla_objectives add constraint sla_objectives_latency_ms_check CHECK (((latency_ms >= 1) AND (latency_ms <= 604800000)));
alter table colloquy.sla_objectives add constraint sla_objectives_latency_ppm_check CHECK (((latency_ppm >= 10000) AND (latency_ppm <= 1000000)));
alter table colloquy.sla_objectives add constraint sla_objectives_subject_check CHECK (((char_length(subject) >= 1) AND (char_length(subject) <= 63)));
alter table colloquy.sla_objectives add constraint sla_objectives_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.sla_objectives add constraint sla_objectives_pkey PRIMARY KEY (tenant_id, kind, subject, holds_from);
alter table colloquy.sla_places add constraint sla_places_counted_seq_check CHECK ((counted_seq >= 0));
alter table colloquy.sla_places add constraint sla_places_pkey PRIMARY KEY (tenant_id);
alter table colloquy.slots add constraint slots_in_use_check CHECK ((in_use >= 0));
alter table colloquy.slots add constraint slots_queued_check CHECK ((queued >= 0));
alter table colloquy.slots add constraint slots_slots_max_check CHECK ((slots_max >= 1));
alter table colloquy.slots add constraint slots_pkey PRIMARY KEY (tenant_id, key_id);
alter table colloquy.spent_proofs add constraint spent_proofs_digest_check CHECK ((octet_length(digest) = 32));
alter table colloquy.spent_proofs add constraint spent_proofs_pkey PRIMARY KEY (digest);
alter table colloquy.stops add constraint stops_check CHECK (((char_length(name) <= 200) AND ((name = ''::text) = (kind = 'tenant'::text))));
alter table colloquy.stops add constraint stops_kind_check CHECK ((kind = ANY (ARRAY['tenant'::text, 'agent'::text, 'principal'::text])));
alter table colloquy.stops add constraint stops_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 500)));
alter table colloquy.stops add constraint stops_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.stops add constraint stops_pkey PRIMARY KEY (tenant_id, stop_id);
alter table colloquy.task_aliases add constraint task_aliases_pkey PRIMARY KEY (tenant_id, alias_hash);
alter table colloquy.task_events add constraint task_events_pkey PRIMARY KEY (tenant_id, task_id, seq);
alter table colloquy.task_tries add constraint task_tries_kind_check CHECK ((kind = ANY (ARRAY['retry'::text, 'hedge'::text, 'fallback'::text])));
alter table colloquy.task_tries add constraint task_tries_try_check CHECK ((try >= 2));
alter table colloquy.task_tries add constraint task_tries_pkey PRIMARY KEY (tenant_id, task_id, try);
alter table colloquy.tasks add constraint tasks_held CHECK (((node_id IS NULL) = (((state)::text <> ALL (ARRAY['submitted'::text, 'working'::text])) OR (queue_rank IS NOT NULL))));
alter table colloquy.tasks add constraint tasks_pkey PRIMARY KEY (tenant_id, task_id);
alter table colloquy.tenant_keys add constraint tenant_keys_wrapped_check CHECK ((octet_length(wrapped) <= 4096));
alter table colloquy.tenant_keys add constraint tenant_keys_kek_id_fkey FOREIGN KEY (kek_id) REFERENCES colloquy.key_encryption_keys(kek_id);
alter table colloquy.tenant_keys add constraint tenant_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.tenant_keys add constraint tenant_keys_pkey PRIMARY KEY (tenant_id, key_id);
alter table colloquy.tenants add constraint tenants_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)));
alter table colloquy.tenants add constraint tenants_slug_check CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text));
alter table colloquy.tenants add constraint tenants_pkey PRIMARY KEY (tenant_id);
alter table colloquy.tenants add constraint tenants_slug_key UNIQUE (slug);
alter table colloquy.token_issuers add constraint token_issuers_issuer_check CHECK (((char_length(issuer) >= 1) AND (char_length(issuer) <= 2000)));
alter table colloquy.token_issuers add constraint token_issuers_pkey PRIMARY KEY (issuer);
alter table colloquy.trusted_card_keys add constraint trusted_card_keys_algorithms_check CHECK (((cardinality(algorithms) >= 1) AND (cardinality(algorithms) <= 16)));
alter table colloquy.trusted_card_keys add constraint trusted_card_keys_kid_check CHECK ((kid ~ '^[!-~]{1,200}$'::text));
alter table colloquy.trusted_card_keys add constraint trusted_card_keys_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)));
alter table colloquy.trusted_card_keys add constraint trusted_card_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.trusted_card_keys add constraint trusted_card_keys_pkey PRIMARY KEY (tenant_id, kid);
alter table colloquy.unmapped_contexts add constraint unmapped_contexts_pkey PRIMARY KEY (tenant_id, owner_id, context_id);
alter table colloquy.usage_hours add constraint usage_hours_cached_check CHECK ((cached >= 0));
alter table colloquy.usage_hours add constraint usage_hours_calls_check CHECK ((calls > 0));
alter table colloquy.usage_hours add constraint usage_hours_canceled_check CHECK ((canceled >= 0));
alter table colloquy.usage_hours add constraint usage_hours_charged_microcredits_check CHECK ((charged_microcredits >= 0));
alter table colloquy.usage_hours add constraint usage_hours_check CHECK ((calls = ((((completed + cached) + failed) + canceled) + rejected)));
alter table colloquy.usage_hours add constraint usage_hours_completed_check CHECK ((completed >= 0));
alter table colloquy.usage_hours add constraint usage_hours_failed_check CHECK ((failed >= 0));
alter table colloquy.usage_hours add constraint usage_hours_items_check CHECK ((items >= (0)::numeric));
alter table colloquy.usage_hours add constraint usage_hours_overage_microcredits_check CHECK ((overage_microcredits >= 0));
alter table colloquy.usage_hours add constraint usage_hours_rejected_check CHECK ((rejected >= 0));
alter table colloquy.usage_hours add constraint usage_hours_settled_microcredits_check CHECK ((settled_microcredits >= 0));
alter table colloquy.usage_hours add constraint usage_hours_worked_ms_check CHECK ((worked_ms >= 0));
alter table colloquy.usage_hours add constraint usage_hours_pkey PRIMARY KEY (tenant_id, hour, group_id);
alter table colloquy.usage_places add constraint usage_places_counted_seq_check CHECK ((counted_seq >= 0));
alter table colloquy.usage_places add constraint usage_places_pkey PRIMARY KEY (tenant_id);
alter table colloquy.wallets add constraint wallets_balanced CHECK ((((granted_microcredits + overage_microcredits) = (((available_microcredits + reserved_microcredits) + used_microcredits) + expired_microcredits)) AND (LEAST(granted_microcredits, available_microcredits, reserved_microcredits, used_microcredits, expired_microcredits, overage_microcredits) >= 0)));
alter table colloquy.wallets add constraint wallets_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES colloquy.tenants(tenant_id);
alter table colloquy.wallets add constraint wallets_pkey PRIMARY KEY (tenant_id);

alter table colloquy.agent_facets alter column tenant_id set (n_distinct=1);
alter table colloquy.agent_texts alter column tenant_id set (n_distinct=1);
alter table colloquy.agents alter column tenant_id set (n_distinct=1);
alter table colloquy.audit_chain alter column tenant_id set statistics 10;
alter table colloquy.audit_chain alter column seq set statistics 10;
alter table colloquy.audit_chain alter column entry_id set statistics 10;
alter table colloquy.audit_chain alter column occurred_at set statistics 10;
alter table colloquy.audit_chain alter column actor_id set statistics 10;
alter table colloquy.audit_chain alter column resource set statistics 10;
alter table colloquy.audit_chain alter column hash set statistics 0;
alter table colloquy.audit_chain alter column digests set statistics 0;
alter table colloquy.audit_chain alter column sealed_at set statistics 0;
alter table colloquy.audit_entries alter column tenant_id set (n_distinct=1);
alter table colloquy.audit_entries alter column tenant_id set statistics 10;
alter table colloquy.audit_entries alter column entry_id set statistics 10;
alter table colloquy.audit_entries alter column occurred_at set statistics 10;
alter table colloquy.audit_entries alter column actor_id set statistics 10;
alter table colloquy.audit_entries alter column action set statistics 10;
alter table colloquy.audit_entries alter column outcome set statistics 10;
alter table colloquy.audit_entries alter column resource set statistics 10;
alter table colloquy.audit_entries alter column request_id set statistics 0;
alter table colloquy.audit_entries alter column facts set statistics 0;
alter table colloquy.audit_entries alter column written_in set statistics 10;
alter table colloquy.idempotency_keys alter column tenant_id set (n_distinct=1);
alter table colloquy.idempotency_keys alter column tenant_id set statistics 10;
alter table colloquy.idempotency_keys alter column key_hash set statistics 10;
alter table colloquy.idempotency_keys alter column fingerprint set statistics 0;
alter table colloquy.idempotency_keys alter column task_id set statistics 10;
alter table colloquy.idempotency_keys alter column created_at set statistics 10;
alter table colloquy.ledger_entries alter column tenant_id set (n_distinct=1);
alter table colloquy.ledger_entries alter column tenant_id set statistics 10;
alter table colloquy.ledger_entries alter column reservation_id set statistics 10;
alter table colloquy.ledger_entries alter column kind set statistics 10;
alter table colloquy.ledger_entries alter column amount_microcredits set statistics 0;
alter table colloquy.ledger_entries alter column created_at set statistics 10;
alter table colloquy.skill_results alter column tenant_id set (n_distinct=1);
alter table colloquy.skills alter column tenant_id set (n_distinct=1);
alter table colloquy.sla_counts alter column tenant_id set (n_distinct=1);
alter table colloquy.slots alter column tenant_id set (n_distinct=1);
alter table colloquy.task_events alter column tenant_id set (n_distinct=1);
alter table colloquy.task_events alter column tenant_id set statistics 10;
alter table colloquy.task_events alter column task_id set statistics 10;
alter table colloquy.task_events alter column seq set statistics 10;
alter table colloquy.task_events alter column kind set statistics 10;
alter table colloquy.task_events alter column payload set statistics 0;
alter table colloquy.task_events alter column occurred_at set statistics 10;
alter table colloquy.tasks alter column tenant_id set (n_distinct=1);
alter table colloquy.tasks alter column request_id set statistics 0;
alter table colloquy.tasks alter column last_seq set statistics 0;
alter table colloquy.tasks alter column attempt set statistics 0;
alter table colloquy.tasks alter column upstream_task_id set statistics 0;
alter table colloquy.tasks alter column reserved_microcredits set statistics 0;
alter table colloquy.tasks alter column decision set statistics 0;
alter table colloquy.tasks alter column send_options set statistics 0;
alter table colloquy.tasks alter column chain set statistics 0;
alter table colloquy.tasks alter column budget_ids set statistics 0;
alter table colloquy.tasks alter column queue_delay_ms set statistics 0;
alter table colloquy.tasks alter column queued_at set statistics 0;
alter table colloquy.tasks alter column slot_keys set statistics 0;
alter table colloquy.tasks alter column tries set statistics 0;
alter table colloquy.tasks alter column usage set statistics 0;
alter table colloquy.unmapped_contexts alter column tenant_id set (n_distinct=1);

CREATE INDEX agent_facets_by_agent ON colloquy.agent_facets USING btree (agent_name, tenant_id);
CREATE INDEX agent_instances_by_agent ON colloquy.agent_instances USING btree (tenant_id, agent_id);
CREATE INDEX agent_instances_left ON colloquy.agent_instances USING btree (left_at) WHERE (left_at IS NOT NULL);
CREATE UNIQUE INDEX agent_instances_by_address ON colloquy.agent_instances USING btree (agent_id, tenant_id, md5(((((((url || ' '::text) || binding) || ' '::text) || protocol_version) || ' '::text) || COALESCE(routing_tag, ''::text))));
CREATE INDEX agent_texts_words ON colloquy.agent_texts USING gin (words) WITH (fastupdate=off);
CREATE INDEX agents_by_any_name ON colloquy.agents USING btree (name, tenant_id, agent_id);
CREATE UNIQUE INDEX agents_by_name ON colloquy.agents USING btree (name, tenant_id) WHERE (deregistered_at IS NULL);
CREATE INDEX api_keys_by_name ON colloquy.api_keys USING btree (tenant_id, name);
CREATE UNIQUE INDEX api_keys_by_id ON colloquy.api_keys USING btree (key_id);
CREATE INDEX audit_chain_by_actor ON colloquy.audit_chain USING btree (actor_id, tenant_id, occurred_at, seq);
CREATE INDEX audit_chain_by_resource ON colloquy.audit_chain USING btree (resource, tenant_id, occurred_at, seq);
CREATE INDEX audit_chain_by_time ON colloquy.audit_chain USING btree (tenant_id, occurred_at, seq);
CREATE INDEX audit_entries_by_action ON colloquy.audit_entries USING btree (tenant_id, action, occurred_at) WHERE (action <> 'task.completed'::text);
CREATE INDEX audit_entries_by_outcome ON colloquy.audit_entries USING btree (tenant_id, outcome, occurred_at) WHERE ((outcome)::text <> 'succeeded'::text);
CREATE INDEX audit_entries_by_writer ON colloquy.audit_entries USING btree (written_in, entry_id);
CREATE INDEX credit_alerts_by_age ON colloquy.credit_alerts USING btree (raised_at);
CREATE INDEX credit_alerts_by_time ON colloquy.credit_alerts USING btree (tenant_id, raised_at, alert_id);
CREATE INDEX credit_grants_due ON colloquy.credit_grants USING btree (expires_at) WHERE (lapsed_at IS NULL);
CREATE INDEX delegation_budgets_by_budget ON colloquy.delegation_budgets USING btree (budget_id, starts_at) WHERE (budget_id IS NOT NULL);
CREATE INDEX delegation_budgets_by_end ON colloquy.delegation_budgets USING btree (ends_at) WHERE (ends_at IS NOT NULL);
CREATE INDEX deliveries_by_age ON colloquy.deliveries USING brin (last_attempt_at);
CREATE INDEX deliveries_dead ON colloquy.deliveries USING btree (state, tenant_id, task_id, subscription_id, seq) WHERE (state = 'dead'::text);
CREATE UNIQUE INDEX deliveries_by_id ON colloquy.deliveries USING btree (delivery_id, tenant_id);
CREATE INDEX endpoint_looks_due ON colloquy.endpoint_looks USING btree (next_look_at);
CREATE INDEX event_dead_letters_by_age ON colloquy.event_dead_letters USING btree (dead_at);
CREATE INDEX event_outbox_by_age ON colloquy.event_outbox USING brin (created_at);
CREATE UNIQUE INDEX event_outbox_by_id ON colloquy.event_outbox USING btree (event_id, tenant_id);
CREATE UNIQUE INDEX external_issuers_by_address ON colloquy.external_issuers USING btree (issuer, audience) WHERE (removed_at IS NULL);
CREATE INDEX grants_by_principal ON colloquy.grants USING btree (tenant_id, principal_id);
CREATE UNIQUE INDEX grants_in_force ON colloquy.grants USING btree (tenant_id, principal_id, role, COALESCE(agent_name, ''::text), COALESCE(skill_id, ''::text)) WHERE (removed_at IS NULL);
CREATE INDEX idempotency_keys_by_age ON colloquy.idempotency_keys USING brin (created_at);
CREATE INDEX instance_health_due ON colloquy.instance_health USING btree (next_probe_at) WHERE (next_probe_at IS NOT NULL);
CREATE INDEX instance_leases_ending ON colloquy.instance_leases USING btree (lease_until) WHERE (NOT is_lapsed);
CREATE UNIQUE INDEX key_encryption_keys_current ON colloquy.key_encryption_keys USING btree ((true)) WHERE (retired_at IS NULL);
CREATE INDEX ledger_entries_by_time ON colloquy.ledger_entries USING btree (tenant_id, created_at, reservation_id, kind);
CREATE UNIQUE INDEX oauth_clients_by_id ON colloquy.oauth_clients USING btree (client_id);
CREATE INDEX oidc_records_by_account ON colloquy.oidc_records USING btree (((payload ->> 'accountId'::text))) WHERE ((payload ->> 'accountId'::text) IS NOT NULL);
CREATE INDEX oidc_records_by_expiry ON colloquy.oidc_records USING btree (expires_at);
CREATE INDEX oidc_records_by_grant ON colloquy.oidc_records USING btree (grant_id) WHERE (grant_id IS NOT NULL);
CREATE INDEX oidc_records_session_uid ON colloquy.oidc_records USING btree (((payload ->> 'uid'::text))) WHERE (model = 'Session'::text);
CREATE UNIQUE INDEX people_by_id ON colloquy.people USING btree (person_id);
CREATE UNIQUE INDEX platform_keys_current ON colloquy.platform_keys USING btree (purpose) WHERE (retired_at IS NULL);
CREATE INDEX push_subscriptions_active ON colloquy.push_subscriptions USING btree (is_active, tenant_id) WHERE is_active;
CREATE INDEX quota_counts_by_age ON colloquy.quota_counts USING btree (begins_on);
CREATE INDEX revocations_by_expiry ON colloquy.revocations USING btree (expires_at);
CREATE UNIQUE INDEX secret_rotations_open ON colloquy.secret_rotations USING btree ((true)) WHERE (finished_at IS NULL);
CREATE INDEX sign_in_failures_by_time ON colloquy.sign_in_failures USING btree (failed_at);
CREATE INDEX sla_counts_by_age ON colloquy.sla_counts USING btree (hour);
CREATE INDEX spent_proofs_by_expiry ON colloquy.spent_proofs USING btree (expires_at);
CREATE UNIQUE INDEX stops_in_force ON colloquy.stops USING btree (tenant_id, kind, name) WHERE (resumed_at IS NULL);
CREATE INDEX tasks_by_context ON colloquy.tasks USING btree (owner_id, agent_id, context_id, task_id) WHERE (decision ? 'sticky'::text);
CREATE INDEX tasks_by_node ON colloquy.tasks USING btree (node_id) WHERE (node_id IS NOT NULL);
CREATE INDEX tasks_by_owner ON colloquy.tasks USING btree (owner_id, agent_id, status_at, task_id);
CREATE INDEX tasks_by_router ON colloquy.tasks USING btree (owner_id, status_at, task_id) WHERE (decision ? 'router'::text);
CREATE INDEX tasks_dead ON colloquy.tasks USING btree (tenant_id, task_id) INCLUDE (agent_id, error_code) WHERE (dead_at IS NOT NULL);
CREATE INDEX tasks_looked_at ON colloquy.tasks USING btree (next_look_at) WHERE (next_look_at IS NOT NULL);
CREATE INDEX tasks_queued ON colloquy.tasks USING btree (tenant_id, agent_id, queue_rank, task_id) WHERE (queue_rank IS NOT NULL);
CREATE INDEX tasks_queued_until ON colloquy.tasks USING btree (deadline_at) WHERE ((queue_rank IS NOT NULL) AND (deadline_at IS NOT NULL));
CREATE INDEX tasks_waiting ON colloquy.tasks USING btree (waiting_since) WHERE (waiting_since IS NOT NULL);
CREATE UNIQUE INDEX tenant_keys_current ON colloquy.tenant_keys USING btree (tenant_id) WHERE (retired_at IS NULL);


-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.add_quantities(one jsonb, other jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN CASE WHEN (other = '{}'::jsonb) THEN one WHEN (one = '{}'::jsonb) THEN other ELSE (SELECT jsonb_object_agg(s.name, s.quantity) AS jsonb_object_agg FROM (SELECT q.key AS name, sum((q.value)::numeric) AS quantity FROM (SELECT jsonb_each_text.key, jsonb_each_text.value FROM jsonb_each_text(add_quantities.one) jsonb_each_text(key, value) UNION ALL SELECT jsonb_each_text.key, jsonb_each_text.value FROM jsonb_each_text(add_quantities.other) jsonb_each_text(key, value)) q GROUP BY q.key) s) END
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.append_to_outbox(for_tenant uuid, events jsonb, kept_max bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'colloquy', 'pg_temp'
AS $function$
declare
  stream_seq bigint;
  appended bigint;
begin
  if not exists (select from colloquy.event_sinks s where s.tenant_id = for_tenant) then return 0; end if;
  insert into colloquy.event_streams (tenant_id) values (for_tenant) on conflict (tenant_id) do nothing;
  select s.last_seq into stream_seq from colloquy.event_streams s where s.tenant_id = for_tenant for update;
  insert into colloquy.event_outbox (tenant_id, seq, event_id, type, subject, occurred_at, data)
  select for_tenant, stream_seq + row_number() over (order by e.place), e.event_id, e.type, e.subject, e.occurred_at, e.data
  from (
    select distinct on ((x.event ->> 'eventId')::uuid) x.place, (x.event ->> 'eventId')::uuid as event_id, x.event ->> 'type' as type,
      x.event ->> 'subject' as subject, (x.event ->> 'time')::timestamptz as occurred_at, x.event -> 'data' as data
    from jsonb_array_elements(events) with ordinality as x (event, place)
    order by (x.event ->> 'eventId')::uuid, x.place
  ) e
  where exists (select from colloquy.event_sinks s where s.tenant_id = for_tenant and colloquy.matches_event_type(e.type, s.types))
    and not exists (select from colloquy.event_outbox o where o.tenant_id = for_tenant and o.event_id = e.event_id);
  get diagnostics appended = row_count;
  if appended > 0 then
    update colloquy.event_streams s set last_seq = stream_seq + appended where s.tenant_id = for_tenant;
    delete from colloquy.event_outbox o where o.tenant_id = for_tenant and o.seq <= stream_seq + appended - kept_max;
  end if;
  return appended;
end
$function$
;

-- colloquy_counter
CREATE OR REPLACE FUNCTION colloquy.count_ended_tasks(tenants_max integer, entries_max integer, excusing_codes text[], default_tiers text[], default_availability_ppm integer[], default_latency_ms integer[], default_latency_ppm integer[])
 RETURNS TABLE(entries bigint, tasks bigint, failed bigint, late bigint, is_full boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_nestloop TO 'off'
 SET enable_mergejoin TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
begin
  insert into colloquy.sla_places (tenant_id)
  select c.tenant_id from colloquy.audit_chains c
  where not exists (select from colloquy.sla_places p where p.tenant_id = c.tenant_id)
  on conflict (tenant_id) do nothing;

  return query
  with due as materialized (
    select p.tenant_id, greatest(p.counted_seq, c.pruned_seq) as counted_seq
    from colloquy.sla_places p join colloquy.audit_chains c on c.tenant_id = p.tenant_id
    where greatest(p.counted_seq, c.pruned_seq) < c.last_seq
    order by p.counted_at limit tenants_max
    for update of p skip locked
  ),
  found as materialized (
    select d.tenant_id, s.seq, s.entry_id from due d cross join lateral (
      select c.seq, c.entry_id from colloquy.audit_chain c
      where c.tenant_id = d.tenant_id and c.seq > d.counted_seq order by c.seq limit entries_max
    ) s
  ),
  chained as materialized (
    select f.tenant_id, array_agg(f.entry_id) as entry_ids from found f group by f.tenant_id
  ),
  ends as materialized (
    select e.tenant_id, e.action, e.occurred_at, substr(e.resource, 5)::uuid as task_id
    from chained f cross join lateral (
      select a.tenant_id, a.action, a.occurred_at, a.resource from colloquy.audit_entries a
      where a.tenant_id = f.tenant_id and a.entry_id = any (f.entry_ids) offset 0
    ) e
    where e.action = any ('{task.completed,task.served,task.failed,task.canceled,task.rejected}')
      and e.resource ~ '^tsk_[0-9a-f]{32}$'
  ),
  asked as materialized (
    select e.tenant_id, array_agg(e.task_id) as task_ids,
      -- Only tasks that succeeded have a latency.
      array_agg(e.task_id) filter (where e.action in ('task.completed', 'task.served')) as timed_ids
    from ends e group by e.tenant_id
  ),
  held as materialized (
    select k.tenant_id, k.task_id, k.agent_id, k.error_code, k.created_at from asked q cross join lateral (
      select h.tenant_id, h.task_id, h.agent_id, h.error_code, h.created_at from colloquy.tasks h
      where h.tenant_id = q.tenant_id and h.task_id = any (q.task_ids) offset 0
    ) k
  ),
  begun as materialized (
    select b.tenant_id, b.task_id, b.occurred_at from asked q cross join lateral (
      select v.tenant_id, v.task_id, v.occurred_at from colloquy.task_events v
      where v.tenant_id = q.tenant_id and v.task_id = any (q.timed_ids) and v.seq = 1 offset 0
    ) b
  ),
  timed as materialized (
    select x.tenant_id, x.task_id, t.agent_id, date_trunc('hour', x.occurred_at, 'UTC') as hour, x.action,
      case when x.action in ('task.completed', 'task.served') then x.occurred_at - coalesce(v.occurred_at, t.created_at) end as took,
      x.action in ('task.canceled', 'task.rejected') or coalesce(x.action = 'task.failed' and t.error_code = any (excusing_codes), false) as is_excused
    from ends x
    join held t on t.tenant_id = x.tenant_id and t.task_id = x.task_id
    left join begun v on v.tenant_id = x.tenant_id and v.task_id = x.task_id
  ),
  by_agent as materialized (
    select t.tenant_id, t.agent_id, t.hour, count(*) as ended, count(*) filter (where t.is_excused) as excused,
      count(*) filter (where t.action = 'task.served') as served,
      count(*) filter (where t.action = 'task.failed' and not t.is_excused) as failed,
      array_agg(t.task_id) filter (where t.took is not null) as timed_tasks, array_agg(t.took) filter (where t.took is not null) as times
    from timed t group by t.tenant_id, t.agent_id, t.hour
  ),
  judged as materialized (
    select t.tenant_id, t.hour, a.name as agent_name, a.tier, o.availability_ppm, o.latency_ms, o.latency_ppm,
      t.ended, t.excused, t.served, t.failed, (
        -- Waiting for callers is looked up only for tasks that are late by wall-clock time.
        select count(*) from unnest(t.timed_tasks, t.times) as u (task_id, took)
        where case when u.took <= o.latency_ms * interval '1 millisecond' then false
          else u.took - colloquy.time_waited(t.tenant_id, u.task_id) > o.latency_ms * interval '1 millisecond' end
      ) as late
    from by_agent t
    cross join lateral (
      select g.name, g.tier from colloquy.agents g where g.tenant_id = t.tenant_id and g.agent_id = t.agent_id offset 0
    ) a
    left join lateral (
      select s.availability_ppm, s.latency_ms, s.latency_ppm from colloquy.sla_objectives s
      where s.tenant_id = t.tenant_id and s.kind = 'agent' and s.subject = a.name and s.holds_from <= t.hour
      order by s.holds_from desc limit 1
    ) g on true
    left join lateral (
      select s.availability_ppm, s.latency_ms, s.latency_ppm from colloquy.sla_objectives s
      where s.tenant_id = t.tenant_id and s.kind = 'tier' and s.subject = a.tier and s.holds_from <= t.hour
      order by s.holds_from desc limit 1
    ) r on true
    cross join lateral (
      select coalesce(g.availability_ppm, r.availability_ppm, d.availability_ppm) as availability_ppm,
        coalesce(g.latency_ms, r.latency_ms, d.latency_ms) as latency_ms, coalesce(g.latency_ppm, r.latency_ppm, d.latency_ppm) as latency_ppm
      from unnest(default_tiers, default_availability_ppm, default_latency_ms, default_latency_ppm)
        as d (tier, availability_ppm, latency_ms, latency_ppm) where d.tier = a.tier
    ) o
  ),
  counted as (
    insert into colloquy.sla_counts as c
      (tenant_id, hour, agent_name, tier, availability_ppm, latency_ms, latency_ppm, ended, excused, served, failed, late)
    -- An agent that was registered again has several ids.
    select j.tenant_id, j.hour, j.agent_name, j.tier, j.availability_ppm, j.latency_ms, j.latency_ppm, sum(j.ended)::integer,
      sum(j.excused)::integer, sum(j.served)::integer, sum(j.failed)::integer, sum(j.late)::integer
    from judged j group by 1, 2, 3, 4, 5, 6, 7
    on conflict (tenant_id, hour, agent_name, tier) do update set ended = c.ended + excluded.ended, excused = c.excused + excluded.excused,
      served = c.served + excluded.served, failed = c.failed + excluded.failed, late = c.late + excluded.late
  ),
  moved as (
    update colloquy.sla_places p set counted_seq = n.seq, counted_at = colloquy.now_utc()
    from (select f.tenant_id, max(f.seq) as seq from found f group by f.tenant_id) n where p.tenant_id = n.tenant_id
  )
  select (select count(*) from found), coalesce(sum(j.ended), 0)::bigint, coalesce(sum(j.failed), 0)::bigint, coalesce(sum(j.late), 0)::bigint,
    (select count(*) from due) >= tenants_max
      or exists (select from found f group by f.tenant_id having count(*) >= entries_max)
  from judged j;
end
$function$
;

-- colloquy_counter
CREATE OR REPLACE FUNCTION colloquy.count_usage(tenants_max integer, entries_max integer, outbox_kept_max bigint)
 RETURNS TABLE(entries bigint, tasks bigint, microcredits bigint, is_full boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_nestloop TO 'off'
 SET enable_mergejoin TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
declare
  due_tenants uuid[];
  due_seqs bigint[];
  read_tenants uuid[];
  read_seqs bigint[];
  read_counts bigint[];
  counted colloquy.usage_hours[];
  month timestamptz;
begin
  insert into colloquy.usage_places (tenant_id)
  select c.tenant_id from colloquy.audit_chains c
  where not exists (select from colloquy.usage_places p where p.tenant_id = c.tenant_id)
  on conflict (tenant_id) do nothing;

  select array_agg(d.tenant_id), array_agg(d.counted_seq) into due_tenants, due_seqs from (
    select p.tenant_id, greatest(p.counted_seq, c.pruned_seq) as counted_seq
    from colloquy.usage_places p join colloquy.audit_chains c on c.tenant_id = p.tenant_id
    where greatest(p.counted_seq, c.pruned_seq) < c.last_seq
    order by p.counted_at limit tenants_max
    for update of p skip locked
  ) d;

  with found as materialized (
    select d.tenant_id, s.seq, s.entry_id from unnest(due_tenants, due_seqs) as d (tenant_id, counted_seq) cross join lateral (
      select c.seq, c.entry_id from colloquy.audit_chain c
      where c.tenant_id = d.tenant_id and c.seq > d.counted_seq order by c.seq limit entries_max
    ) s
  ),
  chained as materialized (
    select f.tenant_id, max(f.seq) as seq, count(*) as entries, array_agg(f.entry_id) as entry_ids from found f group by f.tenant_id
  ),
  ends as materialized (
    select e.tenant_id, e.action, e.occurred_at, e.agent_name, e.actor_id, substr(e.resource, 5)::uuid as task_id
    from chained f cross join lateral (
      select a.tenant_id, a.action, a.occurred_at, a.resource, a.actor_id, a.facts ->> 'agent' as agent_name from colloquy.audit_entries a
      where a.tenant_id = f.tenant_id and a.entry_id = any (f.entry_ids) offset 0
    ) e
    where e.action = any ('{task.completed,task.served,task.failed,task.canceled,task.rejected}')
      and e.resource ~ '^tsk_[0-9a-f]{32}$'
  ),
  asked as materialized (
    select e.tenant_id, array_agg(e.task_id) as task_ids from ends e group by e.tenant_id
  ),
  held as materialized (
    select k.tenant_id, k.task_id, k.owner_id, k.sent_to, k.done_by, k.skill_id, k.department, k.cost_center, k.prices, k.usage from asked q cross join lateral (
      select h.tenant_id, h.task_id, h.owner_id, h.agent_id as sent_to, coalesce(h.served_by, h.agent_id) as done_by,
        left(coalesce(h.decision ->> 'skill', h.decision -> 'router' ->> 'skill'), 200) as skill_id,
        left(h.decision ->> 'department', 200) as department, left(h.decision ->> 'costCenter', 200) as cost_center,
        case when h.usage is not null then h.decision -> 'prices' end as prices, h.usage
      from colloquy.tasks h where h.tenant_id = q.tenant_id and h.task_id = any (q.task_ids) offset 0
    ) k
  ),
  paid as materialized (
    select l.tenant_id, l.reservation_id as task_id, sum(l.amount_microcredits) filter (where l.kind = 'settle') as settled,
      sum(l.amount_microcredits) filter (where l.kind = 'charge') as charged,
      sum(l.amount_microcredits) filter (where l.kind = 'overage') as overage
    from asked q cross join lateral (
      select r.tenant_id, r.reservation_id, r.kind, r.amount_microcredits from colloquy.ledger_entries r
      where r.tenant_id = q.tenant_id and r.reservation_id = any (q.task_ids) offset 0
    ) l group by l.tenant_id, l.reservation_id
  ),
  agents as materialized (
    select a.tenant_id, a.agent_id, a.name, a.department, a.cost_center
    from (
      select h.tenant_id, array_agg(distinct i.agent_id) as agent_ids
      from held h cross join lateral unnest(array[h.sent_to, h.done_by]) as i (agent_id) group by h.tenant_id
    ) q cross join lateral (
      select g.tenant_id, g.agent_id, g.name, g.department, g.cost_center from colloquy.agents g
      where g.tenant_id = q.tenant_id and g.agent_id = any (q.agent_ids) offset 0
    ) a
  ),
  callers as materialized (
    select h.tenant_id, array_agg(distinct h.owner_id) as owner_ids from held h group by h.tenant_id
  ),
  clients as materialized (
    select c.tenant_id, c.client_id, c.department, c.cost_center from callers q cross join lateral (
      select o.tenant_id, o.client_id, o.department, o.cost_center from colloquy.oauth_clients o
      where o.tenant_id = q.tenant_id and o.client_id = any (q.owner_ids) offset 0
    ) c
    union all
    -- A principal with several keys: as its newest key states.
    (select distinct on (c.tenant_id, c.principal_id) c.tenant_id, c.principal_id, c.department, c.cost_center
    from callers q cross join lateral (
      select k.tenant_id, k.principal_id, k.created_at, k.department, k.cost_center from colloquy.api_keys k
      where k.tenant_id = q.tenant_id and k.principal_id = any (q.owner_ids) offset 0
    ) c order by c.tenant_id, c.principal_id, c.created_at desc)
  ),
  tasks as materialized (
    -- A task, an agent or a client that is no more has had its entry in the chain all the same: its credits are counted.
    select e.tenant_id, date_trunc('hour', e.occurred_at, 'UTC') as hour, e.action,
      coalesce(d.name, e.agent_name, '') as agent_name, coalesce(h.skill_id, '') as skill_id,
      -- As they were when the task was recorded. A task of before has those of its client, else of the agent that it was sent to.
      coalesce(h.department, c.department, s.department, '') as department,
      coalesce(h.cost_center, c.cost_center, s.cost_center, '') as cost_center,
      coalesce(h.owner_id, e.actor_id) as client_id,
      coalesce(p.settled, 0) as settled, coalesce(p.charged, 0) as charged, coalesce(p.overage, 0) as overage,
      -- What the agent did not report counts as it was expected.
      coalesce((h.usage ->> 'items')::numeric, (h.prices -> d.name ->> 'items')::numeric, 0) as items,
      coalesce(round((h.usage ->> 'workedMs')::numeric), 0) as worked_ms,
      -- Of units only those that the price names: an agent may report any.
      case when h.usage -> 'units' is null or h.usage -> 'units' = '{}' then '{}' else (
        select coalesce(jsonb_object_agg(n.unit, n.quantity::numeric), '{}') from jsonb_each_text(h.usage -> 'units') n (unit, quantity)
        where h.prices -> d.name -> 'price' -> 'perUnit' ? n.unit
      ) end as units
    from ends e
    left join held h on h.tenant_id = e.tenant_id and h.task_id = e.task_id
    left join paid p on p.tenant_id = e.tenant_id and p.task_id = e.task_id
    left join agents d on d.tenant_id = h.tenant_id and d.agent_id = h.done_by
    left join agents s on s.tenant_id = h.tenant_id and s.agent_id = h.sent_to
    left join clients c on c.tenant_id = h.tenant_id and c.client_id = h.owner_id
  ),
  grouped as (
    select row(t.tenant_id, t.hour,
      encode(substr(sha256(convert_to(
        jsonb_build_array(t.agent_name, t.skill_id, t.department, t.cost_center, t.client_id)::text, 'UTF8')), 1, 16), 'hex')::uuid,
      t.agent_name, t.skill_id, t.department, t.cost_center, t.client_id, count(*),
      count(*) filter (where t.action = 'task.completed'), count(*) filter (where t.action = 'task.served'),
      count(*) filter (where t.action = 'task.failed'), count(*) filter (where t.action = 'task.canceled'),
      count(*) filter (where t.action = 'task.rejected'),
      sum(t.settled)::bigint, sum(t.charged)::bigint, sum(t.overage)::bigint,
      sum(t.items), sum(t.worked_ms)::bigint, colloquy.sum_quantities(t.units))::colloquy.usage_hours as g
    from tasks t group by t.tenant_id, t.hour, t.agent_name, t.skill_id, t.department, t.cost_center, t.client_id
  )
  select (select array_agg(f.tenant_id) from chained f), (select array_agg(f.seq) from chained f), (select array_agg(f.entries) from chained f),
    (select array_agg(x.g) from grouped x)
  into read_tenants, read_seqs, read_counts, counted;

  for month in select distinct date_trunc('month', u.hour, 'UTC') from unnest(counted) u order by 1 loop
    perform colloquy.make_usage_month(month);
  end loop;

  insert into colloquy.usage_hours as u
  select * from unnest(counted) n order by n.tenant_id, n.hour, n.group_id
  on conflict (tenant_id, hour, group_id) do update set calls = u.calls + excluded.calls, completed = u.completed + excluded.completed,
    cached = u.cached + excluded.cached, failed = u.failed + excluded.failed, canceled = u.canceled + excluded.canceled,
    rejected = u.rejected + excluded.rejected, settled_microcredits = u.settled_microcredits + excluded.settled_microcredits,
    charged_microcredits = u.charged_microcredits + excluded.charged_microcredits,
    overage_microcredits = u.overage_microcredits + excluded.overage_microcredits, items = u.items + excluded.items,
    worked_ms = u.worked_ms + excluded.worked_ms, units = colloquy.add_quantities(u.units, excluded.units);

  update colloquy.usage_places p set counted_seq = n.seq, counted_at = colloquy.now_utc()
  from unnest(read_tenants, read_seqs) as n (tenant_id, seq) where p.tenant_id = n.tenant_id;

  perform colloquy.append_to_outbox(e.tenant_id, e.events, outbox_kept_max)
  from (
    select n.tenant_id, jsonb_agg(jsonb_build_object(
      'eventId', encode(substr(sha256(convert_to(concat_ws(' ', 'usage', n.tenant_id, n.hour at time zone 'UTC', n.group_id, r.seq), 'UTF8')), 1, 16), 'hex')::uuid,
      'type', 'dev.colloquy.usage.recorded.v1', 'subject', 'agents/' || n.agent_name, 'time', colloquy.now_utc(),
      'data', jsonb_build_object('hour', to_char(n.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'agent', n.agent_name, 'skill', n.skill_id,
        'department', n.department, 'costCenter', n.cost_center, 'clientId', n.client_id, 'calls', n.calls, 'completed', n.completed,
        'cached', n.cached, 'failed', n.failed, 'canceled', n.canceled, 'rejected', n.rejected,
        'settledMicrocredits', n.settled_microcredits, 'chargedMicrocredits', n.charged_microcredits,
        'overageMicrocredits', n.overage_microcredits,
        'usedMicrocredits', n.settled_microcredits + n.charged_microcredits + n.overage_microcredits,
        'items', n.items, 'workedMs', n.worked_ms, 'units', n.units)) order by n.hour, n.group_id) as events
    from unnest(counted) n join unnest(read_tenants, read_seqs) as r (tenant_id, seq) on r.tenant_id = n.tenant_id
    where exists (select from colloquy.event_sinks s
      where s.tenant_id = n.tenant_id and colloquy.matches_event_type('dev.colloquy.usage.recorded.v1', s.types))
    group by n.tenant_id order by n.tenant_id
  ) e;

  return query
  select coalesce((select sum(n) from unnest(read_counts) n), 0)::bigint, coalesce(sum(u.calls), 0)::bigint,
    coalesce(sum(u.settled_microcredits + u.charged_microcredits + u.overage_microcredits), 0)::bigint,
    coalesce(cardinality(due_tenants), 0) >= tenants_max or coalesce(entries_max = any (read_counts), false)
  from unnest(counted) u;
end
$function$
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.current_tenants()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (COALESCE(NULLIF(current_setting('colloquy.tenant_ids'::text, true), ''::text), '{}'::text))::uuid[]
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.describe_agent()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  card   jsonb;
  said   jsonb;
  listed jsonb;
begin
  delete from colloquy.agent_facets f where f.tenant_id = new.tenant_id and f.agent_name = new.name;
  delete from colloquy.agent_texts x where x.tenant_id = new.tenant_id and x.agent_name = new.name;
  if new.deregistered_at is not null then
    return null;
  end if;
  select v.card into card from colloquy.agent_card_versions v
    where v.tenant_id = new.tenant_id and v.agent_id = new.agent_id and v.version = new.card_version;
  said := coalesce(jsonb_path_query_first(card,
    '$.capabilities.extensions[*] ? (@.uri == "urn:colloquy:extension:enterprise:v1").params'), '{}');
  select coalesce(jsonb_agg(s), '[]') into listed
    from jsonb_array_elements(card -> 'skills') s where not (s ->> 'id' = any (new.extended_skill_ids));

  update colloquy.agents a set
    department = left(jsonb_path_query_first(said, '$.department ? (@.type() == "string")') #>> '{}', 200),
    owner = left(jsonb_path_query_first(said, '$.owner ? (@.type() == "string")') #>> '{}', 200),
    cost_center = left(jsonb_path_query_first(said, '$.costCenter ? (@.type() == "string")') #>> '{}', 200),
    tier = coalesce(jsonb_path_query_first(said, '$.tier ? (@ == "gold" || @ == "silver" || @ == "bronze")') #>> '{}', 'silver'),
    slots_max = jsonb_path_query_first(said, '$.slotsMax ? (@ >= 1 && @ <= 100000)')::integer,
    regions = array(select distinct left(r #>> '{}', 200)
      from jsonb_path_query(said, '$.regions[*] ? (@.type() == "string")') r order by 1 limit 64),
    scopes = array(select distinct left(r #>> '{}', 200)
      from jsonb_path_query(said, '$.scopes[*] ? (@.type() == "string")') r order by 1 limit 64),
    status = coalesce(jsonb_path_query_first(said, '$.status ? (@ == "maintenance" || @ == "deprecated")') #>> '{}', 'active'),
    documentation_url = left(card ->> 'documentationUrl', 2048),
    card_title = coalesce(card ->> 'name', ''),
    card_description = coalesce(card ->> 'description', ''),
    card_release = coalesce(card ->> 'version', ''),
    card_streaming = coalesce(card -> 'capabilities' -> 'streaming' = 'true', false),
    card_skill_ids = array(select s ->> 'id' from jsonb_array_elements(card -> 'skills') with ordinality of_card (s, at)
      where s ->> 'id' is not null order by at)
  where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id;

  delete from colloquy.skills k where k.tenant_id = new.tenant_id and k.agent_id = new.agent_id;
  insert into colloquy.skills (tenant_id, agent_id, skill_id, position, name, description, tags, idempotent, estimated_ms, cache_ttl_ms,
    price_microcredits, input_schema, output_schema, words)
  select new.tenant_id, new.agent_id, left(s ->> 'id', 200), at, coalesce(s ->> 'name', ''), coalesce(s ->> 'description', ''),
    array(select t #>> '{}' from jsonb_path_query(s, '$.tags[*]') t),
    (jsonb_path_query_first(own, '$.idempotent ? (@ == true || @ == false)'))::boolean,
    (jsonb_path_query_first(own, '$.estimatedMs ? (@ >= 0 && @ <= 86400000)'))::bigint,
    (jsonb_path_query_first(own, '$.cacheTtlMs ? (@ >= 1 && @ <= 31536000000)'))::bigint,
    (jsonb_path_query_first(own, '$.priceMicrocredits ? (@ >= 0 && @ <= 9000000000000000)'))::bigint,
    case jsonb_typeof(own -> 'inputSchema') when 'object' then own -> 'inputSchema' end,
    case jsonb_typeof(own -> 'outputSchema') when 'object' then own -> 'outputSchema' end,
    setweight(to_tsvector('english', left(concat_ws(' ', left(s ->> 'id', 200), coalesce(s ->> 'name', ''),
      array_to_string(array(select t #>> '{}' from jsonb_path_query(s, '$.tags[*]') t), ' ')), 2000)), 'A')
      || setweight(to_tsvector('english', left(coalesce(s ->> 'description', ''), 4000)), 'C')
  from jsonb_array_elements(card -> 'skills') with ordinality listed_skill (s, at)
  cross join lateral (select coalesce(said -> 'skills' -> (s ->> 'id'), '{}') as own) terms
  on conflict do nothing;

  insert into colloquy.agent_facets (tenant_id, facet, value, agent_name)
  select distinct new.tenant_id, facet, left(value, 200), new.name
  from (
    select 'skill' as facet, s ->> 'id' as value from jsonb_array_elements(listed) s
    union all select 'tag', lower(t #>> '{}') from jsonb_path_query(listed, '$[*].tags[*]') t
    union all select 'capability', c.key from jsonb_each(card -> 'capabilities') c where c.value = 'true'
    union all select 'capability', e #>> '{}' from jsonb_path_query(card, '$.capabilities.extensions[*].uri') e
    union all select 'region', r from unnest(array(select r #>> '{}' from jsonb_path_query(said, '$.regions[*] ? (@.type() == "string")') r)) r
    union all select 'member', m from colloquy.skills k cross join jsonb_object_keys(
        case jsonb_typeof(k.input_schema -> 'properties') when 'object' then k.input_schema -> 'properties' else '{}' end) m
      where k.tenant_id = new.tenant_id and k.agent_id = new.agent_id
    union all select 'department', a.department from colloquy.agents a where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id
    union all select 'tier', a.tier from colloquy.agents a where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id
    union all select 'status', a.status from colloquy.agents a where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id
  ) facets
  where value is not null and value <> '';

  insert into colloquy.agent_texts (tenant_id, agent_name, words)
  values (new.tenant_id, new.name, colloquy.words_of_agent(new.tenant_id, new.name, card, listed, said ->> 'department'));
  return null;
end
$function$
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.digest_tasks(wanted_tenants uuid[], wanted_tasks uuid[])
 RETURNS TABLE(task_id uuid, input_digest bytea, output_digest bytea)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
 SET enable_seqscan TO 'off'
BEGIN ATOMIC
 SELECT e.task_id,
     e.input_digest,
     e.output_digest
    FROM (( SELECT w.tenant_id,
             array_agg(w.task_id) AS task_ids
            FROM UNNEST(digest_tasks.wanted_tenants, digest_tasks.wanted_tasks) w(tenant_id, task_id)
           GROUP BY w.tenant_id) q
      CROSS JOIN LATERAL ( SELECT t.task_id,
             sha256(convert_to(string_agg(t.payload, chr(30) ORDER BY t.seq) FILTER (WHERE ((t.kind)::text = ANY (ARRAY['task'::text, 'turn'::text]))), 'UTF8'::name)) AS input_digest,
             sha256(convert_to(string_agg(t.payload, chr(30) ORDER BY t.seq) FILTER (WHERE ((t.kind)::text <> ALL (ARRAY['task'::text, 'turn'::text]))), 'UTF8'::name)) AS output_digest
            FROM colloquy.task_events t
           WHERE ((t.tenant_id = q.tenant_id) AND (t.task_id = ANY (q.task_ids)))
           GROUP BY t.task_id) e);
END
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.drop_usage_months(kept_months integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
AS $function$
declare
  oldest text := 'usage_hours_' || to_char(
    colloquy.now_utc() at time zone 'UTC' - greatest(kept_months, 12) * interval '1 month', 'YYYY_MM');
  partition regclass;
  dropped integer := 0;
begin
  for partition in
    select c.oid from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'colloquy.usage_hours'::regclass and c.relname < oldest
  loop
    execute format('drop table %s', partition);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$function$
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.find_api_key(wanted_key_id text)
 RETURNS TABLE(tenant_id uuid, tenant_slug text, key_id text, principal_id text, secret_hash bytea, scopes text[], agent_names text[], left_ms double precision, is_live boolean, department text, cost_center text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT k.tenant_id,
     t.slug,
     k.key_id,
     k.principal_id,
     k.secret_hash,
     k.scopes,
     k.agent_names,
     ((EXTRACT(epoch FROM (k.expires_at - colloquy.now_utc())))::double precision * (1000)::double precision),
     ((k.revoked_at IS NULL) AND (k.expires_at > colloquy.now_utc())),
     k.department,
     k.cost_center
    FROM (colloquy.api_keys k
      JOIN colloquy.tenants t ON ((t.tenant_id = k.tenant_id)))
   WHERE (k.key_id = find_api_key.wanted_key_id);
END
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.find_due_event_sinks(busy_origins text[], busy_tenants uuid[], row_limit integer)
 RETURNS TABLE(tenant_id uuid, name text, origin text, due_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT s.tenant_id,
     s.name,
     s.origin,
     s.due_at
    FROM (colloquy.event_sinks s
      LEFT JOIN colloquy.event_streams e ON ((e.tenant_id = s.tenant_id)))
   WHERE ((s.gone_at IS NULL) AND (s.due_at <= colloquy.now_utc()) AND ((s.lease_until IS NULL) OR (s.lease_until <= colloquy.now_utc())) AND (s.has_replays OR (e.last_seq > s.sent_seq)) AND (s.origin <> ALL (find_due_event_sinks.busy_origins)) AND (s.tenant_id <> ALL (find_due_event_sinks.busy_tenants)))
   ORDER BY s.due_at
  LIMIT find_due_event_sinks.row_limit;
END
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.find_due_subscriptions(busy_origins text[], busy_tenants uuid[], row_limit integer)
 RETURNS TABLE(tenant_id uuid, task_id uuid, subscription_id uuid, origin text, due_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT s.tenant_id,
     s.task_id,
     s.subscription_id,
     s.origin,
     s.due_at
    FROM (colloquy.push_subscriptions s
      JOIN colloquy.tasks t ON (((t.tenant_id = s.tenant_id) AND (t.task_id = s.task_id))))
   WHERE (s.is_active AND (s.due_at <= colloquy.now_utc()) AND ((s.lease_until IS NULL) OR (s.lease_until <= colloquy.now_utc())) AND (s.has_replays OR ((s.ended IS NULL) AND (t.last_seq > s.sent_seq))) AND (s.origin <> ALL (find_due_subscriptions.busy_origins)) AND (s.tenant_id <> ALL (find_due_subscriptions.busy_tenants)) AND (NOT (EXISTS ( SELECT
            FROM colloquy.stops x
           WHERE ((x.tenant_id = s.tenant_id) AND (x.resumed_at IS NULL) AND ((x.kind = 'tenant'::text) OR ((x.kind = 'principal'::text) AND (x.name = s.created_by))))))))
   ORDER BY s.due_at
  LIMIT find_due_subscriptions.row_limit;
END
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.find_external_issuer(wanted_issuer text, wanted_audience text)
 RETURNS TABLE(tenant_id uuid, tenant_slug text, issuer_id text, algorithms text[], token_type text, subject_claim text, scopes_claim text, scope_map jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT i.tenant_id,
     t.slug,
     i.issuer_id,
     i.algorithms,
     i.token_type,
     i.subject_claim,
     i.scopes_claim,
     i.scope_map
    FROM (colloquy.external_issuers i
      JOIN colloquy.tenants t ON ((t.tenant_id = i.tenant_id)))
   WHERE ((i.issuer = find_external_issuer.wanted_issuer) AND (i.audience = find_external_issuer.wanted_audience) AND (i.removed_at IS NULL));
END
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.find_fallen(standings jsonb)
 RETURNS TABLE(place integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT ((s.n - 1))::integer AS int4
    FROM jsonb_array_elements(find_fallen.standings) WITH ORDINALITY s(standing, n)
   WHERE ((EXISTS ( SELECT
            FROM (jsonb_array_elements_text((s.standing -> 'revocable'::text)) w(subject)
              JOIN colloquy.revocations r ON (((r.tenant_id = ((s.standing ->> 'tenant'::text))::uuid) AND (r.subject = w.subject)))))) OR (EXISTS ( SELECT
            FROM jsonb_array_elements_text((s.standing -> 'parties'::text)) p(id)
           WHERE ((NOT (EXISTS ( SELECT
                    FROM colloquy.oauth_clients c
                   WHERE ((c.client_id = p.id) AND (c.tenant_id = ((s.standing ->> 'tenant'::text))::uuid) AND (c.revoked_at IS NULL))))) AND (NOT (EXISTS ( SELECT
                    FROM colloquy.people m
                   WHERE ((m.person_id = p.id) AND (m.tenant_id = ((s.standing ->> 'tenant'::text))::uuid) AND (m.disabled_at IS NULL))))) AND (NOT (EXISTS ( SELECT
                    FROM colloquy.api_keys k
                   WHERE ((k.key_id = p.id) AND (k.tenant_id = ((s.standing ->> 'tenant'::text))::uuid) AND (k.revoked_at IS NULL) AND (k.expires_at > colloquy.now_utc()))))) AND (NOT (EXISTS ( SELECT
                    FROM colloquy.external_issuers i
                   WHERE ((i.issuer_id = p.id) AND (i.tenant_id = ((s.standing ->> 'tenant'::text))::uuid) AND (i.removed_at IS NULL)))))))));
END
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.find_narrowed(standings jsonb)
 RETURNS TABLE(place integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT ((s.n - 1))::integer AS int4
    FROM jsonb_array_elements(find_narrowed.standings) WITH ORDINALITY s(standing, n)
   WHERE (((s.standing ->> 'narrowings'::text) IS NOT NULL) AND (((s.standing ->> 'narrowings'::text))::integer < ( SELECT (count(DISTINCT g.principal_id) + count(g.removed_at))
            FROM colloquy.grants g
           WHERE ((g.tenant_id = ((s.standing ->> 'tenant'::text))::uuid) AND (g.principal_id IN ( SELECT h.id
                    FROM jsonb_array_elements_text((s.standing -> 'holders'::text)) h(id)))))));
END
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.find_oauth_client(wanted_client_id text)
 RETURNS TABLE(tenant_id uuid, tenant_slug text, client_id text, kind text, scopes text[], revoked_at timestamp with time zone, auth_method text, token_binding text, jwks jsonb, subject_kind text, subject_value text, secret_hashes bytea[], authorities text[], department text, cost_center text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT c.tenant_id,
     t.slug,
     c.client_id,
     c.kind,
     c.scopes,
     c.revoked_at,
     c.auth_method,
     c.token_binding,
     c.jwks,
     c.subject_kind,
     c.subject_value,
     ARRAY( SELECT s.secret_hash
            FROM colloquy.oauth_client_secrets s
           WHERE ((s.tenant_id = c.tenant_id) AND (s.client_id = c.client_id) AND (s.revoked_at IS NULL) AND ((s.expires_at IS NULL) OR (s.expires_at > colloquy.now_utc())))) AS "array",
         CASE c.auth_method
             WHEN 'tls_client_auth'::text THEN ARRAY( SELECT a.certificate
                FROM colloquy.client_authorities a
               WHERE (a.tenant_id = c.tenant_id))
             ELSE NULL::text[]
         END AS "case",
     c.department,
     c.cost_center
    FROM (colloquy.oauth_clients c
      JOIN colloquy.tenants t ON ((t.tenant_id = c.tenant_id)))
   WHERE (c.client_id = find_oauth_client.wanted_client_id);
END
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.find_public_card(wanted_slug text, wanted_name text)
 RETURNS TABLE(card jsonb, version integer, agent_id uuid, modified_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT v.card,
     v.version,
     a.agent_id,
     v.created_at
    FROM ((colloquy.tenants t
      JOIN colloquy.agents a ON ((a.tenant_id = t.tenant_id)))
      JOIN colloquy.agent_card_versions v ON (((v.tenant_id = a.tenant_id) AND (v.agent_id = a.agent_id) AND (v.version = a.card_version))))
   WHERE ((t.slug = find_public_card.wanted_slug) AND (a.name = find_public_card.wanted_name) AND (a.deregistered_at IS NULL) AND (a.card_visibility = 'public'::text));
END
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.find_public_served_card(wanted_slug text, wanted_name text)
 RETURNS TABLE(tenant_id uuid, agent_id uuid, card jsonb, version integer, modified_at timestamp with time zone, extended_skill_ids text[], digest uuid, signatures jsonb, signed_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT a.tenant_id,
     a.agent_id,
     v.card,
     v.version,
     v.created_at,
     a.extended_skill_ids,
     s.digest,
     s.signatures,
     s.signed_at
    FROM (((colloquy.tenants t
      JOIN colloquy.agents a ON ((a.tenant_id = t.tenant_id)))
      JOIN colloquy.agent_card_versions v ON (((v.tenant_id = a.tenant_id) AND (v.agent_id = a.agent_id) AND (v.version = a.card_version))))
      LEFT JOIN colloquy.served_card_signatures s ON (((s.tenant_id = a.tenant_id) AND (s.agent_id = a.agent_id))))
   WHERE ((t.slug = find_public_served_card.wanted_slug) AND (a.name = find_public_served_card.wanted_name) AND (a.deregistered_at IS NULL) AND (a.card_visibility = 'public'::text));
END
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.find_stopped(standings jsonb)
 RETURNS TABLE(place integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT ((s.n - 1))::integer AS int4
    FROM jsonb_array_elements(find_stopped.standings) WITH ORDINALITY s(standing, n)
   WHERE (EXISTS ( SELECT
            FROM colloquy.stops x
           WHERE ((x.tenant_id = ((s.standing ->> 'tenant'::text))::uuid) AND (x.resumed_at IS NULL) AND ((x.kind = 'tenant'::text) OR ((x.kind = 'principal'::text) AND (((s.standing -> 'parties'::text) ? x.name) OR ((s.standing -> 'revocable'::text) ? x.name)))))));
END
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.find_tenant(wanted_slug text)
 RETURNS TABLE(tenant_id uuid, slug text, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT t.tenant_id,
     t.slug,
     t.name
    FROM colloquy.tenants t
   WHERE (t.slug = find_tenant.wanted_slug);
END
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.find_tenants_with_alerts(after_tenant uuid, row_limit integer)
 RETURNS TABLE(tenant_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT x.tenant_id
    FROM ( SELECT b.tenant_id
            FROM colloquy.budgets b
           WHERE (b.tenant_id > find_tenants_with_alerts.after_tenant)
         UNION
          SELECT s.tenant_id
            FROM colloquy.credit_settings s
           WHERE ((s.tenant_id > find_tenants_with_alerts.after_tenant) AND (s.low_credit_microcredits IS NOT NULL))
         UNION
          SELECT r.tenant_id
            FROM colloquy.credit_reconciliations r
           WHERE ((r.tenant_id > find_tenants_with_alerts.after_tenant) AND (r.drifts <> '[]'::jsonb))) x
   ORDER BY x.tenant_id
  LIMIT find_tenants_with_alerts.row_limit;
END
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.forget_places()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from colloquy.instance_certificates c using colloquy.agent_instances i
  where i.tenant_id = new.tenant_id and i.agent_id = new.agent_id and c.tenant_id = i.tenant_id and c.instance_id = i.instance_id;
  return null;
end
$function$
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.hint_access()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('colloquy_access', new.tenant_id::text);
  return null;
end
$function$
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.hint_breakers()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('colloquy_breakers', '');
  return null;
end
$function$
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.hint_keys()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('colloquy_access', '');
  return null;
end
$function$
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.hint_routes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('colloquy_routes', coalesce(new.tenant_id, old.tenant_id)::text);
  return null;
end
$function$
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.keep_agent_slots()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into colloquy.slots as s (tenant_id, key_id, agent_id, slots_max)
  -- As the row is now: another trigger may have changed it since.
  select a.tenant_id, a.agent_id, a.agent_id, a.slots_max from colloquy.agents a
  where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id and (a.slots_max is not null
    or exists (select from colloquy.slots x where x.tenant_id = a.tenant_id and x.key_id = a.agent_id))
  on conflict (tenant_id, key_id) do update set slots_max = excluded.slots_max where s.slots_max is distinct from excluded.slots_max;
  return null;
end
$function$
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.keep_instance_slots()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.slots_max is null and not exists (
    select from colloquy.slots x where x.tenant_id = new.tenant_id and x.key_id = new.instance_id) then
    return null;
  end if;
  insert into colloquy.slots (tenant_id, key_id, agent_id, slots_max)
  select a.tenant_id, a.agent_id, a.agent_id, a.slots_max from colloquy.agents a
  where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id
  on conflict (tenant_id, key_id) do nothing;
  insert into colloquy.slots as s (tenant_id, key_id, agent_id, slots_max)
  values (new.tenant_id, new.instance_id, new.agent_id, new.slots_max)
  on conflict (tenant_id, key_id) do update set slots_max = excluded.slots_max where s.slots_max is distinct from excluded.slots_max;
  return null;
end
$function$
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.list_tenants(after_slug text, row_limit integer)
 RETURNS TABLE(tenant_id uuid, slug text, name text, created_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT t.tenant_id,
     t.slug,
     t.name,
     t.created_at
    FROM colloquy.tenants t
   WHERE (t.slug > list_tenants.after_slug)
   ORDER BY t.slug
  LIMIT list_tenants.row_limit;
END
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.look_at_endpoint()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into colloquy.endpoint_looks (tenant_id, agent_id) values (new.tenant_id, new.agent_id)
  on conflict (tenant_id, agent_id) do update set next_look_at = colloquy.now_utc();
  return null;
end
$function$
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.look_at_other_places()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  gone colloquy.instance_certificates;
begin
  delete from colloquy.instance_certificates c where c.tenant_id = new.tenant_id and c.instance_id = new.instance_id
    returning c.* into gone;
  -- The next one at its origin is counted until somebody looks, or for as long as nobody gets through.
  if gone.is_first then
    update colloquy.instance_certificates c set is_first = true
    where c.tenant_id = gone.tenant_id and c.instance_id = (
      select s.instance_id from colloquy.agent_instances g
      join colloquy.agent_instances i on i.tenant_id = g.tenant_id and i.agent_id = g.agent_id
      join colloquy.instance_certificates s on s.tenant_id = i.tenant_id and s.instance_id = i.instance_id
      where g.tenant_id = gone.tenant_id and g.instance_id = gone.instance_id and s.origin = gone.origin
      order by s.instance_id limit 1
    );
  end if;
  insert into colloquy.endpoint_looks (tenant_id, agent_id)
    select i.tenant_id, i.agent_id from colloquy.agent_instances i
    where i.tenant_id = new.tenant_id and i.instance_id = new.instance_id
  on conflict (tenant_id, agent_id) do update set next_look_at = colloquy.now_utc();
  return null;
end
$function$
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.make_usage_month(month timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
AS $function$
declare
  partition text := 'usage_hours_' || to_char(month at time zone 'UTC', 'YYYY_MM');
begin
  if to_regclass('colloquy.' || partition) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('colloquy.make_usage_month', 0));
  if to_regclass('colloquy.' || partition) is not null then
    return;
  end if;
  execute format('create table colloquy.%I (like colloquy.usage_hours including constraints) with (fillfactor = 70)', partition);
  call colloquy.secure_tenant_table(('colloquy.' || partition)::regclass);
  execute format('alter table colloquy.usage_hours attach partition colloquy.%I for values from (%L) to (%L)', partition,
    month, (month at time zone 'UTC' + interval '1 month') at time zone 'UTC');
end
$function$
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.match_agents(wanted_tenant uuid, wanted tsquery)
 RETURNS TABLE(agent_name text, rank real)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT x.agent_name,
     ts_rank(x.words, match_agents.wanted) AS ts_rank
    FROM colloquy.agent_texts x
   WHERE ((x.tenant_id = match_agents.wanted_tenant) AND (match_agents.wanted_tenant = ANY (colloquy.current_tenants())) AND (x.words @@ ((quote_literal(('tenant:'::text || match_agents.wanted_tenant)))::tsquery && match_agents.wanted)));
END
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.matches_event_type(type text, types text[])
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (type ~~ ANY (string_to_array(replace(array_to_string(types, ' '::text), '*'::text, '%'::text), ' '::text)))
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.note_card_standing()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform from colloquy.agents a where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id for no key update;
  update colloquy.agents a
  set card_signature_state = v.signature_state, card_signature_kid = v.signature_kid, pending_card_version = waiting.version
  from colloquy.agent_card_versions v
  cross join lateral (
    select max(w.version) as version from colloquy.agent_card_versions w
    where w.tenant_id = v.tenant_id and w.agent_id = v.agent_id and w.status = 'pending'
  ) waiting
  where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id
    and v.tenant_id = a.tenant_id and v.agent_id = a.agent_id and v.version = a.card_version
    and (a.card_signature_state, a.card_signature_kid, a.pending_card_version)
      is distinct from (v.signature_state, v.signature_kid, waiting.version);
  return null;
end
$function$
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.now_utc()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN transaction_timestamp()
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.price_agent()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  params jsonb;
begin
  if new.deregistered_at is not null then
    return null;
  end if;
  select jsonb_path_query_first(v.card,
      '$.capabilities.extensions[*] ? (@.uri == "urn:colloquy:extension:enterprise:v1").params')
    into params from colloquy.agent_card_versions v
    where v.tenant_id = new.tenant_id and v.agent_id = new.agent_id and v.version = new.card_version;
  update colloquy.agents a set price = case jsonb_typeof(params -> 'price') when 'object' then params -> 'price' end
    where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id and (a.price is not null or params ? 'price');
  update colloquy.skills k set price = params -> 'skills' -> k.skill_id -> 'price'
    where k.tenant_id = new.tenant_id and k.agent_id = new.agent_id
      and jsonb_typeof(params -> 'skills' -> k.skill_id -> 'price') = 'object';
  return null;
end
$function$
;

-- colloquy_pruner
CREATE OR REPLACE FUNCTION colloquy.prune_audit(wanted_tenant uuid, exported_seq bigint, exported_hash bytea, entries_max integer)
 RETURNS TABLE(is_exported boolean, pruned_through bigint, pruned bigint, is_done boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
AS $function$
declare
  through bigint;
  first bigint;
  last bigint;
  gone bigint := 0;
begin
  select c.pruned_seq into through from colloquy.audit_chains c where c.tenant_id = wanted_tenant for update;
  if through is null then
    return query select false, 0::bigint, 0::bigint, true;
    return;
  end if;
  if exported_seq > through then
    if not exists (
      select from colloquy.audit_chain p where p.tenant_id = wanted_tenant and p.seq = exported_seq and p.hash = exported_hash
    ) then
      return query select false, through, 0::bigint, true;
      return;
    end if;
    select greatest(through, max(k.size)) into through
    from colloquy.audit_retentions r
    join colloquy.audit_checkpoints k on k.tenant_id = r.tenant_id
    where r.tenant_id = wanted_tenant and k.size <= exported_seq
      and k.created_at <= colloquy.now_utc() - r.keep_days * interval '1 day';
    select coalesce(through, c.pruned_seq) into through from colloquy.audit_chains c where c.tenant_id = wanted_tenant;
    update colloquy.audit_chains c set pruned_seq = through where c.tenant_id = wanted_tenant and c.pruned_seq < through;
  end if;
  select min(p.seq) into first from colloquy.audit_chain p where p.tenant_id = wanted_tenant;
  last := least(through, first + entries_max - 1);
  delete from colloquy.audit_entries e using colloquy.audit_chain p
  where p.tenant_id = wanted_tenant and p.seq between first and last
    and e.tenant_id = wanted_tenant and e.entry_id = p.entry_id;
  get diagnostics gone = row_count;
  delete from colloquy.audit_chain p
  where p.tenant_id = wanted_tenant and p.seq between first and least(last, through - through % 256);
  return query select true, through, gone, last >= through;
end
$function$
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if tg_op = 'DELETE' and current_user = 'colloquy_pruner' and tg_table_name in ('audit_entries', 'audit_chain') then
    return null;
  end if;
  raise exception '% of % is refused: it is append-only', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end
$function$
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.refuse_return()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  raise exception 'an erased subject of audit entries stays erased' using errcode = 'insufficient_privilege';
end
$function$
;

-- colloquy_owner
CREATE OR REPLACE PROCEDURE colloquy.secure_tenant_table(IN secured regclass)
 LANGUAGE plpgsql
AS $procedure$
begin
  execute format('alter table %s enable row level security', secured);
  execute format('alter table %s force row level security', secured);
  execute format(
    'create policy tenant_isolation on %s for all to colloquy_app'
    ' using (tenant_id = any ((select colloquy.current_tenants())::uuid[]))'
    ' with check (tenant_id = any ((select colloquy.current_tenants())::uuid[]))', secured);
end
$procedure$
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.time_ordered_id()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
BEGIN ATOMIC
 SELECT ((((lpad(to_hex((t.us / 1000)), 12, '0'::text) || '7'::text) || lpad(to_hex((((t.us % (1000)::bigint) * 4096) / 1000)), 3, '0'::text)) || substr(replace((gen_random_uuid())::text, '-'::text, ''::text), 17)))::uuid AS uuid
    FROM ( SELECT (floor((EXTRACT(epoch FROM ((clock_timestamp() - transaction_timestamp()) + colloquy.now_utc())) * (1000000)::numeric)))::bigint AS us) t;
END
;

-- colloquy_lookup
CREATE OR REPLACE FUNCTION colloquy.time_waited(wanted_tenant uuid, wanted_task uuid)
 RETURNS interval
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'colloquy', 'pg_temp'
BEGIN ATOMIC
 SELECT COALESCE(sum((x.ended_at - x.occurred_at)), '00:00:00'::interval) AS "coalesce"
    FROM ( SELECT e.kind,
             e.payload,
             e.occurred_at,
             lead(e.occurred_at) OVER (ORDER BY e.seq) AS ended_at
            FROM colloquy.task_events e
           WHERE ((e.tenant_id = time_waited.wanted_tenant) AND (e.task_id = time_waited.wanted_task))) x
   WHERE (((x.kind)::text = 'status'::text) AND (x.payload ~ '^\{"statusUpdate":\{"taskId":"[^"]*","contextId":"([^"\\]|\\.)*","status":\{"state":"TASK_STATE_(INPUT|AUTH)_REQUIRED"'::text));
END
;

-- colloquy_owner
CREATE OR REPLACE FUNCTION colloquy.words_of_agent(tenant uuid, agent_name text, card jsonb, skills jsonb, department text)
 RETURNS tsvector
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT ((((array_to_tsvector(ARRAY[('tenant:'::text || words_of_agent.tenant)]) || setweight(to_tsvector('english'::regconfig, "left"(concat_ws(' '::text, words_of_agent.agent_name, (words_of_agent.card ->> 'name'::text), words_of_agent.department), 2000)), 'A'::"char")) || setweight(to_tsvector('english'::regconfig, "left"(COALESCE(string_agg(concat_ws(' '::text, (s.value ->> 'id'::text), (s.value ->> 'name'::text), (s.value ->> 'tags'::text)), ' '::text), ''::text), 20000)), 'B'::"char")) || setweight(to_tsvector('english'::regconfig, "left"(COALESCE((words_of_agent.card ->> 'description'::text), ''::text), 8000)), 'C'::"char")) || setweight(to_tsvector('english'::regconfig, "left"(COALESCE(string_agg(concat_ws(' '::text, (s.value ->> 'description'::text), (s.value ->> 'examples'::text)), ' '::text), ''::text), 20000)), 'D'::"char"))
    FROM jsonb_array_elements(words_of_agent.skills) s(value);
END
;


-- colloquy_owner
create aggregate colloquy.sum_quantities(jsonb) (sfunc = colloquy.add_quantities, stype = jsonb, initcond = '{}');
