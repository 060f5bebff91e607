-- The schema as a whole, for reading; tests/complaints/test_migrate.py proves that the migrations end here.
CREATE TABLE city (
    city_id    smallint PRIMARY KEY,
    name       text NOT NULL,
    timezone   text NOT NULL DEFAULT 'UTC'
);

-- One row a city, counted up last in each transaction: a sequence would commit out of order.
CREATE TABLE revision (
    city_id    smallint PRIMARY KEY REFERENCES city,
    revision   bigint NOT NULL DEFAULT 0 CHECK (revision >= 0),
    changed_at timestamptz
);

CREATE TABLE api_key (
    city_id    smallint NOT NULL REFERENCES city,
    key_id     uuid NOT NULL DEFAULT uuidv7(),
    key_hash   bytea NOT NULL CHECK (octet_length(key_hash) = 32),
    role       text NOT NULL CHECK (role IN ('reporter', 'moderator', 'dispatcher', 'unit', 'crew', 'callback', 'appeals',
                                             'intake', 'operator', 'admin')),
    unit       text,
    area       text,
    pseudonym  text NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (city_id, key_id),
    UNIQUE (city_id, key_hash)
);

-- Who reports: a token nobody can read back, or a key. The pseudonym stands in the audit log; without this row it leads nowhere.
CREATE TABLE reporter (
    city_id     smallint NOT NULL REFERENCES city,
    reporter_id uuid NOT NULL DEFAULT uuidv7(),
    token_hash  bytea CHECK (octet_length(token_hash) = 32),
    key_id      uuid,
    verified_at timestamptz,
    pseudonym   text NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (city_id, reporter_id),
    UNIQUE (city_id, token_hash),
    UNIQUE (city_id, key_id),
    FOREIGN KEY (city_id, key_id) REFERENCES api_key,
    CHECK (num_nonnulls(token_hash, key_id) = 1)
);

-- A place with a weight of evidence; never an edge id, a rebuilt map finds the place again.
CREATE TABLE barrier (
    city_id     smallint NOT NULL REFERENCES city,
    barrier_id  uuid NOT NULL DEFAULT uuidv7(),
    kind        text NOT NULL,
    kind_group  text NOT NULL,
    severity    smallint NOT NULL CHECK (severity BETWEEN 1 AND 4),
    place       point NOT NULL,
    geometry    jsonb NOT NULL,
    bounds      box NOT NULL,
    level       real,
    street      text,
    starts_at   timestamptz,
    ends_at     timestamptz,
    measured    jsonb NOT NULL DEFAULT '{}',
    standing    text NOT NULL CHECK (standing IN ('suspected', 'confirmed', 'cleared', 'expired', 'refuted')),
    blocks      boolean NOT NULL DEFAULT false,
    active      boolean NOT NULL DEFAULT false,
    hidden      boolean NOT NULL DEFAULT false,
    next_check  timestamptz,
    reports     integer NOT NULL DEFAULT 0,
    still_there integer NOT NULL DEFAULT 0,
    gone        integer NOT NULL DEFAULT 0,
    unsure      integer NOT NULL DEFAULT 0,
    revision    bigint NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (city_id, barrier_id),
    CHECK (ends_at IS NULL OR starts_at IS NULL OR starts_at < ends_at)
);
CREATE INDEX barrier_bounds ON barrier USING gist (bounds);
CREATE INDEX barrier_revision ON barrier (city_id, revision);
CREATE INDEX barrier_next_check ON barrier (city_id, next_check) WHERE next_check IS NOT NULL;

CREATE TABLE closure (
    city_id    smallint NOT NULL,
    barrier_id uuid NOT NULL,
    reason     text NOT NULL,
    key_id     uuid NOT NULL,
    PRIMARY KEY (city_id, barrier_id),
    FOREIGN KEY (city_id, barrier_id) REFERENCES barrier,
    FOREIGN KEY (city_id, key_id) REFERENCES api_key
);

-- What moderators did to a barrier and why. The reason is for moderators; the audit log holds a commitment to it.
CREATE TABLE moderation (
    city_id       smallint NOT NULL,
    barrier_id    uuid NOT NULL,
    moderation_id uuid NOT NULL DEFAULT uuidv7(),
    at            timestamptz NOT NULL,
    action        text NOT NULL CHECK (action IN ('confirm', 'refute', 'hide', 'unhide')),
    reason        text CHECK (char_length(reason) <= 500),
    reason_salt   bytea,
    pseudonym     text NOT NULL,
    PRIMARY KEY (city_id, barrier_id, moderation_id),
    FOREIGN KEY (city_id, barrier_id) REFERENCES barrier
);

