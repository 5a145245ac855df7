-- What every context stands on: lanes, journal, cursors, timers, idempotency keys, users, sessions, files.
-- Types: BIGINT, INTEGER, TEXT, BOOLEAN, DOUBLE PRECISION, {bytes} (docs/sql-floor.md). Keys come from the application.

CREATE TABLE platform_lane (
    city_id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    policy_version BIGINT NOT NULL
);

CREATE TABLE platform_counter (
    city_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (city_id, name)
);

CREATE TABLE platform_server (
    number BIGINT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until_at BIGINT NOT NULL
);

CREATE TABLE platform_journal (
    city_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    stream TEXT NOT NULL,
    stream_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    v INTEGER NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    body TEXT NOT NULL,
    alg INTEGER NOT NULL,
    prev_hash {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    PRIMARY KEY (city_id, seq)
);

CREATE UNIQUE INDEX platform_journal_stream ON platform_journal (city_id, stream, stream_id, version);

CREATE TABLE platform_cursor (
    city_id BIGINT NOT NULL,
    consumer TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (city_id, consumer)
);

CREATE TABLE platform_parked (
    city_id BIGINT NOT NULL,
    consumer TEXT NOT NULL,
    seq BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    error TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (city_id, consumer, seq)
);

CREATE TABLE platform_timer (
    city_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    stream_id BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (city_id, kind, stream_id, due_at)
);

CREATE INDEX platform_timer_due ON platform_timer (city_id, due_at);

CREATE TABLE platform_idempotency (
    city_id BIGINT NOT NULL,
    key_hash {bytes} NOT NULL,
    body_hash {bytes} NOT NULL,
    answer {bytes} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (city_id, key_hash)
);

CREATE INDEX platform_idempotency_age ON platform_idempotency (city_id, at);

CREATE TABLE platform_user (
    city_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    login TEXT NOT NULL,
    name_sealed {bytes} NOT NULL,
    name_salt {bytes} NOT NULL,
    password TEXT NOT NULL,
    unit_id BIGINT,
    disabled BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    head_hash {bytes} NOT NULL,
    PRIMARY KEY (city_id, id)
);

CREATE UNIQUE INDEX platform_user_login ON platform_user (city_id, login);

CREATE TABLE platform_grant (
    city_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    area_from BIGINT NOT NULL,
    area_to BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    PRIMARY KEY (city_id, user_id, role, area_from, area_to, unit_id)
);

CREATE TABLE platform_session (
    token_hash {bytes} NOT NULL PRIMARY KEY,
    city_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);

CREATE INDEX platform_session_user ON platform_session (city_id, user_id);

CREATE TABLE platform_file (
    city_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    state TEXT NOT NULL,
    token_hash {bytes} NOT NULL,
    salt {bytes} NOT NULL,
    original_sha256 {bytes} NOT NULL,
    media_type TEXT NOT NULL,
    original_bytes BIGINT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    view_sha256 {bytes},
    thumb_sha256 {bytes},
    taken_at BIGINT,
    taken_lng DOUBLE PRECISION,
    taken_lat DOUBLE PRECISION,
    refused TEXT,
    attached BOOLEAN NOT NULL,
    received_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    head_hash {bytes} NOT NULL,
    PRIMARY KEY (city_id, id)
);

CREATE INDEX platform_file_work ON platform_file (city_id, state, received_at);
CREATE INDEX platform_file_loose ON platform_file (city_id, attached, received_at);
CREATE INDEX platform_file_original ON platform_file (city_id, original_sha256);
