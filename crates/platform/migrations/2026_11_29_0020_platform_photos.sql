-- What is seen on each photo, by which it is known again: SHA-256 of its upright pixels, whatever file they came in. The
-- commitment in the file's event is SHA-256(salt ‖ sha256); the salt is a hash of the file's own, which it does not tell.
-- The row outlives a file that was erased, so that it is refused as proof again: a hash shows nothing of what is on a photo.
CREATE TABLE platform_file_seen (
    city_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    salt {bytes} NOT NULL,
    sha256 {bytes} NOT NULL,
    PRIMARY KEY (city_id, id)
);

-- Which uploads show the same?
CREATE INDEX platform_file_seen_sha256 ON platform_file_seen (city_id, sha256);

-- Prints of photos, by which pictures that look alike are found: four rows each, one per quarter of its 64 bits (`part` is
-- the number of the quarter times 65,536 and its bits). Of two prints that differ in three bits, one quarter is the same.
-- A hint that decides nothing: verification does not look at it. It goes with its file.
CREATE TABLE platform_file_print (
    city_id BIGINT NOT NULL,
    part INTEGER NOT NULL,
    id BIGINT NOT NULL,
    print BIGINT NOT NULL,
    PRIMARY KEY (city_id, part, id)
);

-- The prints of one file.
CREATE INDEX platform_file_print_file ON platform_file_print (city_id, id);

-- The mark of the photo store that holds the files of a city. It stands in the store as well: another store is refused.
CREATE TABLE platform_file_store (
    city_id BIGINT NOT NULL PRIMARY KEY,
    mark TEXT NOT NULL
);