-- Everything anybody ever said about a barrier; standing() reads it whole. A changed vote is a further row.
CREATE TABLE evidence (
    city_id      smallint NOT NULL,
    barrier_id   uuid NOT NULL,
    evidence_id  uuid NOT NULL DEFAULT uuidv7(),
    kind         text NOT NULL CHECK (kind IN ('report', 'still_there', 'gone', 'unsure', 'confirm', 'refute', 'crew_photo',
                                               'closed', 'opened', 'callback_fixed', 'withdrawn')),
    at           timestamptz NOT NULL,
    reporter_id  uuid NOT NULL,
    weight       text NOT NULL CHECK (weight IN ('unverified', 'verified', 'authority')),
    severity     smallint,
    measured     jsonb NOT NULL DEFAULT '{}',
    starts_at    timestamptz,
    ends_at      timestamptz,
    blocks       boolean NOT NULL DEFAULT false,
    network_hash bytea,
    PRIMARY KEY (city_id, barrier_id, evidence_id),
    FOREIGN KEY (city_id, barrier_id) REFERENCES barrier,
    FOREIGN KEY (city_id, reporter_id) REFERENCES reporter
);
CREATE INDEX evidence_blocks ON evidence (city_id, at) WHERE blocks;

CREATE SEQUENCE complaint_number;

CREATE TABLE complaint (
    city_id      smallint NOT NULL REFERENCES city,
    complaint_id uuid NOT NULL DEFAULT uuidv7(),
    number       text NOT NULL,
    barrier_id   uuid NOT NULL,
    reporter_id  uuid NOT NULL,
    kind         text NOT NULL,
    place        point NOT NULL,
    state        text NOT NULL CHECK (state IN ('submitted', 'accepted', 'rejected', 'merged', 'dispatched', 'disputed',
                                                'coordinating', 'responded', 'in_progress', 'suspended', 'fixed_claimed',
                                                'callback', 'partly_fixed', 'resolved', 'reopened', 'not_feasible',
                                                'withdrawn')),
    open         boolean NOT NULL GENERATED ALWAYS AS (state NOT IN ('rejected', 'merged', 'resolved', 'not_feasible',
                                                                     'withdrawn')) STORED,
    flags        text[] NOT NULL DEFAULT '{}' CHECK (flags <@ ARRAY['appealed', 'hidden']),
    class        text NOT NULL CHECK (class IN ('P0', 'P1', 'P2', 'P3')),
    class_reason text NOT NULL,
    area         text,
    unit         text,
    escalation   smallint NOT NULL DEFAULT 0,
    submitted_at timestamptz NOT NULL,
    expected_at  timestamptz,
    callback_at  timestamptz,
    version      integer NOT NULL DEFAULT 1 CHECK (version > 0),
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (city_id, complaint_id),
    UNIQUE (city_id, number),
    FOREIGN KEY (city_id, barrier_id) REFERENCES barrier,
    FOREIGN KEY (city_id, reporter_id) REFERENCES reporter
);
CREATE UNIQUE INDEX complaint_one_open ON complaint (city_id, barrier_id) WHERE open;
CREATE INDEX complaint_unit ON complaint (city_id, unit, complaint_id) WHERE open;

-- The note is salted so that the audit log can hold a commitment to it and forget it with this row.
CREATE TABLE report (
    city_id      smallint NOT NULL,
    report_id    uuid NOT NULL,
    barrier_id   uuid NOT NULL,
    complaint_id uuid NOT NULL,
    reporter_id  uuid NOT NULL,
    kind         text NOT NULL,
    severity     smallint NOT NULL,
    place        point NOT NULL,
    level        real,
    note         text CHECK (char_length(note) <= 2000),
    note_salt    bytea,
    channel      text,
    on_behalf    boolean NOT NULL DEFAULT false,
    at           timestamptz NOT NULL,
    PRIMARY KEY (city_id, report_id),
    FOREIGN KEY (city_id, barrier_id) REFERENCES barrier,
    FOREIGN KEY (city_id, complaint_id) REFERENCES complaint,
    FOREIGN KEY (city_id, reporter_id) REFERENCES reporter
);
CREATE INDEX report_complaint ON report (city_id, complaint_id);
CREATE INDEX report_reporter ON report (city_id, reporter_id);

-- The only place for names, mail and phone; the server may write here and not read.
CREATE TABLE contact (
    city_id    smallint NOT NULL,
    report_id  uuid NOT NULL,
    name       text,
    email      text,
    phone      text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (city_id, report_id),
    FOREIGN KEY (city_id, report_id) REFERENCES report
);

