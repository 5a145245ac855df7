-- The hall. Every record (place, unit, cell, row of the responsibility list …) is a small document: its row holds the
-- text that its last event carried, so that the row can be held against the journal byte for byte. The records of a
-- city are few thousand, are read whole into memory, and are never searched by SQL.
CREATE TABLE org_record (
    city_id BIGINT NOT NULL,
    -- place, unit, cell, row …
    kind TEXT NOT NULL,
    id BIGINT NOT NULL,
    -- What people call it, unique among the standing records of a kind; null once the record was removed.
    code TEXT,
    -- JSON. Of a removed record, the last that it was.
    doc TEXT NOT NULL,
    removed BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    head_hash {bytes} NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (city_id, kind, id)
);
CREATE UNIQUE INDEX org_record_by_code ON org_record (city_id, kind, code);

-- What is personal about a member of staff. Erasing him deletes the row, and with it the salt of his commitments.
CREATE TABLE org_person (
    city_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    salt {bytes} NOT NULL,
    -- Sealed with the key of the installation.
    name_sealed {bytes} NOT NULL,
    phone_sealed {bytes},
    PRIMARY KEY (city_id, id)
);

-- A workbook that was read in, and what became of it.
CREATE TABLE org_import (
    city_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    -- units, people, matrix
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    -- reading, preview, applying, applied, undoing, undone
    state TEXT NOT NULL,
    -- Rows of the sheet.
    row_count INTEGER NOT NULL,
    add_count INTEGER NOT NULL,
    change_count INTEGER NOT NULL,
    remove_count INTEGER NOT NULL,
    -- JSON: [{cell, code, params}].
    errors TEXT NOT NULL,
    -- Policy version that the preview was made against.
    policy_version BIGINT NOT NULL,
    -- How many of its changes are done, while it is being applied or undone.
    done_count INTEGER NOT NULL,
    -- Who read it in, and who turned its state last.
    made_at BIGINT NOT NULL,
    made_by BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by BIGINT NOT NULL,
    PRIMARY KEY (city_id, id)
);
CREATE INDEX org_import_by_state ON org_import (city_id, state);

-- One change of a workbook, in the order in which it is done. Deleted when it cannot be taken back any more.
CREATE TABLE org_import_change (
    city_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    n INTEGER NOT NULL,
    record_kind TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    -- Version of the record before (0: it was not there) and, once applied, after.
    version_before BIGINT NOT NULL,
    version_after BIGINT,
    -- Sealed JSON of the change and of what was there before; sealed, because people are in it.
    content {bytes} NOT NULL,
    PRIMARY KEY (city_id, import_id, n)
);
