-- Cases: one state row each, with the columns that lists filter and sort by, and the erasable rows beside it.

-- `body` is the whole aggregate (model::Case) as JSON; every other column is derived from it (store/row.rs), so that
-- verification compares all of them with the replayed history. `clock`, `due_at`, `overran` are of the clock that runs
-- now and absent on closed and refused cases. `town` is the town of `area` (the city, where it is of no town): a range of
-- areas cannot be sought by together with an order. `photo_id` is the first photo of the report, for lists.
CREATE TABLE cases_case (
    city_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    number TEXT NOT NULL,
    state TEXT NOT NULL,
    source TEXT NOT NULL,
    class TEXT NOT NULL,
    area BIGINT NOT NULL,
    town BIGINT NOT NULL,
    cell_id BIGINT,
    unit_id BIGINT,
    clock TEXT,
    due_at BIGINT,
    overran BOOLEAN NOT NULL,
    reported_at BIGINT NOT NULL,
    closed_at BIGINT,
    verdict TEXT,
    photo_id BIGINT,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    head_hash {bytes} NOT NULL,
    PRIMARY KEY (city_id, id)
);

-- By number, as people quote it, whole or its beginning.
CREATE UNIQUE INDEX cases_case_number ON cases_case (city_id, number);
-- Everything live, what burns first: queues, inboxes, what is open or overdue anywhere, the running map. Only live cases
-- have a deadline, so this index stays small for ever; it carries every column that these lists filter by.
CREATE INDEX cases_case_live ON cases_case
    (city_id, due_at, id, state, area, unit_id, cell_id, class, source) WHERE due_at IS NOT NULL;
-- The same for the inbox of a unit.
CREATE INDEX cases_case_live_unit ON cases_case
    (city_id, unit_id, due_at, id, state, area, class, source) WHERE due_at IS NOT NULL;
-- Everything, newest first, filtered without touching the rows.
CREATE INDEX cases_case_reported ON cases_case
    (city_id, reported_at, id, due_at, state, area, unit_id, cell_id, class, source);
-- What was closed on a day.
CREATE INDEX cases_case_closed ON cases_case (city_id, closed_at, id) WHERE closed_at IS NOT NULL;
-- What is done in an area, to be counted: a row comes in here once, when its case is closed or refused. `due_at` says
-- nothing here, but without it SQLite does not see that it needs no row.
CREATE INDEX cases_case_done ON cases_case (city_id, area, state, unit_id, due_at) WHERE due_at IS NULL;
-- The history of a cell, newest first.
CREATE INDEX cases_case_cell ON cases_case (city_id, cell_id, reported_at, id);
-- The history of a town, of a unit, of one kind of problem, and what ended in one way, newest first. Each carries what
-- the others seek by: whatever else a list asks for, it is looked for in one of them, and rows are read only for the page.
CREATE INDEX cases_case_town ON cases_case
    (city_id, town, reported_at, id, state, area, unit_id, class, source, due_at);
CREATE INDEX cases_case_unit ON cases_case
    (city_id, unit_id, reported_at, id, state, town, area, class, source, due_at) WHERE unit_id IS NOT NULL;
CREATE INDEX cases_case_class ON cases_case
    (city_id, class, reported_at, id, state, town, area, unit_id, source, due_at);
CREATE INDEX cases_case_state ON cases_case
    (city_id, state, reported_at, id, town, area, unit_id, class, source, due_at);

-- What people wrote and where exactly it is. `version` is the event that commits to it: SHA-256(salt ‖ text).
-- Names and phones are sealed; the rest is plain. Erasing deletes the row.
CREATE TABLE cases_text (
    city_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    field TEXT NOT NULL,
    salt {bytes} NOT NULL,
    content {bytes} NOT NULL,
    PRIMARY KEY (city_id, case_id, version, field)
);

-- Photos of a case. The commitment in the event is SHA-256(salt ‖ original_sha256).
CREATE TABLE cases_photo (
    city_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    file_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    role TEXT NOT NULL,
    position INTEGER NOT NULL,
    salt {bytes} NOT NULL,
    original_sha256 {bytes} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (city_id, case_id, file_id)
);

-- Was the same original used before, and where?
CREATE INDEX cases_photo_original ON cases_photo (city_id, original_sha256, at);

-- Receipts: the code itself is only with the reporter. The commitment in the event is SHA-256(salt ‖ code_hash).
CREATE TABLE cases_receipt (
    city_id BIGINT NOT NULL,
    code_hash {bytes} NOT NULL,
    case_id BIGINT NOT NULL,
    salt {bytes} NOT NULL,
    PRIMARY KEY (city_id, code_hash)
);

CREATE INDEX cases_receipt_case ON cases_receipt (city_id, case_id);