CREATE TABLE complaint_step (
    city_id      smallint NOT NULL,
    complaint_id uuid NOT NULL,
    version      integer NOT NULL,
    at           timestamptz NOT NULL,
    step         text NOT NULL,
    role         text NOT NULL,
    from_state   text,
    to_state     text NOT NULL,
    text         text,
    text_public  boolean NOT NULL DEFAULT false,
    fields       jsonb NOT NULL DEFAULT '{}',
    pseudonym    text NOT NULL,
    PRIMARY KEY (city_id, complaint_id, version),
    FOREIGN KEY (city_id, complaint_id) REFERENCES complaint
);

-- One answer per reporter and round; a round is the version at which the callback was opened.
CREATE TABLE callback_answer (
    city_id      smallint NOT NULL,
    complaint_id uuid NOT NULL,
    round        integer NOT NULL,
    reporter_id  uuid NOT NULL,
    answer       text NOT NULL CHECK (answer IN ('fixed', 'partly', 'not_fixed')),
    satisfaction smallint NOT NULL CHECK (satisfaction BETWEEN 1 AND 5),
    pressured    boolean NOT NULL DEFAULT false,
    counted      boolean NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (city_id, complaint_id, round, reporter_id),
    FOREIGN KEY (city_id, complaint_id) REFERENCES complaint,
    FOREIGN KEY (city_id, reporter_id) REFERENCES reporter
);

CREATE TABLE crew_claim (
    city_id      smallint NOT NULL,
    complaint_id uuid NOT NULL,
    unit         text NOT NULL,
    key_id       uuid NOT NULL,
    until        timestamptz NOT NULL,
    PRIMARY KEY (city_id, complaint_id),
    FOREIGN KEY (city_id, complaint_id) REFERENCES complaint,
    FOREIGN KEY (city_id, key_id) REFERENCES api_key
);

-- Which barriers changed for routing at which revision: what every worker and every event stream reads.
CREATE TABLE change (
    city_id    smallint NOT NULL,
    revision   bigint NOT NULL,
    barrier_id uuid NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (city_id, revision, barrier_id),
    FOREIGN KEY (city_id, barrier_id) REFERENCES barrier
);

-- The answer to a creating POST, kept a day; it never holds a token, tokens are computed again.
CREATE TABLE idempotency (
    city_id     smallint NOT NULL REFERENCES city,
    bearer_hash bytea NOT NULL,
    endpoint    text NOT NULL,
    key         text NOT NULL,
    body_hash   bytea NOT NULL,
    answer      jsonb,
    at          timestamptz NOT NULL,
    PRIMARY KEY (city_id, bearer_hash, endpoint, key)
);
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE limit_counter (
    city_id      smallint NOT NULL REFERENCES city,
    scope        text NOT NULL,
    subject      bytea NOT NULL,
    window_start timestamptz NOT NULL,
    used         integer NOT NULL,
    PRIMARY KEY (city_id, scope, subject)
);

CREATE TABLE outbox (
    city_id      smallint NOT NULL REFERENCES city,
    outbox_id    uuid NOT NULL DEFAULT uuidv7(),
    type         text NOT NULL,
    at           timestamptz NOT NULL,
    data         jsonb NOT NULL,
    delivered_at timestamptz,
    PRIMARY KEY (city_id, outbox_id)
);
CREATE INDEX outbox_waiting ON outbox (city_id, outbox_id) WHERE delivered_at IS NULL;

CREATE TABLE audit (
    city_id         smallint NOT NULL REFERENCES city,
    seq             bigint NOT NULL CHECK (seq > 0),
    case_id         uuid NOT NULL,
    at              timestamptz NOT NULL,
    actor_pseudonym text NOT NULL,
    role            text NOT NULL,
    action          text NOT NULL,
    from_state      text,
    to_state        text,
    payload         text NOT NULL,
    commitment      bytea,
    prev_hash       bytea NOT NULL,
    hash            bytea NOT NULL,
    PRIMARY KEY (city_id, seq)
);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END
$$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

GRANT USAGE ON SCHEMA stepfree TO stepfree_app, stepfree_contact;
GRANT SELECT ON city, migration TO stepfree_app;
GRANT SELECT, UPDATE ON revision TO stepfree_app;
GRANT SELECT, INSERT, UPDATE ON api_key, reporter, barrier, closure, complaint, crew_claim, outbox TO stepfree_app;
GRANT SELECT, INSERT ON moderation, evidence, report, complaint_step, callback_answer, change, audit TO stepfree_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency, limit_counter TO stepfree_app;
GRANT USAGE ON SEQUENCE complaint_number TO stepfree_app;
GRANT INSERT ON contact TO stepfree_app;
GRANT SELECT, DELETE ON contact TO stepfree_contact;
